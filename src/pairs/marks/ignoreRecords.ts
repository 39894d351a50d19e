import { keyNumber } from '../keyNumber';
import type { Ignore } from './ignore';
import type { MarkBook } from './markBook';

/** Whether a person wants a rule to be ignored in a row. */
export interface AskedIgnore {
  readonly rule: string;
  /** False: its problems are reported again. */
  readonly ignored: boolean;
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * The records to write so that a rule is ignored in a row, or reported again; none if it is so already. A record about
 * the pair with its answers exchanged counts for the row too, so reporting again also takes back that record.
 */
export function ignoreRecords(
  book: MarkBook,
  { own, exchanged }: { readonly own: string; readonly exchanged: string | null },
  { rule, ignored, by, now }: AskedIgnore,
): readonly Ignore[] {
  const recordOf = (key: string): Ignore | undefined =>
    book.ignoresOf(keyNumber(key)).find((record) => record.rule === rule);
  const keys = exchanged === null || exchanged === own ? [own] : [own, exchanged];
  const known = keys.map((key) => ({ key, record: recordOf(key) }));
  const isIgnored = known.some(({ record }) => record?.ignored === true);
  if (isIgnored === ignored) return [];
  const changed = ignored ? known.slice(0, 1) : known.filter(({ record }) => record?.ignored === true);
  // Later than the record that it replaces, also if that was made on a computer whose clock is ahead.
  const timeOf = (record: Ignore | undefined): number => (record ? Math.max(now, Date.parse(record.at) + 1) : now);
  return changed.map(({ key, record }) => {
    const at = new Date(timeOf(record)).toISOString();
    return { key, rule, ignored, by, at, extra: record ? record.extra : {} };
  });
}
