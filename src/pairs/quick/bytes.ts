/** The byte at an offset; −1 outside. */
export function byteAt(bytes: Uint8Array, offset: number): number {
  const byte = bytes[offset];
  return byte === undefined ? -1 : byte;
}

/** The byte of an ASCII character. */
export function letter(char: string): number {
  return char.charCodeAt(0);
}

/** The number that four hexadecimal digits stand for; −1 if they are not. */
export function fourDigits(bytes: Uint8Array, offset: number): number {
  let number = 0;
  for (let i = offset; i < offset + 4; i++) {
    const digit = digitOf(byteAt(bytes, i));
    if (digit < 0) return -1;
    number = number * 16 + digit;
  }
  return number;
}

function digitOf(byte: number): number {
  if (isDigit(byte)) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Whether the bytes at an offset are an ASCII text. */
export function isAt(bytes: Uint8Array, offset: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (byteAt(bytes, offset + i) !== text.charCodeAt(i)) return false;
  return true;
}

/** Whether a byte is an ASCII letter. */
export function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** Whether a byte is an ASCII digit. */
export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
