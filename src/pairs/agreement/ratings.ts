import { at, must } from '../../base/pure/must';

/** What an annotator said of an item. */
export type Label = string | number | boolean;

/** What several annotators said of the same items: a row of a file, or one dimension of it. */
export interface Ratings {
  readonly annotators: readonly string[];
  /** [items][annotators] null if the annotator said nothing. */
  readonly items: readonly (readonly (Label | null)[])[];
  /** The order of labels that are not all numbers, from low to high; null if they have none. */
  readonly order: readonly Label[] | null;
}

/** The labels of some ratings as indexes into their categories. */
export interface Coded {
  /** In their order: numbers ascending, texts by code unit unless the ratings give an order. */
  readonly categories: readonly Label[];
  /** Whether the categories have an order from low to high. */
  readonly ordered: boolean;
  /** Items with the same labels, once each: [annotators] the category, −1 for none. */
  readonly patterns: readonly (readonly number[])[];
  /** [patterns] the number of items. */
  readonly counts: readonly number[];
}

/** Codes labels as categories, and counts equal items together. */
export function coded({ items, order }: Ratings): Coded {
  const found = new Set(items.flatMap((labels) => labels.filter((label) => label !== null)));
  const ordered = order !== null || [...found].every((label) => typeof label === 'number');
  const place = (label: Label): number => (order === null ? 0 : order.indexOf(label));
  const categories = [...found].sort((a, b) => place(a) - place(b) || compareLabels(a, b));
  const indexes = new Map(categories.map((label, i) => [label, i]));
  const patterns = new Map<string, { readonly codes: readonly number[]; count: number }>();
  for (const labels of items) {
    const codes = labels.map((label) => (label === null ? -1 : must(indexes.get(label), 'the index of a label')));
    const name = codes.join();
    const known = patterns.get(name);
    if (known) known.count++;
    else patterns.set(name, { codes, count: 1 });
  }
  const all = [...patterns.values()];
  return { categories, ordered, patterns: all.map(({ codes }) => codes), counts: all.map(({ count }) => count) };
}

function compareLabels(a: Label, b: Label): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [one, other] = [String(a), String(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

/**
 * How often two annotators gave which labels.
 *
 * @returns [categories][categories] rows are the labels of `one`, columns those of `other`; only items with both count
 */
export function confusion(
  { categories, patterns }: Coded,
  counts: ArrayLike<number>,
  one: number,
  other: number,
): number[][] {
  const table = categories.map(() => categories.map(() => 0));
  for (const [i, codes] of patterns.entries()) {
    const [a, b] = [at(codes, one), at(codes, other)];
    if (a < 0 || b < 0) continue;
    const row = at(table, a);
    row[b] = at(row, b) + at(counts, i);
  }
  return table;
}
