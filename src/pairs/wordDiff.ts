import { diffArrays } from 'diff';

export interface DiffRun {
  readonly text: string;
  /** `only`: this side alone has it. */
  readonly kind: 'same' | 'only';
}

export interface WordDiff {
  readonly chosen: readonly DiffRun[];
  readonly rejected: readonly DiffRun[];
  /** False where the texts were too large or too different: then only their common start and end count as the same. */
  readonly fine: boolean;
}

/** Words of both texts together, after their common start and end are taken off. The search itself is bounded below. */
const maxWords = 20_000;
/** Differing words after which Myers' O(n·d) search gives up, after some 100 ms. */
const maxDifferences = 1_000;

/** A word, one character of scripts that have no spaces between words, a run of spaces, or one other character. */
const word = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}\p{M}_]+|\s+|[^]/gu;

/** What two answers share, word by word. The texts of a side's runs, joined, are that side. */
export function wordDiff(chosen: string, rejected: string): WordDiff {
  const a = wordsOf(chosen);
  const b = wordsOf(rejected);
  const start = sharedLength(a, b, 0, (list, i) => list[i]);
  const end = sharedLength(a, b, start, (list, i) => list[list.length - 1 - i]);
  const middle = [a.slice(start, a.length - end), b.slice(start, b.length - end)] as const;
  const parts = middle[0].length + middle[1].length > maxWords ? undefined : diffArrays(...middle, { maxEditLength: maxDifferences });
  const side = (words: readonly string[], own: readonly string[], mine: 'removed' | 'added'): DiffRun[] =>
    merged([
      { text: words.slice(0, start).join(''), kind: 'same' },
      ...(parts ? parts.filter((part) => part[mine] || (!part.added && !part.removed)).map((part) => runOf(part.value, part[mine])) : [runOf(own, true)]),
      { text: words.slice(words.length - end).join(''), kind: 'same' },
    ]);
  return { chosen: side(a, middle[0], 'removed'), rejected: side(b, middle[1], 'added'), fine: parts !== undefined };
}

function wordsOf(text: string): readonly string[] {
  return text.match(word) ?? [];
}

/** How many words both lists share from one end, at most until one of them has only `taken` words left. */
function sharedLength(a: readonly string[], b: readonly string[], taken: number, at: (list: readonly string[], i: number) => string | undefined): number {
  const most = Math.min(a.length, b.length) - taken;
  let count = 0;
  while (count < most && at(a, count) === at(b, count)) count++;
  return count;
}

function runOf(words: readonly string[], only: boolean): DiffRun {
  return { text: words.join(''), kind: only ? 'only' : 'same' };
}

function merged(runs: readonly DiffRun[]): DiffRun[] {
  const out: DiffRun[] = [];
  for (const run of runs) {
    const last = out.at(-1);
    if (run.text === '') continue;
    if (last?.kind === run.kind) out[out.length - 1] = { text: last.text + run.text, kind: run.kind };
    else out.push(run);
  }
  return out;
}
