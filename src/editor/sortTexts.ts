import { compareTexts } from '../pairs/query/sortKey';
import type { Slices } from './slices';

/** Texts that are sorted at once, which takes some milliseconds. */
const chunk = 1 << 10;

/** The place of each different text in their order. 100,000 texts take about a second, in slices. */
export async function ranksOf(texts: Iterable<string>, slices: Slices): Promise<ReadonlyMap<string, number>> {
  let parts: string[][] = [];
  const all = [...new Set(texts)];
  for (let from = 0; from < all.length; from += chunk) {
    await slices.breathe();
    parts.push(all.slice(from, from + chunk).sort(compareTexts));
  }
  while (parts.length > 1) {
    const merged: string[][] = [];
    for (let i = 0; i < parts.length; i += 2) merged.push(await mergedOf(parts[i] ?? [], parts[i + 1] ?? [], slices));
    parts = merged;
  }
  return new Map((parts[0] ?? []).map((text, rank) => [text, rank]));
}

async function mergedOf(left: readonly string[], right: readonly string[], slices: Slices): Promise<string[]> {
  const merged: string[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    if (merged.length % chunk === 0) await slices.breathe();
    const [a, b] = [left[i], right[j]];
    const takesLeft = a !== undefined && (b === undefined || compareTexts(a, b) <= 0);
    if (takesLeft) i++;
    else j++;
    merged.push((takesLeft ? a : b) as string);
  }
  return merged;
}
