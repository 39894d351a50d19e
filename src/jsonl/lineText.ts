import { at } from '../base/pure/must';
import { concatBytes } from './bytes';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8 = new TextEncoder();
const loneSurrogate = /\p{Surrogate}/u;
const escapedBytes = /[\u{dc80}-\u{dcff}]+/gu;
/** Bytes or UTF-16 units that are converted at a time if a line has invalid bytes: few slices, little memory each. */
const sliceLength = 1 << 16;
/** `String.fromCharCode` takes each unit as an argument, and the stack holds some 100,000 arguments. */
const unitsAtOnce = 1 << 13;
const lf = 0x0a;
const cr = 0x0d;

/**
 * The text of a line's bytes. A byte that is not UTF-8 becomes the lone surrogate U+DC00 + byte (U+DC80 to U+DCFF), as
 * in Python's `surrogateescape` (PEP 383). Valid UTF-8 never gives these, so {@link lineBytes} gives the same bytes
 * back.
 *
 * The bytes `61 ff 62` become `'a\udcffb'`.
 */
export function lineText(bytes: Uint8Array): string {
  return utf8Text(bytes) ?? [...utf8Slices(bytes)].map((slice) => utf8Text(slice) ?? escapedText(slice)).join('');
}

/**
 * The bytes of a line's text; the inverse of {@link lineText}. Other lone surrogates become U+FFFD, as in any encoder.
 */
export function lineBytes(text: string): Uint8Array {
  if (!loneSurrogate.test(text)) return utf8.encode(text);
  const parts: Uint8Array[] = [];
  for (let start = 0; start < text.length;) {
    const end = sliceEnd(text, start + sliceLength);
    parts.push(sliceBytes(text.slice(start, end)));
    start = end;
  }
  return concatBytes(parts);
}

/** Cuts bytes into slices of 64 KB, or up to three bytes more so that no UTF-8 sequence is cut in two. */
export function* utf8Slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length;) {
    let end = Math.min(start + sliceLength, bytes.length);
    for (let more = 0; more < 3 && isContinuation(bytes[end]); more++) end++;
    yield bytes.subarray(start, end);
    start = end;
  }
}

/** A line's bytes without LF or CR LF at their end. */
export function withoutLineEnd(line: Uint8Array): Uint8Array {
  if (line.at(-1) !== lf) return line;
  return line.subarray(0, line.length - (line.at(-2) === cr ? 2 : 1));
}

/** The text of valid UTF-8; null if the bytes are not UTF-8. */
export function utf8Text(bytes: Uint8Array): string | null {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    // Not UTF-8: the caller converts byte by byte.
    return null;
  }
}

function escapedText(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.length);
  let length = 0;
  for (let offset = 0; offset < bytes.length;) {
    const size = sequenceLength(bytes, offset);
    const code = size === 0 ? 0xdc00 + at(bytes, offset) : codePoint(bytes, offset, size);
    if (code > 0xffff) {
      units[length++] = 0xd800 + ((code - 0x10000) >> 10);
      units[length++] = 0xdc00 + (code & 0x3ff);
    } else units[length++] = code;
    offset += Math.max(1, size);
  }
  return textOfUnits(units.subarray(0, length));
}

/** A text of UTF-16 units as they are. `TextDecoder` would replace lone surrogates. */
function textOfUnits(units: Uint16Array): string {
  let text = '';
  for (let start = 0; start < units.length; start += unitsAtOnce)
    text += Reflect.apply(String.fromCharCode, null, units.subarray(start, start + unitsAtOnce));
  return text;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** Length in bytes of the UTF-8 sequence at an offset, by the table of RFC 3629, section 4; 0 if there is none. */
function sequenceLength(bytes: Uint8Array, offset: number): number {
  const lead = at(bytes, offset);
  if (lead < 0x80) return 1;
  const size = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const second = bytes[offset + 1];
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (size === 0 || second === undefined || second < low || second > high) return 0;
  for (let i = 2; i < size; i++) if (!isContinuation(bytes[offset + i])) return 0;
  return size;
}

function codePoint(bytes: Uint8Array, offset: number, size: number): number {
  const lead = at(bytes, offset);
  if (size === 1) return lead;
  let code = lead & (0x7f >> size);
  for (let i = 1; i < size; i++) code = (code << 6) | (at(bytes, offset + i) & 0x3f);
  return code;
}

/** The end of a slice of text, moved on if it would separate the two units of a surrogate pair. */
function sliceEnd(text: string, wanted: number): number {
  let end = Math.min(wanted, text.length);
  while (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end++;
  return end;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function sliceBytes(text: string): Uint8Array {
  if (!loneSurrogate.test(text)) return utf8.encode(text);
  const parts: Uint8Array[] = [];
  let start = 0;
  for (const { 0: run, index } of text.matchAll(escapedBytes)) {
    parts.push(utf8.encode(text.slice(start, index)), unescaped(run));
    start = index + run.length;
  }
  parts.push(utf8.encode(text.slice(start)));
  return concatBytes(parts);
}

/** The bytes that escaped units stand for: the low byte of each. */
function unescaped(units: string): Uint8Array {
  const bytes = new Uint8Array(units.length);
  for (let i = 0; i < units.length; i++) bytes[i] = units.charCodeAt(i) & 0xff;
  return bytes;
}
