import { at } from '../../base/pure/must';
import type { Counts, MeasuredPage } from './measuredPage';
import { mostColumns } from './measuredPage';

/** Joins what was measured of several pages. @param pages at least one */
export function joinPages(pages: readonly MeasuredPage[]): MeasuredPage {
  const sum = (of: (page: MeasuredPage) => number): number => pages.reduce((total, page) => total + of(page), 0);
  const first = at(pages, 0);
  return {
    rows: sum(({ rows }) => rows),
    ties: sum(({ ties }) => ties),
    numbers: first.numbers.map((_, i) => joinedFloats(pages.map(({ numbers }) => at(numbers, i)))),
    labels: first.labels.map((_, i) => joinCounts(pages.map(({ labels }) => at(labels, i)))),
    unlabelled: first.unlabelled.map((_, i) => sum(({ unlabelled }) => at(unlabelled, i))),
    starts: first.starts.map((_, i) => joinCounts(pages.map(({ starts }) => at(starts, i)))),
    columns: joinColumns(pages),
    row: joinedInts(pages.map(({ row }) => row)),
    exact: joinedFloats(pages.map(({ exact }) => exact)),
    words: joinedFloats(pages.map(({ words }) => words)),
    compared: joinedInts(pages.map(({ compared }) => compared)),
    features: joinedSingles(pages.map(({ features }) => features)),
    asked: joinedFloats(pages.map(({ asked }) => asked)),
    ...joinFirsts(pages),
  };
}

function joinCounts(lists: readonly Counts[]): Counts {
  const found = new Map<string, number>();
  for (const list of lists) for (const [text, count] of list) found.set(text, (found.get(text) ?? 0) + count);
  return [...found];
}

function joinFirsts(pages: readonly MeasuredPage[]): Pick<MeasuredPage, 'firstWords' | 'firsts'> {
  const places = new Map<string, number>();
  const parts = pages.map(({ firstWords, firsts }) => {
    const own = firstWords.map((word) => {
      const place = places.get(word) ?? places.size;
      places.set(word, place);
      return place;
    });
    return firsts.map((place) => (place < 0 ? place : at(own, place)));
  });
  return { firstWords: [...places.keys()], firsts: joinedInts(parts) };
}

function joinColumns(pages: readonly MeasuredPage[]): MeasuredPage['columns'] {
  const keys = [...new Set(pages.flatMap(({ columns }) => columns.map(([key]) => key)))].slice(0, mostColumns);
  return keys.map((key) => {
    const parts = pages.flatMap(({ columns }) => columns.filter(([own]) => own === key).map(([, values]) => values));
    return [key, joinedFloats(parts)];
  });
}

function joinedFloats(parts: readonly Float64Array[]): Float64Array<ArrayBuffer> {
  return filled(new Float64Array(lengthOf(parts)), parts);
}

function joinedSingles(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  return filled(new Float32Array(lengthOf(parts)), parts);
}

function joinedInts(parts: readonly Int32Array[]): Int32Array<ArrayBuffer> {
  return filled(new Int32Array(lengthOf(parts)), parts);
}

function lengthOf(parts: readonly { readonly length: number }[]): number {
  return parts.reduce((total, { length }) => total + length, 0);
}

function filled<A extends { set(values: ArrayLike<number>, at: number): void }>(
  array: A,
  parts: readonly ArrayLike<number>[],
): A {
  let place = 0;
  for (const part of parts) {
    array.set(part, place);
    place += part.length;
  }
  return array;
}
