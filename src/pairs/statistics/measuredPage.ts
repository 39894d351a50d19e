import { at } from '../../base/pure/must';
import type { QueriedRow } from '../query/queriedRow';
import { featureColumns } from './features';
import { labelNames, type MeasuredRow, measuredRow, numberNames, startNames } from './measuredRow';

/** Most columns with numbers that are looked at; data with more is not read by people. */
export const mostColumns = 40;

/** How often texts occur. */
export type Counts = readonly (readonly [text: string, count: number])[];

/**
 * What statistics need of some rows, as plain data. The arrays `row`, `exact`, `words` have a place for each row with
 * answers; `features`, `asked` and `compared` for each row with two answers of which one is better.
 */
export interface MeasuredPage {
  /** Rows that were looked at, without blank lines. */
  readonly rows: number;
  readonly ties: number;
  /** Values that are there, in any order; in the order of `numberNames`. */
  readonly numbers: readonly Float64Array<ArrayBuffer>[];
  /** In the order of `labelNames`. A row with several labels counts for each. */
  readonly labels: readonly Counts[];
  /** Rows without a label, in the same order. */
  readonly unlabelled: readonly number[];
  /** In the order of `startNames`. */
  readonly starts: readonly Counts[];
  /** Numbers of columns, by key. */
  readonly columns: readonly (readonly [key: string, values: Float64Array<ArrayBuffer>])[];
  /** Indices of the rows with answers. */
  readonly row: Int32Array<ArrayBuffer>;
  readonly exact: Float64Array<ArrayBuffer>;
  readonly words: Float64Array<ArrayBuffer>;
  /** Indices of the compared rows. */
  readonly compared: Int32Array<ArrayBuffer>;
  /** The differences, `featureColumns.length` for each compared row. */
  readonly features: Float32Array<ArrayBuffer>;
  /** Hashes of the prompts. */
  readonly asked: Float64Array<ArrayBuffer>;
  /** Different first words of answers. */
  readonly firstWords: readonly string[];
  /** For each compared row, the indices in `firstWords` of the first words of chosen and rejected; -1 without one. */
  readonly firsts: Int32Array<ArrayBuffer>;
}

/** Measures rows one after the other. */
export class PageMeasures {
  private rows = 0;
  private ties = 0;
  private readonly measured: (MeasuredRow & { readonly row: number })[] = [];

  /** Measures the row with an index. */
  add(index: number, row: QueriedRow): void {
    if (row.result.kind === 'blank') return;
    this.rows++;
    const found = measuredRow(row);
    if (!found) return;
    if (found.isTie) this.ties++;
    this.measured.push({ row: index, ...found });
  }

  /** What was measured. */
  get page(): MeasuredPage {
    const { rows, ties, measured } = this;
    const compared = measured.filter(({ features }) => features !== null);
    return {
      rows,
      ties,
      numbers: numberNames.map((_, i) => present(measured.map(({ numbers }) => at(numbers, i)))),
      labels: labelNames.map((_, i) => counts(measured.flatMap(({ labels }) => at(labels, i)))),
      unlabelled: labelNames.map((_, i) => measured.filter(({ labels }) => labels[i]?.length === 0).length),
      starts: startNames.map((_, i) => counts(measured.flatMap(({ starts }) => at(starts, i) ?? []))),
      columns: columnsOf(measured),
      row: Int32Array.from(measured, ({ row }) => row),
      exact: Float64Array.from(measured, ({ exact }) => exact),
      words: Float64Array.from(measured, ({ words }) => words),
      compared: Int32Array.from(compared, ({ row }) => row),
      features: Float32Array.from(compared.flatMap(({ features }) => features ?? featureColumns.map(() => 0))),
      asked: Float64Array.from(compared, ({ asked }) => asked),
      ...firstsOf(compared.flatMap(({ starts }) => starts.slice(0, 2))),
    };
  }
}

/** The buffers of a page, which can be handed over to another thread. */
export function buffersOf(page: MeasuredPage): ArrayBuffer[] {
  const { numbers, columns, row, exact, words, compared, features, asked, firsts } = page;
  const ofColumns = columns.map(([, values]) => values);
  const arrays = [...numbers, ...ofColumns, row, exact, words, compared, features, asked, firsts];
  return arrays.map(({ buffer }) => buffer);
}

function present(values: readonly number[]): Float64Array<ArrayBuffer> {
  return Float64Array.from(values.filter((value) => !Number.isNaN(value)));
}

function counts(texts: readonly string[]): Counts {
  const found = new Map<string, number>();
  for (const text of texts) found.set(text, (found.get(text) ?? 0) + 1);
  return [...found];
}

/** @param words of chosen and rejected in turn */
function firstsOf(words: readonly (string | null)[]): Pick<MeasuredPage, 'firstWords' | 'firsts'> {
  const places = new Map<string, number>();
  const firsts = Int32Array.from(words, (word) => {
    if (word === null) return -1;
    const place = places.get(word) ?? places.size;
    places.set(word, place);
    return place;
  });
  return { firstWords: [...places.keys()], firsts };
}

function columnsOf(measured: readonly MeasuredRow[]): MeasuredPage['columns'] {
  const columns = new Map<string, number[]>();
  for (const { columns: own } of measured)
    for (const [key, value] of own) {
      const values = columns.get(key);
      if (values) values.push(value);
      else if (columns.size < mostColumns) columns.set(key, [value]);
    }
  return [...columns].map(([key, values]) => [key, Float64Array.from(values)]);
}
