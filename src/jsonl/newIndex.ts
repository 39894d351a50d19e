import type { Crc32 } from './blockSums';
import { ElementIndex } from './elementIndex';
import { LineIndex } from './lineIndex';
import type { RowIndex, RowLayout } from './rowIndex';

/** An index without rows, for a file of this layout. @param file names the file in errors */
export function newIndex(layout: RowLayout, file: string, crc32: Crc32): RowIndex {
  return layout === 'lines' ? new LineIndex(file, crc32) : new ElementIndex(file, crc32);
}
