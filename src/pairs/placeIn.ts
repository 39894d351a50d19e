/**
 * The line and column, from 1, of a character in a text of several lines.
 *
 * @param column the character, in UTF-16 units from 1 as if the text were one line
 */
export function placeIn(text: string, column: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, column - 1);
  const line = before.split('\n').length;
  return { line, column: column - 1 - before.lastIndexOf('\n') };
}
