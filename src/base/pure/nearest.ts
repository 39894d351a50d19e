import { at } from './must';

/**
 * The candidate that is fewest edits away from `word`, for "did you mean …?". Upper and lower case are equal, and so
 * are `-` and `_`. Null if every candidate is more edits away than a third of the word's letters, and more than 2.
 */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const limit = Math.max(2, Math.floor(word.length / 3));
  const [best] = candidates
    .map((candidate) => ({ candidate, edits: editDistance(normalise(word), normalise(candidate)) }))
    .filter(({ edits }) => edits <= limit)
    .sort((a, b) => a.edits - b.edits);
  return best?.candidate ?? null;
}

function normalise(word: string): string {
  return word.toLowerCase().replaceAll('-', '_');
}

/** The Levenshtein distance. Only one row of the table is kept. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, at(row, j) + 1, at(next, j - 1) + 1));
    }
    row = next;
  }
  return at(row, b.length);
}
