import { at } from '../../base/pure/must';
import { type Mark, verdicts } from '../marks/mark';
import { facetQuery } from '../query/facets';
import type { Bar, Chart } from './chart';
import type { Counts } from './measuredPage';
import { numberChart } from './numberChart';
import { rowsQuery } from './repeats';

/** What is known of the rows besides their content. */
export interface OtherCounts {
  readonly marks: VerdictCounts;
  /** A text says why tokens are not counted, in a sentence. */
  readonly tokens: TokenLengths | string;
}

export interface VerdictCounts {
  readonly verdicts: Counts;
  readonly reviewed: number;
  readonly flagged: number;
}

/** Tokens of rows as a trainer gets them; NaN for a side that the row does not have. */
export interface TokenLengths {
  /** The name of the model. */
  readonly model: string;
  /** Indices of the rows, from 0. */
  readonly rows: readonly number[];
  readonly prompt: readonly number[];
  readonly chosen: readonly number[];
  readonly rejected: readonly number[];
  /** Rows that the chat template or the tokenizer refuses. */
  readonly refused: number;
}

/** Counts the marks of rows. */
export class MarkTallies {
  private readonly verdicts = new Map<string, number>();
  private reviewed = 0;
  private flagged = 0;

  add(mark: Mark | null): void {
    if (mark === null) return;
    if (mark.flag) this.flagged++;
    if (mark.verdict === null) return;
    this.reviewed++;
    this.verdicts.set(mark.verdict, (this.verdicts.get(mark.verdict) ?? 0) + 1);
  }

  get counts(): VerdictCounts {
    return { verdicts: [...this.verdicts], reviewed: this.reviewed, flagged: this.flagged };
  }
}

/** A chart of what reviewers decided; null without a mark. */
export function markChart(rows: number, { verdicts: found, reviewed, flagged }: VerdictCounts): Chart | null {
  if (reviewed + flagged === 0) return null;
  const counts = new Map(found);
  const bar = (label: string, count: number, query: string): Bar => {
    return { label, from: null, to: null, counts: [count], queries: [query] };
  };
  return {
    id: 'marks',
    title: 'Marks',
    about: 'What reviewers decided.',
    kind: 'values',
    series: ['rows'],
    bars: [
      ...verdicts.map((verdict) => bar(verdict, counts.get(verdict) ?? 0, facetQuery('verdict', verdict))),
      bar('flagged', flagged, 'flag:yes'),
      bar('not reviewed', rows - reviewed, 'reviewed:no'),
    ],
    facts: [],
  };
}

/** Charts of the tokens of answers and prompts. The filter knows no tokens: a bar of few rows names them. */
export function tokenCharts(tokens: TokenLengths | string): Chart[] {
  if (typeof tokens === 'string') return [];
  const refused = tokens.refused > 0 ? ` ${tokens.refused.toLocaleString('en')} rows are refused by the model.` : '';
  const about = `As ${tokens.model} counts them for training: with its template and end tokens.${refused}`;
  const charts = [
    tokenChart({ id: 'tokens', title: 'Tokens of the answers', about }, tokens, ['chosen', 'rejected']),
    tokenChart({ id: 'promptTokens', title: 'Tokens of the prompt', about }, tokens, ['prompt']),
  ];
  return charts.filter((chart) => chart !== null);
}

/** The most rows that a query names. */
const mostNamed = 300;

function tokenChart(
  head: Pick<Chart, 'id' | 'title' | 'about'>,
  tokens: TokenLengths,
  sides: readonly ('prompt' | 'chosen' | 'rejected')[],
): Chart | null {
  const series = sides.map((name) => ({
    name,
    sum: '',
    values: Float64Array.from(tokens[name].filter((count) => !Number.isNaN(count))),
  }));
  const chart = numberChart(head, series, tokens.rows.length);
  return (
    chart && {
      ...chart,
      bars: chart.bars.map((bar) => ({
        ...bar,
        queries: sides.map((side, i) => (at(bar.counts, i) > mostNamed ? null : rowsIn(bar, tokens, side))),
      })),
    }
  );
}

function rowsIn({ from, to }: Bar, tokens: TokenLengths, side: 'prompt' | 'chosen' | 'rejected'): string | null {
  const isIn = (count: number): boolean =>
    from === to ? count === from : (from === null || count >= from) && (to === null || count < to);
  return rowsQuery(tokens.rows.filter((_, i) => isIn(at(tokens[side], i))));
}
