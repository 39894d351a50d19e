import { diffArrays } from 'diff';

export interface DiffRun {
  readonly text: string;
  /** `only`: this side alone has it. */
  readonly kind: 'same' | 'only';
}

export interface WordDiff {
  readonly chosen: readonly DiffRun[];
  readonly rejected: readonly DiffRun[];
}

/** Words of both texts together, after their common start and end are taken off. The search itself is bounded below. */
const maxWords = 20_000;
/** Differing words after which Myers' O(n·d) search gives up, after some 100 ms. */
const maxDifferences = 1_000;
/**
 * Share of letters and digits that two answers must have in common for a diff to be readable. Measured: of answers that
 * were written apart 95 % share at most 0.13 (hh-rlhf, harmless-base test) or 0.29 (LLaMA-Factory's DPO demos in
 * English and Chinese); of answers where one was rewritten into the other half share 0.72 or more (LLMs-from-scratch).
 */
export const minShared = 1 / 3;

/** A word, one character of scripts that have no spaces between words, a run of spaces, or one other character. */
const word = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}\p{M}_]+|\s+|[^]/gu;
const unread = /[\s\p{P}]/gu;

/** A stretch of words: in both texts, or the words of each where they differ. */
type Part = { readonly same: string } | { readonly chosen: string; readonly rejected: string };

/**
 * What two answers share, word by word. The texts of a side's runs, joined, are that side.
 * null where they share less than {@link minShared}, or are too long and too different to be compared.
 */
export function wordDiff(chosen: string, rejected: string): WordDiff | null {
  const parts = withoutChanceMatches(partsOf(wordsOf(chosen), wordsOf(rejected)));
  const shared = parts.reduce((sum, part) => sum + ('same' in part ? 2 * weight(part.same) : 0), 0);
  if (chosen !== rejected && shared < minShared * (weight(chosen) + weight(rejected))) return null;
  return { chosen: runsOf(parts, 'chosen'), rejected: runsOf(parts, 'rejected') };
}

function partsOf(a: readonly string[], b: readonly string[]): Part[] {
  const start = sharedLength(a, b, 0, (list, i) => list[i]);
  const end = sharedLength(a, b, start, (list, i) => list[list.length - 1 - i]);
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const isLong = left.length + right.length > maxWords;
  const middle = isLong ? undefined : diffArrays(left, right, { maxEditLength: maxDifferences });
  const found = (middle ?? []).map(({ value, added, removed }): Part => {
    const text = value.join('');
    return added ? { chosen: '', rejected: text } : removed ? { chosen: text, rejected: '' } : { same: text };
  });
  const between = middle ? found : [{ chosen: left.join(''), rejected: right.join('') }];
  return joined([{ same: a.slice(0, start).join('') }, ...between, { same: a.slice(a.length - end).join('') }]);
}

/**
 * Words that are the same by chance, between two longer differences, are marked with them: one stretch reads better
 * than its words (Fraser's "semantic cleanup", diff-match-patch).
 */
function withoutChanceMatches(parts: readonly Part[]): Part[] {
  return joined(
    parts.map((part, i) => {
      const [before, after] = [parts[i - 1], parts[i + 1]];
      if (!('same' in part) || !before || !after) return part;
      const size = weight(part.same);
      return size <= difference(before) && size <= difference(after)
        ? { chosen: part.same, rejected: part.same }
        : part;
    }),
  );
}

/** Letters and digits: what of a text one reads as the same or not. */
function weight(text: string): number {
  return text.replaceAll(unread, '').length;
}

function difference(part: Part): number {
  return 'same' in part ? 0 : Math.max(weight(part.chosen), weight(part.rejected));
}

function wordsOf(text: string): readonly string[] {
  return text.match(word) ?? [];
}

/** How many words both lists share from one end, at most until one of them has only `taken` words left. */
function sharedLength(
  a: readonly string[],
  b: readonly string[],
  taken: number,
  at: (list: readonly string[], i: number) => string | undefined,
): number {
  const most = Math.min(a.length, b.length) - taken;
  let count = 0;
  while (count < most && at(a, count) === at(b, count)) count++;
  return count;
}

/** Neighbours of one kind become one part; empty parts go. */
function joined(parts: readonly Part[]): Part[] {
  const out: Part[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if ('same' in part) {
      if (part.same === '') continue;
      if (last && 'same' in last) out[out.length - 1] = { same: last.same + part.same };
      else out.push(part);
    } else if (part.chosen === '' && part.rejected === '') continue;
    else if (last && !('same' in last)) {
      out[out.length - 1] = { chosen: last.chosen + part.chosen, rejected: last.rejected + part.rejected };
    } else out.push(part);
  }
  return out;
}

function runsOf(parts: readonly Part[], side: 'chosen' | 'rejected'): DiffRun[] {
  return parts
    .map((part): DiffRun => ('same' in part ? { text: part.same, kind: 'same' } : { text: part[side], kind: 'only' }))
    .filter(({ text }) => text !== '');
}
