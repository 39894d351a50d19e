import { factorOne, factorTwo, isWideSpace, space, startOne, startTwo } from '../hasher';
import { mayBeginMojibake } from '../rules/mojibakeText';
import { isOtherLetter } from '../rules/scripts';
import { byteAt, fourDigits, isAt, isLetter, letter } from './bytes';
import { isHeading, isLongNumber, isSpeaker, isSuspectAt, markStarts } from './suspects';

/** Bytes that are looked at; all others are hashed as they are. */
const isSpecial = new Uint8Array(256);
isSpecial.fill(1, 0, space);
isSpecial.fill(1, 0x7f);
for (const char of '"\\<[`,:#{@+_-IJx0123456789') isSpecial[char.charCodeAt(0)] = 1;

/** Two bytes as a number of 16 bits, the first one low: whether one of them is special, or both are spaces. */
const isSpecialPair = new Uint8Array(1 << 16);
for (let pair = 0; pair < isSpecialPair.length; pair++)
  if (isSpecial[pair & 0xff] === 1 || isSpecial[pair >> 8] === 1 || pair === 0x2020) isSpecialPair[pair] = 1;

const quote = letter('"');
/** The letters after a backslash that stand for white space, and those that stand for themselves. */
const spaces = new Set(Array.from('ntr', letter));
const selves = new Set(Array.from('"\\/', letter));

/**
 * Reads a string of JSON in the bytes of a valid UTF-8 text: checks it, hashes it as {@link textHash} does, and notes
 * what the checks of a row look for. It gives up on rare strings (control characters, other white space, escaped ASCII,
 * lone surrogates), which are left to `readPair`.
 *
 * This is the innermost loop of a check of a file. So it looks at two bytes at a time where both are plain, and keeps
 * its states in variables and what it finds in fields.
 */
export class TextScan {
  /** The hash, as {@link textHash} gives it. */
  one = 0;
  two = 0;
  half = 0;
  /** Offsets of the first character that is not white space, and of the closing quote. */
  first = 0;
  end = 0;
  /** The last UTF-16 unit that is not white space; 0 for a blank text. */
  last = 0;
  /** Whether the text begins or ends with white space. */
  spaceBefore = false;
  spaceAfter = false;
  /** Whether it may hold something that a check of texts reports, so that it must be read. */
  isSuspect = false;
  /** Whether it may hold a heading of a prompt template. */
  mayHoldHeadings = false;
  /** Whether a code block is not closed. */
  hasOpenBlock = false;
  /** Offset of the first letter that is not Latin; 0 if there is none. */
  otherScript = 0;
  private code = 0;
  private words: Uint16Array = new Uint16Array(0);

  /** Continues with other bytes. @param bytes all bytes of their buffer, on a little-endian processor */
  use(bytes: Uint8Array): void {
    this.words = new Uint16Array(bytes.buffer, 0, bytes.buffer.byteLength >> 1);
  }

  /**
   * Scans a string.
   *
   * @param start offset after the opening quote
   * @param stop where the row ends
   * @returns whether it is read; if not, the fields mean nothing
   */
  scan(bytes: Uint8Array, start: number, stop: number): boolean {
    this.isSuspect = false;
    this.otherScript = 0;
    this.mayHoldHeadings = false;
    this.hasOpenBlock = false;
    this.first = afterSpace(bytes, start);
    this.spaceBefore = this.first > start;
    let [one, two] = [startOne, startTwo];
    let [earlierOne, earlierTwo] = [one, two];
    let [before, half, pair] = [0, 0, 0];
    const { words } = this;
    let i = this.first;
    for (; i < stop; i++) {
      for (; (i & 1) === 0 && i + 1 < stop; i += 2) {
        const word = words[i >> 1];
        if (word === undefined || isSpecialPair[word] === 1) break;
        const code = word & 0xff;
        if ((code | before) === space) break;
        before = word >> 8;
        if (half === 0) pair = code | (before << 16);
        else {
          pair = half | (code << 16);
          half = before;
        }
        earlierOne = one;
        earlierTwo = two;
        one = Math.imul(one ^ pair, factorOne);
        one ^= one >>> 15;
        two = Math.imul(two ^ pair, factorTwo);
        two ^= two >>> 13;
      }
      let code = byteAt(bytes, i);
      if (isSpecial[code] === 1) {
        if (code === quote) break;
        const next = this.special(bytes, i, code, before);
        if (next < 0) return false;
        i = next;
        code = this.code;
      }
      // A space after a space.
      if ((code | before) === space) continue;
      before = code;
      if (half === 0) {
        half = code;
        continue;
      }
      pair = half | (code << 16);
      half = 0;
      earlierOne = one;
      earlierTwo = two;
      one = Math.imul(one ^ pair, factorOne);
      one ^= one >>> 15;
      two = Math.imul(two ^ pair, factorTwo);
      two ^= two >>> 13;
    }
    if (i >= stop) return false;
    this.end = i;
    this.spaceAfter = before === space;
    // White space at the end does not count: what was added last is taken back.
    if (before === space) {
      if (half !== 0) half = 0;
      else [one, two, half] = [earlierOne, earlierTwo, pair & 0xffff];
    }
    this.last = half === 0 ? pair >>> 16 : half;
    this.one = one;
    this.two = two;
    this.half = half;
    return true;
  }

  /**
   * Reads a byte that is not plain, and sets `code`.
   *
   * @param before the UTF-16 unit before it
   * @returns the offset of the last byte of the character; −1 to give up
   */
  private special(bytes: Uint8Array, i: number, byte: number, before: number): number {
    this.code = byte;
    if (byte >= 0x80) return this.character(bytes, i, before);
    switch (byte) {
      case backslash:
        return this.escape(bytes, i + 1, before);
      case letter('<'):
      case letter('['):
        return this.mark(bytes, i);
      case letter('`'):
        return this.block(bytes, i);
      case letter(','):
        return isAt(bytes, i - 6, 'base64') ? -1 : i;
      case letter(':'):
        return isSpeaker(bytes, i) ? -1 : i;
      case letter('#'):
        this.mayHoldHeadings ||= isHeading(bytes, i);
        return i;
      default:
        if (byte < space || byte === 0x7f) return -1;
        this.isSuspect ||= byte < 0x3a && byte >= 0x30 ? isLongNumber(bytes, i) : isSuspectAt(bytes, i);
        return i;
    }
  }

  /** Reads the character after a backslash. */
  private escape(bytes: Uint8Array, i: number, before: number): number {
    const byte = byteAt(bytes, i);
    if (spaces.has(byte)) {
      this.code = space;
      return i;
    }
    if (selves.has(byte)) {
      this.code = byte;
      return i;
    }
    const code = byte === letter('u') ? fourDigits(bytes, i + 1) : -1;
    if (code < 0x80) return -1;
    if (isHigh(code) && !(isAt(bytes, i + 5, '\\u') && isLow(fourDigits(bytes, i + 7)))) return -1;
    if (isLow(code) && !isHigh(before)) return -1;
    return this.wide(code, i, before) ? i + 4 : -1;
  }

  /** Reads a character of two to four bytes; one of four as two UTF-16 units, the second at its second byte. */
  private character(bytes: Uint8Array, i: number, before: number): number {
    const byte = byteAt(bytes, i);
    const rest = (count: number): number => byteAt(bytes, i + count) & 0x3f;
    if (byte >= 0xf0) {
      this.code = 0xd7c0 + (((byte & 7) << 8) | (rest(1) << 2) | (rest(2) >> 4));
      return i;
    }
    if (byte < 0xc0) {
      this.code = 0xdc00 + ((rest(1) & 15) << 6) + rest(2);
      return i + 2;
    }
    const code = byte < 0xe0 ? ((byte & 31) << 6) | rest(1) : ((byte & 15) << 12) | (rest(1) << 6) | rest(2);
    if (!this.wide(code, i, before)) return -1;
    return byte < 0xe0 ? i + 1 : i + 2;
  }

  /** Adds a unit that is not ASCII to the hash. @returns false to give up */
  private wide(code: number, i: number, before: number): boolean {
    if (isWideSpace(code) || code >= 0xfffe) return false;
    this.code = code;
    if (this.otherScript === 0 && isOtherLetter(code)) this.otherScript = i;
    this.isSuspect ||= code === 0xfffd || code < 0xa0 || (before >= 0x80 && mayBeginMojibake(before));
    return true;
  }

  /** Looks at what follows `<` or `[`. */
  private mark(bytes: Uint8Array, i: number): number {
    const next = byteAt(bytes, i + 1);
    this.isSuspect ||= isLetter(next) || next >= 0x80 || markStarts.has(next);
    return i;
  }

  /** Counts the marks of code blocks at the start of lines. */
  private block(bytes: Uint8Array, i: number): number {
    if (!isAt(bytes, i, '```')) return i;
    const lineEnd = i !== this.first && byteAt(bytes, i - 2) === backslash && lineEnds.has(byteAt(bytes, i - 1));
    if (lineEnd && byteAt(bytes, i - 3) === backslash) return -1;
    if (lineEnd || (i === this.first && !this.spaceBefore)) this.hasOpenBlock = !this.hasOpenBlock;
    else if (i === this.first) return -1;
    return i;
  }
}

const backslash = letter('\\');
const lineEnds = new Set(Array.from('nr', letter));

/** The offset of the first byte that is no white space, as it is or escaped. */
function afterSpace(bytes: Uint8Array, start: number): number {
  let i = start;
  for (;;) {
    if (byteAt(bytes, i) === space) i++;
    else if (byteAt(bytes, i) === backslash && spaces.has(byteAt(bytes, i + 1))) i += 2;
    else return i;
  }
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}
