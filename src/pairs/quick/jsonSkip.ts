import { byteAt, isAt, isDigit, letter } from './bytes';
import type { TextScan } from './textScan';

/** Deeper values are left to `readPair`. */
const mostLevels = 20;
const [minus, dot, quote, opensList, closesList] = [letter('-'), letter('.'), letter('"'), letter('['), letter(']')];
const [opensObject, closesObject, comma, colon] = [letter('{'), letter('}'), letter(','), letter(':')];

/** The offset of the first byte that is no white space of JSON. */
export function afterBlank(bytes: Uint8Array, start: number): number {
  let i = start;
  for (;;) {
    const byte = byteAt(bytes, i);
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d && byte !== 0x0a) return i;
    i++;
  }
}

/**
 * Skips a value of JSON. @returns the offset after it; −1 if it is no JSON, or has a string that `scan` gives up on
 *
 * @param stop where the row ends
 */
export function skipValue(bytes: Uint8Array, start: number, stop: number, scan: TextScan, levels = mostLevels): number {
  const byte = byteAt(bytes, start);
  switch (byte) {
    case quote:
      return scan.scan(bytes, start + 1, stop) ? scan.end + 1 : -1;
    case opensList:
    case opensObject:
      return levels === 0 ? -1 : skipItems(bytes, start + 1, stop, scan, levels - 1, byte === opensObject);
    case letter('t'):
      return isAt(bytes, start, 'true') ? start + 4 : -1;
    case letter('f'):
      return isAt(bytes, start, 'false') ? start + 5 : -1;
    case letter('n'):
      return isAt(bytes, start, 'null') ? start + 4 : -1;
    default:
      return afterNumber(bytes, start);
  }
}

/** Skips what follows the opening bracket of a list or object. */
function skipItems(
  bytes: Uint8Array,
  start: number,
  stop: number,
  scan: TextScan,
  levels: number,
  isObject: boolean,
): number {
  const closes = isObject ? closesObject : closesList;
  let i = afterBlank(bytes, start);
  if (byteAt(bytes, i) === closes) return i + 1;
  for (;;) {
    if (isObject) {
      if (byteAt(bytes, i) !== quote || !scan.scan(bytes, i + 1, stop)) return -1;
      i = afterBlank(bytes, scan.end + 1);
      if (byteAt(bytes, i) !== colon) return -1;
      i = afterBlank(bytes, i + 1);
    }
    i = skipValue(bytes, i, stop, scan, levels);
    if (i < 0) return -1;
    i = afterBlank(bytes, i);
    const byte = byteAt(bytes, i);
    if (byte === closes) return i + 1;
    if (byte !== comma) return -1;
    i = afterBlank(bytes, i + 1);
  }
}

/** The offset after a number (RFC 8259, section 6); −1 if there is none. */
function afterNumber(bytes: Uint8Array, start: number): number {
  let i = byteAt(bytes, start) === minus ? start + 1 : start;
  if (byteAt(bytes, i) === letter('0')) i++;
  else i = afterDigits(bytes, i);
  if (i >= 0 && byteAt(bytes, i) === dot) i = afterDigits(bytes, i + 1);
  if (i < 0 || (byteAt(bytes, i) | 0x20) !== letter('e')) return i;
  const sign = byteAt(bytes, i + 1);
  return afterDigits(bytes, sign === minus || sign === letter('+') ? i + 2 : i + 1);
}

/** The offset after one or more digits; −1 if there is none. */
function afterDigits(bytes: Uint8Array, start: number): number {
  let i = start;
  while (isDigit(byteAt(bytes, i))) i++;
  return i === start ? -1 : i;
}

/** A value that was skipped, as a number; null if it is not a number. */
export function numberAt(bytes: Uint8Array, start: number, end: number): number | null {
  if (byteAt(bytes, start) !== minus && !isDigit(byteAt(bytes, start))) return null;
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(byteAt(bytes, i));
  return Number(text);
}
