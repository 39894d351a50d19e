import { MarginError } from '../../base/pure/marginError';
import { at } from '../../base/pure/must';
import { problem, type Problem } from '../../pairs/problem';
import { cellJson } from './csvTypes';

/**
 * The header of a CSV file: its cells are the keys of all rows.
 *
 * @param line where the header is, from 1
 * @throws MarginError `csv-header` for an empty name, or one that two columns have
 */
export function checkHeader(names: readonly string[], file: string, line: number): void {
  const fail = (what: string): never => {
    throw new MarginError('csv-header', `${file}, line ${line}: ${what}`, { file, line });
  };
  const empty = names.findIndex((name) => name.trim() === '');
  if (empty >= 0)
    fail(
      `column ${empty + 1} of ${names.length} has no name. Name each column, or delete the column (pandas adds one unless it writes with index=False).`,
    );
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) fail(`two columns are named ${JSON.stringify(twice)}. Rename one of them.`);
  if (names.some((name) => name.includes('\r')))
    fail('the lines end with CR alone, which is not a line end in CSV. Save the file with LF or CR LF.');
}

/** The problem of a record with more or fewer cells than the header; null if the numbers are equal. */
export function raggedRow(cells: number, names: readonly string[]): Problem | null {
  const columns = names.length;
  if (cells === columns) return null;
  const has = `The row has ${cells} cell${cells === 1 ? '' : 's'}, and the header has ${columns}`;
  const message =
    cells > columns
      ? `${has}: put quotes (") around a cell that holds the delimiter.`
      : `${has}: ${JSON.stringify(names[cells])} and what follows it are missing. Add empty cells.`;
  return problem('error', 'ragged-row', cells > columns ? null : (names[cells] ?? null), message);
}

/** A row of JSON from the cells of a record, as many as there are names. Labels and verdicts have their types. */
export function rowOf(names: readonly string[], cells: readonly string[]): string {
  return `{${names.map((name, i) => `${JSON.stringify(name)}:${cellJson(name, at(cells, i))}`).join(',')}}`;
}
