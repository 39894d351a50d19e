import type { Crc32 } from './blockSums';
import { CsvElements } from './containers/csvElements';
import { isCsv } from './containers/csvLayout';
import { ElementIndex, type ElementSource } from './elementIndex';
import { ElementScanner } from './elementScanner';
import { LineIndex } from './lineIndex';
import type { RowIndex, RowLayout } from './rowIndex';

/** An index without rows, for a file of this layout. @param file names the file in errors */
export function newIndex(layout: RowLayout, file: string, crc32: Crc32): RowIndex {
  if (layout === 'lines') return new LineIndex(file, crc32);
  return new ElementIndex(elementsOf(layout, file), crc32);
}

/** Finds the elements of a file from its first byte on. Parameters as for {@link newIndex}. */
export function elementsOf(layout: Exclude<RowLayout, 'lines'>, file: string): ElementSource {
  return isCsv(layout) ? new CsvElements(file, layout) : new ElementScanner(file);
}
