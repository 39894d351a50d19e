import { at } from '../../base/pure/must';
import type { Chart } from './chart';
import type { MeasuredPage } from './measuredPage';

/** Rows that repeat an earlier one. */
export interface Repeats {
  /** With the same content, white space aside, as the check `duplicate` compares it. */
  readonly exact: number;
  /** With the same words: case, punctuation and white space aside. */
  readonly words: number;
  /** Rows with the words of an earlier row, but not its content; ascending, from 0. */
  readonly onlyWords: readonly number[];
}

/** The most rows that a query names. */
const mostNamed = 300;

/** Counts rows that repeat earlier ones of the same page. */
export function repeatsIn({ exact, words, row }: MeasuredPage): Repeats {
  const [contents, texts] = [new Set<number>(), new Set<number>()];
  const onlyWords: number[] = [];
  let same = 0;
  for (let i = 0; i < row.length; i++) {
    const [content, text] = [at(exact, i), at(words, i)];
    if (contents.has(content)) same++;
    else if (texts.has(text)) onlyWords.push(at(row, i));
    contents.add(content);
    texts.add(text);
  }
  return { exact: same, words: same + onlyWords.length, onlyWords };
}

/** A chart of the rows that repeat earlier ones. */
export function repeatChart(repeats: Repeats, rows: number): Chart {
  const { exact, onlyWords } = repeats;
  const bar = (label: string, count: number, query: string | null): Chart['bars'][number] => {
    return { label, from: null, to: null, counts: [count], queries: [query] };
  };
  return {
    id: 'repeats',
    title: 'Repeated rows',
    about: 'Rows that repeat an earlier row: prompt and both answers. Show Duplicates… also finds near duplicates.',
    kind: 'values',
    series: ['rows'],
    bars: [
      bar('not repeated', rows - exact - onlyWords.length, null),
      bar('the same content, white space aside', exact, exact > 0 ? 'problem:duplicate' : null),
      bar('the same words, punctuation and case aside', onlyWords.length, rowsQuery(onlyWords)),
    ],
    facts: onlyWords.length > mostNamed ? [`The bar of the same words opens the first ${mostNamed} rows.`] : [],
  };
}

/** The query that finds some rows; null for none. */
export function rowsQuery(rows: readonly number[]): string | null {
  if (rows.length === 0) return null;
  return rows
    .slice(0, mostNamed)
    .map((row) => `row:${row + 1}`)
    .join(' or ');
}
