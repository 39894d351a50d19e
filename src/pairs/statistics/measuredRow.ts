import { styleHasher } from '../contentHash';
import { textOf } from '../formats/text';
import type { Hash } from '../hasher';
import type { Pair } from '../pair';
import { sidesOfList } from '../pairRule';
import { at } from '../../base/pure/must';
import { type LabelField, labelsOf } from '../query/labels';
import { numberOf } from '../query/measures';
import { pairsToQuery, parsedRow, type QueriedRow } from '../query/queriedRow';
import { firstWords } from '../query/startOf';
import type { AnsweredRow, PairResult } from '../readPair';
import { TextPrint } from '../duplicates/textPrint';
import { isRecord } from '../../base/pure/isRecord';
import { hashesOf } from '../rowReport';
import { featuresOf } from './features';
import { asNumber } from '../compare/rowHash';

/** The numbers of a row with answers, as the filter computes them; NaN for one that it lacks. */
export const numberNames = ['prompt', 'chosen', 'rejected', 'gap', 'turns', 'scoreChosen', 'scoreRejected'] as const;
export type NumberName = (typeof numberNames)[number];

/** The fields of the filter whose values are counted. */
export const labelNames = [
  'model',
  'source',
  'lang',
  'script',
  'format',
  'kind',
] as const satisfies readonly LabelField[];
export type LabelName = (typeof labelNames)[number];

/** The first words that are counted, of an answer and with their number. */
export const startNames = ['chosen1', 'rejected1', 'chosen3', 'rejected3'] as const;
export type StartName = (typeof startNames)[number];

/** What statistics need of a row with answers. */
export interface MeasuredRow {
  readonly numbers: readonly number[];
  readonly labels: readonly (readonly string[])[];
  /** Null for an answer that has no such words, and for one that is missing. */
  readonly starts: readonly (string | null)[];
  /** The numbers in columns of the row, by key. */
  readonly columns: readonly (readonly [key: string, value: number])[];
  /** Hashes of the content: as the check `duplicate` compares it, and by its words. */
  readonly exact: number;
  readonly words: number;
  readonly isTie: boolean;
  /** The differences of the features; null unless the row has two answers of which one is better. */
  readonly features: readonly number[] | null;
  /** The hash of the prompt; of the whole row if it has no prompt, so that such rows are not one group. */
  readonly asked: number;
}

const numbers = {
  prompt: { kind: 'measure', field: 'len', of: { kind: 'side', side: 'prompt' } },
  chosen: { kind: 'measure', field: 'len', of: { kind: 'side', side: 'chosen' } },
  rejected: { kind: 'measure', field: 'len', of: { kind: 'side', side: 'rejected' } },
  gap: { kind: 'measure', field: 'gap', of: null },
  turns: { kind: 'measure', field: 'turns', of: null },
  scoreChosen: { kind: 'measure', field: 'score', of: { kind: 'side', side: 'chosen' } },
  scoreRejected: { kind: 'measure', field: 'score', of: { kind: 'side', side: 'rejected' } },
} as const;

const print = new TextPrint();

/** Measures a row; null if it has no answers. Of a list, its first pair counts, as in the filter. */
export function measuredRow(row: QueriedRow): MeasuredRow | null {
  const { result } = row;
  const [pair] = pairsToQuery(result);
  if (!('format' in result) || !pair) return null;
  const texts = { chosen: textOf(pair.chosen), rejected: textOf(pair.rejected) };
  const exact = asNumber(hashesOf(result).own);
  const start = (side: 'chosen' | 'rejected', count: number): string | null => {
    const [first] = pair[side];
    return first ? firstWords(first.content, count) : null;
  };
  return {
    numbers: numberNames.map((name) => numberOf(row, numbers[name]) ?? Number.NaN),
    labels: labelNames.map((name) => labelsOf(row, name)),
    starts: [start('chosen', 1), start('rejected', 1), start('chosen', 3), start('rejected', 3)],
    columns: numberColumns(row),
    exact,
    words: asNumber(wordsHash(pair, result)),
    isTie: pair.tie === true,
    features: isComparable(pair) ? differences(texts, positionIn(result)) : null,
    asked: pair.prompt.some(({ content }) => content !== '') ? asNumber(promptHash(pair)) : exact,
  };
}

function isComparable({ chosen, rejected, tie }: Pair): boolean {
  return tie !== true && chosen.length > 0 && rejected.length > 0;
}

function differences({ chosen, rejected }: { chosen: string; rejected: string }, position: number): number[] {
  const [a, b] = [featuresOf(chosen), featuresOf(rejected)];
  return [...a.map((value, i) => value - at(b, i)), position];
}

/** 1 if the chosen answer is the first one of the row, -1 if it is the second, 0 if the row has no order. */
function positionIn(result: AnsweredRow): number {
  if (result.kind === 'list') {
    const [sides] = sidesOfList(result.list, result.rule);
    return sides ? Math.sign(sides.rejected - sides.chosen) : 0;
  }
  const place = result.kind === 'pair' ? result.format.position?.(result.value) : undefined;
  return place === 'first' ? 1 : place === 'second' ? -1 : 0;
}

/** Top-level columns with a number. Booleans and texts do not count. */
function numberColumns(row: QueriedRow): (readonly [string, number])[] {
  const value = parsedRow(row);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, number]) =>
    typeof number === 'number' && Number.isFinite(number) ? [[key, number] as const] : [],
  );
}

function promptHash({ style, prompt }: Pair): Hash {
  const hasher = styleHasher(style);
  for (const { content } of prompt) hasher.text(content);
  return hasher.finished;
}

/** The hash of the words of all texts; case, punctuation and white space do not count. */
function wordsHash({ prompt, chosen, rejected }: Pair, result: PairResult): Hash {
  print.begin();
  const answers = result.kind === 'list' ? result.list.answers.map(({ turns }) => turns) : [chosen, rejected];
  for (const [i, turns] of [prompt, ...answers].entries()) {
    print.field(i);
    for (const { content } of turns) print.text(content);
    print.endField();
  }
  return print.wordsHash();
}
