const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const loneSurrogate = /\p{Surrogate}/u;

/**
 * The text of a line's bytes. Bytes that are not UTF-8 become the lone surrogates U+DC80–U+DCFF, one a byte, as Python's
 * `surrogateescape` (PEP 383) does; valid UTF-8 never yields these, so {@link lineBytes} gives the same bytes back.
 */
export function lineText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    // Not UTF-8: taken byte by byte where needed.
    return escaped(bytes);
  }
}

/** The bytes of a line's text; the inverse of {@link lineText}. Other lone surrogates become U+FFFD. */
export function lineBytes(text: string): Uint8Array {
  if (!loneSurrogate.test(text)) return Buffer.from(text, 'utf8');
  const parts = [...text].map((char) => {
    const code = char.codePointAt(0) ?? 0;
    return code >= 0xdc80 && code <= 0xdcff ? Buffer.of(code - 0xdc00) : Buffer.from(char, 'utf8');
  });
  return Buffer.concat(parts);
}

/** Length of the UTF-8 sequence that a byte starts, by RFC 3629; 0 for a byte that starts none. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

function escaped(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const length = sequenceLength(lead);
    const char = length > 0 ? decoded(bytes.subarray(at, at + length)) : undefined;
    text += char ?? String.fromCharCode(0xdc00 + lead);
    at += char === undefined ? 1 : length;
  }
  return text;
}

function decoded(sequence: Uint8Array): string | undefined {
  if ((sequence[0] ?? 0) < 0x80) return String.fromCharCode(sequence[0] ?? 0);
  try {
    return strict.decode(sequence);
  } catch {
    // Not a character: its first byte is escaped, the next is tried.
    return undefined;
  }
}

/** A line's bytes without LF or CR LF at their end. */
export function withoutLineEnd(line: Uint8Array): Uint8Array {
  if (line.at(-1) !== 10) return line;
  return line.subarray(0, line.length - (line.at(-2) === 13 ? 2 : 1));
}
