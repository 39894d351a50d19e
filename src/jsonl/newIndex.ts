import type { Crc32 } from './blockSums';
import { CsvElements } from './containers/csvElements';
import { isCsv } from './containers/csvLayout';
import { ElementIndex } from './elementIndex';
import { ElementScanner } from './elementScanner';
import { LineIndex } from './lineIndex';
import type { RowIndex, RowLayout } from './rowIndex';

/** An index without rows, for a file of this layout. @param file names the file in errors */
export function newIndex(layout: RowLayout, file: string, crc32: Crc32): RowIndex {
  if (layout === 'lines') return new LineIndex(file, crc32);
  return new ElementIndex(isCsv(layout) ? new CsvElements(file, layout) : new ElementScanner(file), crc32);
}
