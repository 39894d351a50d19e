import { at } from '../base/pure/must';
import { visibleLine } from './visible';

/**
 * A table as text. Columns of numbers are aligned to the right, others to the left. Each row takes one line, whatever
 * its cells hold.
 *
 * @param cells rows with one cell per column
 */
export function table(head: readonly string[], cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map(visibleLine));
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => at(row, column).length)));
  const numeric = head.map((_, column) => rows.every((row) => /^[-+\d./%]*$/.test(at(row, column))));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const width = at(widths, column);
        if (numeric[column]) return cell.padStart(width);
        return column === cells.length - 1 ? cell : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [line(head), ...rows.map(line)].join('\n');
}
