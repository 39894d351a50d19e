import type { TextTokenizer } from '../model/tokenizer';
import { judgedOf, type JudgedAnswer } from '../pairs/judged';
import type { Pair } from '../pairs/pair';
import { pairsIn, whyNoPairs } from '../pairs/pairsIn';
import type { PairResult } from '../pairs/readPair';
import type { DropReason, RowTokens } from '../pairs/tokens/rowTokens';
import { rowProblem, sentenceOf } from './rowError';
import { rowErrors } from './rowErrors';
import type { RowMarks } from './rowMarks';
import {
  type JudgedTokens,
  tokenizeJudged,
  type TokenizeOptions,
  tokenizePair,
  type TokenizeResult,
} from './tokenizePair';
import { weightOf } from './weight';

export interface FateOptions extends TokenizeOptions {
  /** Whether the trainer takes single judged answers, and not pairs. */
  readonly judged: boolean;
  /** As in `LoadOptions`. */
  readonly marks: RowMarks | null;
}

/** What a trainer does with a pair or a judged answer. A prompt that fills `max_length` has tokens, but no answer. */
export type Fate =
  | {
      readonly kind: 'pair';
      readonly source: Pair;
      readonly tokens: TokenizeResult;
      readonly weight: number;
      readonly swapped: boolean;
    }
  | { readonly kind: 'judged'; readonly source: JudgedAnswer; readonly tokens: JudgedTokens; readonly weight: number }
  | { readonly kind: 'dropped'; readonly reason: DropReason; readonly why: string };

/**
 * What `loadPairs` or `loadJudged` would do with one row, by the same steps: one fate for each pair of a list, one for
 * any other row, none for a blank line.
 *
 * @throws MarginError `no-chat-template` | `no-eos-token` for the whole model
 */
export function fatesOf(result: PairResult, tokenizer: TextTokenizer, options: FateOptions): readonly Fate[] {
  if (result.kind === 'blank') return [];
  const [error] = rowErrors(result);
  if (error) return [dropped('error', sentenceOf(error))];
  if (options.judged) return [judgedFate(result, tokenizer, options)];
  const reason = whyNoPairs(result);
  if (reason !== null) return [dropped('error', reason)];
  const own = 'format' in result ? (weightOf(result).weight ?? 1) : 1;
  return pairsIn(result).map((pair) =>
    pairFate(pair, own, tokenizer, { ...options, marks: result.kind === 'pair' ? options.marks : null }),
  );
}

const dropped = (reason: DropReason, why: string): Fate => ({ kind: 'dropped', reason, why });

function pairFate(pair: Pair, own: number, tokenizer: TextTokenizer, options: FateOptions): Fate {
  if (pair.tie) return dropped('tie', 'None of its answers is better.');
  const marked = options.marks ? options.marks.apply(1, pair) : { pair, weight: null };
  if (marked === null) return dropped('marks', 'Its marks say that it is a tie, or that both answers are bad.');
  const { pair: source, weight } = marked;
  return attempt(() => ({
    kind: 'pair',
    source,
    tokens: tokenizePair(source, tokenizer, options),
    weight: weight ?? own,
    swapped: source !== pair,
  }));
}

function judgedFate(result: PairResult, tokenizer: TextTokenizer, options: FateOptions): Fate {
  const source = judgedOf(result);
  if (typeof source === 'string') return dropped('error', source);
  return attempt(() => ({
    kind: 'judged',
    source,
    tokens: tokenizeJudged(source, tokenizer, options),
    weight: source.weight ?? 1,
  }));
}

function attempt(work: () => Fate): Fate {
  try {
    return work();
  } catch (error) {
    return dropped('refused', sentenceOf(rowProblem(error)));
  }
}

/** Why a pair or answer is left out; null if it is trained on. */
export function dropOf(fate: Fate): DropReason | null {
  if (fate.kind === 'dropped') return fate.reason;
  const fits = fate.kind === 'pair' ? fate.tokens.pair !== null : fate.tokens.kept !== null;
  return fits ? null : 'long-prompt';
}

/** Sums up the fates of a row's pairs. A list counts as left out if all its pairs are. */
export function rowTokens(fates: readonly Fate[]): RowTokens {
  const drops = fates.map(dropOf);
  const [first = null] = drops;
  const kept = fates.filter((_, i) => drops[i] === null);
  const lengths = fates.flatMap(lengthOf);
  return {
    length: lengths.length === 0 ? null : Math.max(...lengths),
    lost: kept.reduce((sum, fate) => sum + lostOf(fate), 0),
    dropped: kept.length > 0 ? null : first,
  };
}

function lostOf(fate: Fate): number {
  if (fate.kind === 'dropped') return 0;
  return fate.kind === 'pair'
    ? fate.tokens.lost.chosen.length + fate.tokens.lost.rejected.length
    : fate.tokens.lost.length;
}

function lengthOf(fate: Fate): number[] {
  if (fate.kind === 'dropped') return [];
  const { prompt } = fate.tokens;
  if (fate.kind === 'judged') return [prompt.length + (fate.tokens.kept ?? []).length + fate.tokens.lost.length];
  const { pair, lost } = fate.tokens;
  const answers = [
    (pair?.chosen ?? []).length + lost.chosen.length,
    (pair?.rejected ?? []).length + lost.rejected.length,
  ];
  return [prompt.length + Math.max(...answers)];
}
