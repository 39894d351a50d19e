import { factorOne, factorTwo, isWideSpace, space, startOne, startTwo } from '../hasher';
import { byteAt, fourDigits, isAt, letter } from './bytes';

const [plain, quote, backslash, control, wide, opens, fence, comma, colon, hash] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
/** What each byte of a string in JSON is. */
const kinds = new Uint8Array(256).fill(plain);
kinds.fill(control, 0, space);
kinds.fill(wide, 0x80);
for (const [text, kind] of [
  ['"', quote],
  ['\\', backslash],
  ['<[', opens],
  ['`', fence],
  [',', comma],
  [':', colon],
  ['#', hash],
] as const)
  for (const char of text) kinds[char.charCodeAt(0)] = kind;

/** The letters after a backslash that stand for white space, and those that stand for themselves. */
const spaces = new Set(Array.from('ntrf', letter));
const selves = new Set(Array.from('"\\/', letter));
/** The bytes after `<` or `[` with which a mark of `contentProblems` can go on. Its patterns ignore case. */
const markStarts = new Set(Array.from('|</_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', letter));
/** The first letters of the headings of `contentProblems` after `### `. */
const headingStarts = new Set(Array.from('IRHAUS', letter));

/**
 * Reads a string of JSON in the bytes of a valid UTF-8 text: checks it, hashes it as {@link Hasher.text} does, and
 * notes what the checks of a row look for. It gives up on rare strings (other control characters, other white space,
 * escaped ASCII, lone surrogates), which another program reads.
 *
 * This is the innermost loop of a check of a file, so it keeps what it finds in fields, and its states in variables.
 */
export class TextScan {
  /** The hash, as {@link Hasher.text} has it before it adds the text. */
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
  /** Whether a mark of a chat template, or of an image or a sound, may be in it. */
  mayHoldMarks = false;
  /** Whether a heading of a prompt template may be in it. */
  mayHoldHeadings = false;
  /** Whether a code block is not closed. */
  hasOpenBlock = false;
  private code = 0;

  /**
   * Scans a string.
   *
   * @param start offset after the opening quote
   * @param stop where the row ends
   * @returns whether it is read; if not, the fields mean nothing
   */
  scan(bytes: Uint8Array, start: number, stop: number): boolean {
    this.mayHoldMarks = false;
    this.mayHoldHeadings = false;
    this.hasOpenBlock = false;
    this.first = afterSpace(bytes, start);
    this.spaceBefore = this.first > start;
    let [one, two] = [startOne, startTwo];
    let [earlierOne, earlierTwo] = [one, two];
    let [before, half, pair] = [0, 0, 0];
    let i = this.first;
    for (; i < stop; i++) {
      let code = byteAt(bytes, i);
      const kind = byteAt(kinds, code);
      if (kind !== plain) {
        if (kind === quote) break;
        const next = this.special(bytes, i, kind, before);
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

  /** Whether a text has no characters but white space. */
  get isBlank(): boolean {
    return this.last === 0;
  }

  /**
   * Reads a byte that is not plain, and sets `code`.
   *
   * @returns the offset of the last byte of the character; −1 to give up
   */
  private special(bytes: Uint8Array, i: number, kind: number, before: number): number {
    this.code = byteAt(bytes, i);
    switch (kind) {
      case backslash:
        return this.escape(bytes, i + 1, before);
      case wide:
        return this.character(bytes, i);
      case opens:
        return this.mark(bytes, i);
      case fence:
        return this.block(bytes, i);
      case comma:
        // `base64,`
        return byteAt(bytes, i - 1) === letter('4') && byteAt(bytes, i - 2) === letter('6') ? -1 : i;
      case colon:
        // `USER: ` and `Human: `
        this.mayHoldHeadings ||= isSpeaker(bytes, i);
        return i;
      case hash:
        this.mayHoldHeadings ||= isHeading(bytes, i);
        return i;
      default:
        return -1;
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
    if (code < 0x80 || isWideSpace(code)) return -1;
    if (isHigh(code) && !(isAt(bytes, i + 5, '\\u') && isLow(fourDigits(bytes, i + 7)))) return -1;
    if (isLow(code) && !isHigh(before)) return -1;
    this.code = code;
    return i + 4;
  }

  /** Reads a character of two to four bytes; one of four as two UTF-16 units, the second at its second byte. */
  private character(bytes: Uint8Array, i: number): number {
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
    if (isWideSpace(code)) return -1;
    this.code = code;
    return byte < 0xe0 ? i + 1 : i + 2;
  }

  /** Looks at what follows `<` or `[`. */
  private mark(bytes: Uint8Array, i: number): number {
    const next = byteAt(bytes, i + 1);
    if (next === backslashByte && escapedMark.has(byteAt(bytes, i + 2))) return -1;
    // `<｜`
    if (next >= 0x80) return -1;
    this.mayHoldMarks ||= markStarts.has(next);
    return i;
  }

  /** Counts the marks of code blocks at the start of lines. */
  private block(bytes: Uint8Array, i: number): number {
    if (!isAt(bytes, i, '```')) return i;
    const lineEnd = i !== this.first && byteAt(bytes, i - 2) === backslashByte && lineEnds.has(byteAt(bytes, i - 1));
    if (lineEnd && byteAt(bytes, i - 3) === backslashByte) return -1;
    if (lineEnd || (i === this.first && !this.spaceBefore)) this.hasOpenBlock = !this.hasOpenBlock;
    else if (i === this.first) return -1;
    return i;
  }
}

const backslashByte = letter('\\');
const escapedMark = new Set(Array.from('/u', letter));
const lineEnds = new Set(Array.from('nr', letter));

/** The offset of the first byte that is no white space, as it is or escaped. */
function afterSpace(bytes: Uint8Array, start: number): number {
  let i = start;
  for (;;) {
    if (byteAt(bytes, i) === space) i++;
    else if (byteAt(bytes, i) === backslashByte && spaces.has(byteAt(bytes, i + 1))) i += 2;
    else return i;
  }
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}

/** Whether the colon at an offset ends `USER` or `Human`. */
function isSpeaker(bytes: Uint8Array, i: number): boolean {
  return isAt(bytes, i - 4, 'USER') || isAt(bytes, i - 5, 'Human');
}

/** Whether three # at an offset begin a heading of a prompt template. */
function isHeading(bytes: Uint8Array, i: number): boolean {
  return isAt(bytes, i, '### ') && headingStarts.has(byteAt(bytes, i + 4));
}
