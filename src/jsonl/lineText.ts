import { isUtf8 } from 'node:buffer';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const loneSurrogate = /\p{Surrogate}/u;
const escapes = /[\u{dc80}-\u{dcff}]+/gu;
/** Bytes, or characters, taken at a time where a line has bad bytes: few pieces, and little memory for each. */
const pieceLength = 1 << 16;

/**
 * The text of a line's bytes. Bytes that are not UTF-8 become the lone surrogates U+DC80–U+DCFF, one a byte, as
 * Python's `surrogateescape` (PEP 383) does; valid UTF-8 never yields these, so {@link lineBytes} gives the same bytes
 * back.
 */
export function lineText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    // Not UTF-8: the pieces that are can still be decoded at once.
    return [...pieces(bytes)].map(pieceText).join('');
  }
}

/** The bytes of a line's text; the inverse of {@link lineText}. Other lone surrogates become U+FFFD. */
export function lineBytes(text: string): Uint8Array {
  if (!loneSurrogate.test(text)) return Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  for (let at = 0; at < text.length;) {
    const end = textBoundary(text, at + pieceLength);
    parts.push(textPieceBytes(text.slice(at, end)));
    at = end;
  }
  return Buffer.concat(parts);
}

/** Cuts bytes into pieces of 64 KB or a few bytes more, so that no UTF-8 sequence is torn. */
export function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    let end = Math.min(at + pieceLength, bytes.length);
    for (let more = 0; more < 3 && isContinuation(bytes[end]); more++) end++;
    yield bytes.subarray(at, end);
    at = end;
  }
}

function pieceText(piece: Uint8Array): string {
  if (isUtf8(piece)) return strict.decode(piece);
  const units = new Uint16Array(piece.length);
  let length = 0;
  for (let at = 0; at < piece.length;) {
    const lead = piece[at] ?? 0;
    const size = sequenceLength(piece, at);
    const code = size === 0 ? 0xdc00 + lead : codePoint(piece, at, size);
    if (code > 0xffff) {
      units[length++] = 0xd800 + ((code - 0x10000) >> 10);
      units[length++] = 0xdc00 + (code & 0x3ff);
    } else units[length++] = code;
    at += Math.max(1, size);
  }
  return Buffer.from(units.buffer, 0, length * 2).toString('utf16le');
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** Length of the UTF-8 sequence at a place, by the table of RFC 3629, section 4; 0 where there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const size = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const second = bytes[at + 1] ?? 0;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (size === 0 || second < low || second > high) return 0;
  for (let i = 2; i < size; i++) if (!isContinuation(bytes[at + i])) return 0;
  return size;
}

function codePoint(bytes: Uint8Array, at: number, size: number): number {
  const lead = bytes[at] ?? 0;
  if (size === 1) return lead;
  let code = lead & (0x7f >> size);
  for (let i = 1; i < size; i++) code = (code << 6) | ((bytes[at + i] ?? 0) & 0x3f);
  return code;
}

/** The end of a piece of text, moved so that it tears no surrogate pair. */
function textBoundary(text: string, from: number): number {
  let end = Math.min(from, text.length);
  while (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end++;
  return end;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function textPieceBytes(piece: string): Buffer {
  if (!loneSurrogate.test(piece)) return Buffer.from(piece, 'utf8');
  const parts: Buffer[] = [];
  let at = 0;
  for (const { 0: run, index } of piece.matchAll(escapes)) {
    // Latin-1 takes the low byte of each unit, which is the byte that was escaped.
    parts.push(Buffer.from(piece.slice(at, index), 'utf8'), Buffer.from(run, 'latin1'));
    at = index + run.length;
  }
  parts.push(Buffer.from(piece.slice(at), 'utf8'));
  return Buffer.concat(parts);
}

/** A line's bytes without LF or CR LF at their end. */
export function withoutLineEnd(line: Uint8Array): Uint8Array {
  if (line.at(-1) !== 10) return line;
  return line.subarray(0, line.length - (line.at(-2) === 13 ? 2 : 1));
}
