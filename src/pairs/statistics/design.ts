import { at } from '../../base/pure/must';
import { type FeatureColumn, featureColumns } from './features';
import type { Matrix } from './logistic';
import type { MeasuredPage } from './measuredPage';

/** First words that are features of their own: the most frequent. */
const mostWords = 20;
/** A word that begins fewer answers would only be learned by heart. */
const fewestAnswers = 10;

const featureGroupIds = ['length', 'position', 'format', 'refusal', 'firstWords', 'all'] as const;

/** Features that are fitted together. */
export interface FeatureGroup {
  readonly id: (typeof featureGroupIds)[number];
  /** Names of the columns. */
  readonly names: readonly string[];
}

export interface Design {
  /** Groups with a feature that differs somewhere. */
  readonly groups: readonly FeatureGroup[];
  readonly matrixOf: (group: FeatureGroup) => Matrix;
}

const groupColumns: Readonly<Record<'length' | 'position' | 'format' | 'refusal', readonly FeatureColumn[]>> = {
  length: ['length'],
  position: ['position'],
  format: ['lists', 'bold', 'headings', 'code'],
  refusal: ['refusal'],
};

/** The features of some of the compared rows. A first word is 1 if chosen begins with it, −1 if rejected does. */
export function designOf(page: MeasuredPage, places: readonly number[]): Design {
  const words = frequentWords(page, places);
  const named = new Map<string, (place: number) => number>();
  for (const [i, name] of featureColumns.entries())
    named.set(name, (place) => at(page.features, place * featureColumns.length + i));
  for (const word of words) {
    const isWord = (place: number): number => (at(page.firsts, place) === word ? 1 : 0);
    named.set(quoted(page, word), (place) => isWord(2 * place) - isWord(2 * place + 1));
  }
  const differs = (name: string): boolean => places.some((place) => named.get(name)?.(place) !== 0);
  const ids = (names: readonly string[]): readonly string[] => names.filter(differs);
  const single = (['length', 'position', 'format', 'refusal'] as const).map((id): FeatureGroup => ({
    id,
    names: ids(groupColumns[id]),
  }));
  const first: FeatureGroup = { id: 'firstWords', names: ids(words.map((word) => quoted(page, word))) };
  const groups = [...single, first].filter(({ names }) => names.length > 0);
  const all: FeatureGroup = { id: 'all', names: groups.flatMap(({ names }) => names) };
  return {
    groups: groups.length > 1 ? [...groups, all] : groups,
    matrixOf: ({ names }) => {
      const readers = names.flatMap((name) => named.get(name) ?? []);
      const values = new Float64Array(places.length * readers.length);
      for (const [i, place] of places.entries())
        for (const [j, read] of readers.entries()) values[i * readers.length + j] = read(place);
      return { values, rows: places.length, columns: readers.length };
    },
  };
}

/** A word as the name of a feature. */
function quoted({ firstWords }: MeasuredPage, word: number): string {
  return JSON.stringify(at(firstWords, word));
}

/** The places of the most frequent first words of both answers in `page.firstWords`. */
function frequentWords({ firsts }: MeasuredPage, places: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const place of places)
    for (const word of [at(firsts, 2 * place), at(firsts, 2 * place + 1)])
      if (word >= 0) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= fewestAnswers)
    .sort(([a, m], [b, n]) => n - m || a - b)
    .slice(0, mostWords)
    .map(([word]) => word);
}
