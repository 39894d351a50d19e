import type { LineTally } from '../reward/lineTally';

/** Quantiles of the tokens of rows: the prompt and the longer answer together. */
interface Lengths {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** How the rows of a file fit a model and `max_length`. */
export interface TokenReport {
  readonly pairs: number;
  /** The number of judged answers. */
  readonly judged: number;
  readonly tokens: Lengths;
  readonly max_length: number;
  /** Rows whose prompt alone fills `max_length`. */
  readonly left_out: LineTally;
  /** Answers that lose their end to `max_length`. */
  readonly truncated: LineTally;
  /** Answers before which the last tokens of the prompt are others than without the answer. */
  readonly mismatched: LineTally;
  /** Pairs whose two answers have the same tokens. */
  readonly same_tokens: LineTally;
  /** Rows that the model's chat template or tokenizer refuses. */
  readonly refused: LineTally;
}

/** Counts rows by their number of tokens. */
export class TokenCounts {
  private readonly counts = new Map<number, number>();
  private readonly kinds = { pairs: 0, judged: 0 };

  add(kind: 'pairs' | 'judged', tokens: number): void {
    this.kinds[kind]++;
    const before = this.counts.get(tokens);
    this.counts.set(tokens, before === undefined ? 1 : before + 1);
  }

  report(): Pick<TokenReport, 'pairs' | 'judged' | 'tokens'> {
    const rising = [...this.counts].sort(([a], [b]) => a - b);
    const total = this.kinds.pairs + this.kinds.judged;
    const quantile = (share: number): number => {
      let seen = 0;
      const found = rising.find(([, count]) => (seen += count) >= share * total);
      // A file without rows has the quantiles 0.
      return found === undefined ? 0 : found[0];
    };
    return { ...this.kinds, tokens: { p50: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99), max: quantile(1) } };
  }
}

/** The report as sentences; none for a file without rows. */
export function tokenLines(report: TokenReport): string[] {
  const {
    pairs,
    judged,
    tokens: { p50, p90, p99, max },
    left_out: leftOut,
    truncated,
    mismatched,
    same_tokens: same,
    refused,
  } = report;
  const counted = (tally: LineTally, what: string, one: string, many: string): string[] =>
    tally.count === 0 ? [] : [`${count(tally.count, what)} ${tally.count === 1 ? one : many}: ${tally.lineList}`];
  const lengths = `of ${p50} tokens (median), ${p90} (90%), ${p99} (99%), ${max} (longest); max_length ${report.max_length}`;
  const kinds = [...(pairs > 0 ? [count(pairs, 'pair')] : []), ...(judged > 0 ? [count(judged, 'judged answer')] : [])];
  return [
    ...(kinds.length > 0 ? [`${kinds.join(' and ')} ${lengths}`] : []),
    ...counted(refused, 'row', 'is refused by the model', 'are refused by the model'),
    ...counted(
      leftOut,
      'row',
      'is left out: its prompt fills max_length',
      'are left out: their prompts fill max_length',
    ),
    ...counted(truncated, 'answer', 'loses its end', 'lose their end'),
    ...counted(same, 'pair', 'has the same tokens on both sides', 'have the same tokens on both sides'),
    ...counted(mismatched, 'answer', 'changes the last tokens of its prompt', 'change the last tokens of their prompt'),
  ];
}

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
