import { formats, judgedFormats, listFormats } from '../pairs/formats/table';
import type { JsonObject } from '../pairs/json';
import { detectAll, type Reading } from '../pairs/reading';
import { pairOf } from '../pairs/readPair';

/** A format that a person may choose for a file. */
export interface FormatChoice {
  readonly label: string;
  /** The tool that writes it, and how many of the first rows it reads. */
  readonly description: string;
  /** Its id. */
  readonly detail: string;
  readonly reading: Reading;
}

/** All formats; those that read some of the first rows of a file are apart, most rows first. */
export function formatChoices(rows: readonly JsonObject[]): Record<'fitting' | 'others', FormatChoice[]> {
  const all = [...judgedFormats, ...formats, ...listFormats].map(({ id, label, tool }) => {
    const reading: Reading = { ...detectAll, format: id };
    const read = countRead(rows, reading);
    const description = read === 0 ? tool : `${tool} · reads ${read} of the first ${rows.length} rows`;
    return { read, choice: { label, description, detail: id, reading } };
  });
  const fitting = all.filter(({ read }) => read > 0).sort((a, b) => b.read - a.read);
  const others = all.filter(({ read }) => read === 0);
  return { fitting: fitting.map(({ choice }) => choice), others: others.map(({ choice }) => choice) };
}

/** The format that is detected for the first readable row, or why no row is readable. */
export function detectedFormat(rows: readonly JsonObject[]): string {
  const results = rows.map((row) => pairOf(row, detectAll));
  const read = results.find((result) => result.kind !== 'not-a-pair');
  const [first] = results;
  return read ? read.format.label : first && 'reason' in first ? first.reason : '';
}

/** How many of some rows are read. */
export function countRead(rows: readonly JsonObject[], reading: Reading): number {
  return rows.filter((row) => pairOf(row, reading).kind !== 'not-a-pair').length;
}
