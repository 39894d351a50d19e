import { at } from '../../../base/pure/must';
import { valueOf } from '../../../base/pure/outcome';
import { MarginError } from '../../../base/pure/marginError';
import type { TimeLimit } from '../../../base/node/timeLimit';
import { type Column, columnReader, type ColumnValue } from '../../../pairs/query/column';
import type { Reading } from '../../../pairs/reading';
import { readRow } from '../../../pairs/readRow';
import { type ColumnValues, packedValues } from '../../packedValues';
import { asQueried } from '../search/asQueried';
import { patternLimit } from '../search/patternLimit';

/** A pattern ran out of time. */
export interface SlowPattern {
  /** The index of its row among the rows that were asked. */
  readonly index: number;
  readonly message: string;
}

/** Computes columns of rows. It keeps what it has prepared for the columns until it is asked for others. */
export class ColumnReaders {
  private key = '';
  private readers: readonly ((row: ReturnType<typeof asQueried>) => ColumnValue)[] = [];
  private limit: TimeLimit = patternLimit();

  /** @throws a defect; a slow pattern is a result */
  read(texts: readonly string[], columns: readonly Column[], reading: Reading): ColumnValues[] | SlowPattern {
    this.prepare(columns);
    const values = (text: string): ColumnValue[] => {
      const row = asQueried(text, readRow(text, reading), reading);
      return this.readers.map((read) => read(row));
    };
    // Only texts are compared with what a person wrote. Other values never take long, whatever else the machine does.
    if (columns.every(({ kind }) => kind !== 'match')) return packed(columns, texts.map(values));
    const rows = this.limit.each(texts, values);
    const slow = rows.findIndex((row) => 'error' in row && row.error instanceof MarginError);
    const first = rows[slow];
    if (first && 'error' in first && first.error instanceof MarginError)
      return { index: slow, message: first.error.message };
    return packed(columns, rows.map(valueOf));
  }

  private prepare(columns: readonly Column[]): void {
    const key = JSON.stringify(columns);
    if (key === this.key) return;
    this.key = key;
    this.readers = columns.map(columnReader);
    // The next pattern starts with a fresh time limit.
    this.limit = patternLimit();
  }
}

function packed(columns: readonly Column[], rows: readonly (readonly ColumnValue[])[]): ColumnValues[] {
  return columns.map((column, i) =>
    packedValues(
      column,
      rows.map((row) => at(row, i)),
    ),
  );
}
