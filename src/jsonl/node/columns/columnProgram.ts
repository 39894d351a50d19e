import type { Column } from '../../../pairs/query/column';
import type { Reading } from '../../../pairs/reading';
import type { ColumnValues } from '../../packedValues';
import { PartBytes } from '../search/partBytes';
import { type AskedRows, textsOfAsked } from './askedRows';
import { ColumnReaders, type SlowPattern } from './columnValues';

/** Rows of which a thread computes columns. */
export interface ColumnQuestion extends AskedRows {
  readonly columns: readonly Column[];
  readonly reading: Reading;
}

/** The values of each column, `changed` if the bytes are not those of the index, or what takes too long. */
export type ColumnAnswer = ColumnValues[] | 'changed' | SlowPattern;

/** Answers questions one after the other. */
export class ColumnProgram {
  private readonly bytes = new PartBytes();
  private readonly readers = new ColumnReaders();

  answer({ columns, reading, ...asked }: ColumnQuestion): ColumnAnswer {
    const texts = textsOfAsked(asked, this.bytes);
    return texts === null ? 'changed' : this.readers.read(texts, columns, reading);
  }
}
