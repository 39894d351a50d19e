import type { CsvLayout, RowLayout } from '../rowIndex';
import type { Delimiter } from './container';

/** The delimiter of a layout of CSV. */
export function delimiterIn(layout: CsvLayout): Delimiter {
  switch (layout) {
    case 'csv,':
      return ',';
    case 'csv;':
      return ';';
    case 'csv\t':
      return '\t';
  }
}

/** Whether rows are records of CSV. */
export function isCsv(layout: RowLayout): layout is CsvLayout {
  return layout.startsWith('csv');
}
