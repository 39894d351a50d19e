import { MarginError } from '../base/pure/marginError';
import { placeIn } from '../pairs/placeIn';
import { JsonSyntaxError, scanJson } from '../pairs/scanJson';
import { type ElementLayout, ElementScanner } from './elementScanner';
import { lineBytes } from './lineText';

/**
 * The bytes of a row that is an element of an array, or an object among others, without white space around it. A row
 * that is not exactly one element would make the rows after it unreadable, so it is refused. A mistake inside its
 * brackets is accepted, because it affects only this row.
 *
 * @param row from 0
 * @param file names the file in errors
 * @throws MarginError `breaks-array`
 */
export function elementBytes(text: string, layout: ElementLayout, row: number, file: string): Uint8Array {
  const trimmed = elementText(text);
  const bytes = lineBytes(trimmed);
  if (isElement(bytes, layout)) return bytes;
  const message = `${file}, row ${row + 1}: ${mistakeIn(trimmed)}. The rows after it could not be read: correct or delete it.`;
  throw new MarginError('breaks-array', message, { file, row });
}

/** The text that is written for an element: without white space around it. */
export function elementText(text: string): string {
  return text.replaceAll(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
}

function isElement(bytes: Uint8Array, layout: ElementLayout): boolean {
  const [open, close] = layout === 'array' ? ['[', ']'] : ['', ''];
  const spans: (readonly [start: number, end: number])[] = [];
  const scanner = new ElementScanner('');
  try {
    for (const part of [lineBytes(open), bytes, lineBytes(close)])
      scanner.push(part, (start, end) => spans.push([start, end]));
    scanner.end();
  } catch {
    // Not one element: the caller says why.
    return false;
  }
  const [first] = spans;
  return spans.length === 1 && first?.[0] === open.length && first[1] === open.length + bytes.length;
}

function mistakeIn(text: string): string {
  if (text === '') return 'it is empty';
  try {
    scanJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) {
      const { line, column } = placeIn(text, error.column);
      return `not JSON at line ${line}, column ${column} of the row: ${error.message}`;
    }
  }
  return 'not an object';
}
