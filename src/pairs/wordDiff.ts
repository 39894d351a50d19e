import { diffArrays } from 'diff';

/** Consecutive words of one side. */
export interface DiffRun {
  readonly text: string;
  /** `same`: both sides have this text; `only`: just this side. */
  readonly kind: 'same' | 'only';
}

export interface WordDiff {
  readonly chosen: readonly DiffRun[];
  readonly rejected: readonly DiffRun[];
}

/** Most words of both texts together, without their shared start and end, for which the diff is computed. */
const maxWords = 20_000;
/** Myers' O(n·d) search gives up after this many differing words, some 100 ms. */
const maxDifferences = 1_000;
/**
 * The share of letters and digits that two answers must have in common for a readable diff. Measured on answers that
 * were written independently: 95 % share at most 0.13 (hh-rlhf, harmless-base test) or 0.29 (LLaMA-Factory's DPO demos
 * in English and Chinese). Measured on rejected answers that are rewritten chosen ones: half share 0.72 or more
 * (LLMs-from-scratch).
 */
export const minShared = 1 / 3;

/** A word, one character of a script without spaces between words, a run of white space, or one other character. */
const word = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}\p{M}_]+|\s+|[^]/gu;
const notRead = /[\s\p{P}]/gu;

/** Consecutive words that both texts have, or the words of each text where they differ. */
type DiffPart = { readonly same: string } | { readonly chosen: string; readonly rejected: string };

/**
 * Compares two answers word by word (Myers 1986, "An O(ND) difference algorithm"). The texts of the runs of a side,
 * joined, are the answer.
 *
 * `wordDiff('I like tea.', 'I like coffee.')` has for `chosen` the runs `I like ` (same), `tea` (only) and `.` (same).
 *
 * @returns null if the answers share less than {@link minShared}, or are too long and too different to be compared
 */
export function wordDiff(chosen: string, rejected: string): WordDiff | null {
  const parts = withoutShortMatches(partsOf(wordsOf(chosen), wordsOf(rejected)));
  const shared = parts.reduce((sum, part) => sum + ('same' in part ? 2 * weight(part.same) : 0), 0);
  if (chosen !== rejected && shared < minShared * (weight(chosen) + weight(rejected))) return null;
  return { chosen: runsOf(parts, 'chosen'), rejected: runsOf(parts, 'rejected') };
}

function partsOf(a: readonly string[], b: readonly string[]): DiffPart[] {
  const start = sharedLength(a, b, 0, (list, i) => list[i]);
  const end = sharedLength(a, b, start, (list, i) => list[list.length - 1 - i]);
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const isLong = left.length + right.length > maxWords;
  const middle = isLong ? undefined : diffArrays(left, right, { maxEditLength: maxDifferences });
  const found = middle?.map(({ value, added, removed }): DiffPart => {
    const text = value.join('');
    return added ? { chosen: '', rejected: text } : removed ? { chosen: text, rejected: '' } : { same: text };
  });
  const between = found ?? [{ chosen: left.join(''), rejected: right.join('') }];
  return joined([{ same: a.slice(0, start).join('') }, ...between, { same: a.slice(a.length - end).join('') }]);
}

/**
 * Merges short equal words into the longer differences on both sides: one long difference is easier to read than many
 * short ones ("semantic cleanup" of Fraser's diff-match-patch).
 */
function withoutShortMatches(parts: readonly DiffPart[]): DiffPart[] {
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

/** Number of UTF-16 units that are not white space or punctuation: what a reader compares. */
function weight(text: string): number {
  return text.replaceAll(notRead, '').length;
}

function difference(part: DiffPart): number {
  return 'same' in part ? 0 : Math.max(weight(part.chosen), weight(part.rejected));
}

function wordsOf(text: string): readonly string[] {
  // An empty text has no words.
  return text.match(word) ?? [];
}

/** How many words both lists share from one end on; `taken` words of each list are not compared. */
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

/** Merges neighbours of one kind, and drops empty parts. */
function joined(parts: readonly DiffPart[]): DiffPart[] {
  const out: DiffPart[] = [];
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

function runsOf(parts: readonly DiffPart[], side: 'chosen' | 'rejected'): DiffRun[] {
  return parts
    .map((part): DiffRun => ('same' in part ? { text: part.same, kind: 'same' } : { text: part[side], kind: 'only' }))
    .filter(({ text }) => text !== '');
}
