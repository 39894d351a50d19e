import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import { commaMistake, valueMistake } from '../pairs/jsonMistakes';
import { maxLineBytes } from './lineScanner';
import { TextPlace } from './textPlace';

/** How a file that is not JSON Lines holds its rows: in one array, or as objects one after the other. */
export type ElementLayout = 'array' | 'objects';

/**
 * Called for each element: the offsets of its first byte and after its last byte, the text before it (from the start of
 * the file or the end of the element before it), and the line of its first byte, from 1.
 */
export type OnElement = (start: number, end: number, gap: string, line: number) => void;

/** Most bytes of white space between two elements. */
const maxGapBytes = 1 << 20;

const [plain, opens, closes, blank, quote, lineEnd] = [0, 1, 2, 3, 0x22, 0x0a] as const;
/** What each byte is; the others are plain. */
const kinds = new Uint8Array(256);
for (const char of '{[') kinds[char.charCodeAt(0)] = opens;
for (const char of '}]') kinds[char.charCodeAt(0)] = closes;
for (const char of ' \t\r') kinds[char.charCodeAt(0)] = blank;
for (const byte of [quote, lineEnd]) kinds[byte] = byte;

/** The characters of numbers and words. Any other character ends a number or word. */
const wordChar = /^[-+.\w]$/;
const backslash = 0x5c;
const mark = [0xef, 0xbb, 0xbf];
/** Bytes of a string that are read one by one, which takes as long as a call of `indexOf`. */
const nearBytes = 48;

/** What the scanner expects next; `element` inside an element. */
type Place = 'start' | 'first' | 'value' | 'element' | 'comma' | 'object' | 'closed';

/**
 * Finds the elements of a JSON array in a stream of bytes, or the objects of a file that has one after the other, on
 * any number of lines. It counts brackets and skips strings. It does not check whether an element is JSON; `readPair`
 * does. So if `JSON.parse` rejects a text, either the scanner rejects it, or one of its elements is not JSON. It is
 * about three times as fast as `JSON.parse` (rows of 2.5 KB: 1.2 GB/s against 0.4 GB/s on one core; rows of 40 bytes:
 * 0.1 against 0.03).
 *
 * Of the bytes `[{"a": 1}, 2]` the elements are at 1 … 8 with the gap `[`, and at 10 … 11 with the gap `, `; at the
 * end, {@link gap} is `]`.
 */
export class ElementScanner {
  /** Complete elements so far. */
  elements = 0;
  /** The text after the last element so far. */
  gap = '';
  /** Bytes of the byte order mark: 3 or 0. */
  bomLength = 0;
  private readonly place = new TextPlace();
  private next: Place = 'start';
  private found: ElementLayout = 'objects';
  /** The element that has begun: its first byte and line, its open brackets, and what the last chunk ended in. */
  private start = 0;
  private startLine = 1;
  private depth = 0;
  private inString = false;
  private inWord = false;
  private lastGap = '';
  /** Whether a backslash at the end of the last chunk escapes the first byte of the next one. */
  private escaped = false;

  /**
   * @param file names the file in errors
   * @param limit bytes of the longest element that is accepted
   */
  constructor(
    private readonly file: string,
    private readonly limit = maxLineBytes,
  ) {}

  /** Bytes pushed so far. */
  get position(): number {
    return this.place.end;
  }

  /** The line of the last byte, from 1. */
  get line(): number {
    return this.place.line;
  }

  /** Known after the first byte that is not white space. Before, and for a file of white space, it is `objects`. */
  get layout(): ElementLayout {
    return this.found;
  }

  /**
   * Scans the next bytes.
   *
   * @throws MarginError `json-syntax` with line and column, `row-too-long`, `gap-too-long`
   */
  push(chunk: Uint8Array, onElement: OnElement): void {
    const base = this.position;
    this.place.enter(chunk);
    let i = base < mark.length ? this.skipMark(chunk, base) : 0;
    while (i < chunk.length) {
      if (this.next !== 'element') i = this.outside(chunk, i, base);
      else {
        i = this.inside(chunk, i);
        if (this.next === 'element') break;
        this.checkLength(base + i);
        this.elements++;
        onElement(this.start, base + i, this.gap, this.startLine);
        this.lastGap = this.gap;
        this.gap = '';
      }
    }
    if (this.next === 'element') this.checkLength(this.position);
  }

  /** Call this after the last byte. @throws MarginError `json-syntax` if the file ends too early */
  end(): void {
    if (this.next === 'closed' || this.next === 'object' || this.next === 'start') return;
    const where =
      this.next === 'element'
        ? `inside row ${this.elements + 1}, which begins in line ${this.startLine}`
        : 'before the "]" that closes its array';
    const message = `${this.file} ends in line ${this.place.line}, ${where}. It was cut off: download or write it again.`;
    throw new MarginError('json-syntax', message, { file: this.file, line: this.place.line });
  }

  private skipMark(chunk: Uint8Array, base: number): number {
    let i = 0;
    while (base + i < mark.length && i < chunk.length && this.bomLength === base + i && chunk[i] === mark[base + i]) {
      this.bomLength++;
      i++;
    }
    this.place.skip(i);
    return i;
  }

  /** Reads white space, commas and brackets up to the first byte of an element. @returns the index of that byte */
  private outside(chunk: Uint8Array, from: number, base: number): number {
    let i = from;
    for (; i < chunk.length; i++) {
      const kind = kinds[at(chunk, i)];
      if (kind === lineEnd) this.place.newLine(i);
      else if (kind !== blank && this.begins(chunk, i)) break;
    }
    this.gap += textOf(chunk, from, i, this.lastGap);
    if (this.gap.length > maxGapBytes) this.failGap();
    if (i === chunk.length) return i;
    this.start = base + i;
    this.startLine = this.place.line;
    this.inWord = kinds[at(chunk, i)] === plain;
    this.next = 'element';
    return i;
  }

  /** Whether an element begins with this character. If not, it is the character that was expected. */
  private begins(chunk: Uint8Array, i: number): boolean {
    const char = String.fromCharCode(at(chunk, i));
    const rest = (): string => String.fromCharCode(...chunk.subarray(i, i + 20));
    switch (this.next) {
      case 'start':
        if (char === '[') {
          this.found = 'array';
          this.next = 'first';
        } else if (char !== '{') this.fail('expected "[" or "{", with which rows begin', i);
        return char === '{';
      case 'object':
        if (char === ',') this.fail('a comma between objects without "[" and "]" around them: delete it', i);
        if (char !== '{') this.fail('expected "{", with which the next row begins', i);
        return true;
      case 'comma':
        if (char !== ',' && char !== ']') this.fail(commaMistake(rest(), ']', ''), i);
        this.next = char === ',' ? 'value' : 'closed';
        return false;
      case 'closed':
        return this.fail('more text after the "]" that closes the array: delete it', i);
      default:
        if (char === ']' && this.next === 'value') this.fail('a comma before "]": delete it', i);
        if (char === ',') this.fail('a row is missing before this comma: delete the comma', i);
        if (char === ']') this.next = 'closed';
        else if (!/^[{["\w-]$/.test(char)) this.fail(valueMistake(rest()) ?? 'expected a row', i);
        return char !== ']';
    }
  }

  /** Reads the rest of the element that has begun. @returns the index after it, or the end of the chunk */
  private inside(chunk: Uint8Array, from: number): number {
    const i = this.inWord ? wordEnd(chunk, from) : this.nested(chunk, from);
    // A word at the end of a chunk may continue in the next one.
    if (this.inWord ? i === chunk.length : this.inString || this.depth > 0) return i;
    this.next = this.found === 'array' ? 'comma' : 'object';
    return i;
  }

  /** Reads up to the end of the string, or up to the bracket that closes the element. */
  private nested(chunk: Uint8Array, from: number): number {
    let i = this.inString ? this.string(chunk, from) : from;
    let { depth } = this;
    for (; i < chunk.length && !(depth === 0 && i > from); i++) {
      const kind = kinds[at(chunk, i)];
      if (kind === plain || kind === blank) continue;
      if (kind === quote) i = this.string(chunk, i + 1) - 1;
      else if (kind === opens) depth++;
      else if (kind === closes) depth--;
      else this.place.newLine(i);
    }
    this.depth = depth;
    return i;
  }

  /** @returns the index after the quote that ends a string, or the end of the chunk if that has no such quote */
  private string(chunk: Uint8Array, from: number): number {
    const first = this.escaped ? from + 1 : from;
    const near = this.escaped ? -1 : nearQuote(chunk, from);
    if (near >= 0) {
      this.inString = false;
      return near + 1;
    }
    this.escaped = false;
    let end = chunk.indexOf(quote, first);
    while (end >= 0 && isEscaped(chunk, first, end)) end = chunk.indexOf(quote, end + 1);
    const stop = end < 0 ? chunk.length : end;
    const broken = this.place.lineEndIn(from, stop);
    if (broken >= 0) this.fail('the line ends inside a string: a quote is missing, or write the break as \\n', broken);
    this.inString = end < 0;
    if (this.inString) this.escaped = isEscaped(chunk, first, stop);
    return end < 0 ? stop : end + 1;
  }

  private checkLength(end: number): void {
    if (end - this.start <= this.limit) return;
    const megabytes = Math.floor(this.limit / (1024 * 1024));
    const [row, line] = [this.elements + 1, this.startLine];
    const message = `${this.file}, row ${row} in line ${line}: longer than ${megabytes} MB. Is each row one element?`;
    throw new MarginError('row-too-long', message, { file: this.file, line });
  }

  private failGap(): never {
    const message = `${this.file}, line ${this.place.line}: more than 1 MB of white space after row ${this.elements}. Delete it.`;
    throw new MarginError('gap-too-long', message, { file: this.file, line: this.place.line });
  }

  private fail(reason: string, index: number): never {
    const message = `${this.file}, ${this.place.nameOf(index)}: ${reason}.`;
    throw new MarginError('json-syntax', message, { file: this.file, line: this.place.line });
  }
}

function wordEnd(chunk: Uint8Array, from: number): number {
  let i = from;
  while (i < chunk.length && wordChar.test(String.fromCharCode(at(chunk, i)))) i++;
  return i;
}

/** The quote that ends a string, if it comes soon and without an escape or a line end before it; else -1. */
function nearQuote(chunk: Uint8Array, from: number): number {
  const end = Math.min(chunk.length, from + nearBytes);
  for (let i = from; i < end; i++) {
    const byte = chunk[i];
    if (byte === quote) return i;
    if (byte === backslash || byte === lineEnd) return -1;
  }
  return -1;
}

/** ASCII as text. If it equals `usual`, that string itself is returned, so that a million equal gaps are one string. */
function textOf(chunk: Uint8Array, from: number, to: number, usual: string): string {
  if (to - from === usual.length) {
    let same = 0;
    while (same < usual.length && chunk[from + same] === usual.charCodeAt(same)) same++;
    if (same === usual.length) return usual;
  }
  let text = '';
  for (let i = from; i < to; i++) text += String.fromCharCode(at(chunk, i));
  return text;
}

/** Whether the byte at `index` follows an odd number of backslashes. Only bytes from `first` on count. */
function isEscaped(chunk: Uint8Array, first: number, index: number): boolean {
  let i = index;
  while (i > first && chunk[i - 1] === backslash) i--;
  return (index - i) % 2 === 1;
}
