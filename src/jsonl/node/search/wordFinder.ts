import { at, must } from '../../../base/pure/must';
import { lineText } from '../../lineText';
import { searchable } from '../../search/searchable';
import { wordPattern } from '../../search/wordPattern';
import { WordPlaces } from './wordPlaces';

const backslash = 0x5c;
/** Most bytes of one UTF-16 unit: a \u escape. */
const unitBytes = 6;

/** Finds a word in the bytes of rows. A row has the word if its `searchable` text does. */
export class WordFinder {
  private readonly pattern;
  private readonly candidates: WordPlaces | null;
  /** Bytes before and after a hit in which the word must lie. */
  private readonly reach: number;
  /** Whether the case of its letters depends on the rest of the row. */
  private readonly needsRow: boolean;
  /** The bytes of a word of ASCII characters. */
  private readonly ascii: Buffer | null;

  /** @param word in lower case, not empty */
  constructor(private readonly word: string) {
    this.pattern = wordPattern(word);
    this.candidates = this.pattern && new WordPlaces(this.pattern);
    this.reach = unitBytes * word.length;
    this.needsRow = /[σς]/.test(word);
    this.ascii = /^[ -~]+$/.test(word) ? Buffer.from(word) : null;
  }

  /**
   * The length of the pattern that each row with the word must contain. 0: there is none, so each row has to be
   * decoded.
   */
  get certain(): number {
    return this.pattern?.part.length ?? 0;
  }

  /** The places in some rows at which the word may be; see {@link WordPlaces.in}. */
  places(bytes: Buffer): (from: number) => number {
    return must(this.candidates, 'the pattern of a word that is decoded').in(bytes);
  }

  /** Whether the row `bytes[start … end - 1]` has the word at one of its {@link places}, which is in the row. */
  isAt(place: number, bytes: Buffer, start: number, end: number): boolean {
    const plain = this.isPlainAt(place, bytes, start, end);
    if (plain !== null) return plain;
    if (this.needsRow) return this.isIn(bytes.subarray(start, end));
    const from = cleanStart(bytes, Math.max(start, place - this.reach), start);
    const to = cleanEnd(bytes, Math.min(end, place + this.reach + this.certain), end);
    return this.isIn(bytes.subarray(from, to));
  }

  /** Whether a row has the word. */
  has(row: Buffer): boolean {
    if (!this.pattern) return this.isIn(row);
    const next = this.places(row);
    for (let place = next(0); place < row.length; place = next(place + 1))
      if (this.isAt(place, row, 0, row.length)) return true;
    return false;
  }

  /** Whether a row's text has the word. */
  isInText(text: string): boolean {
    return searchable(text).includes(this.word);
  }

  /**
   * Whether a word of ASCII characters is at a place where a part of it was found; null if escapes or other characters
   * are next to it, because one of them may be a letter of the word.
   */
  private isPlainAt(place: number, bytes: Buffer, start: number, end: number): boolean | null {
    const { ascii, pattern } = this;
    if (!ascii || !pattern) return null;
    const first = place - pattern.at;
    const last = Math.min(end, first + ascii.length);
    for (let i = Math.max(start, first - unitBytes + 1); i < last; i++) {
      const byte = at(bytes, i);
      if (byte === backslash || byte >= 0x80) return null;
    }
    if (first < start || last - first < ascii.length) return false;
    for (let i = 0; i < ascii.length; i++) if (lowerCase(at(bytes, first + i)) !== ascii[i]) return false;
    return true;
  }

  private isIn(bytes: Uint8Array): boolean {
    return this.isInText(lineText(bytes));
  }
}

/** The last offset up to `from` at which neither an escape nor a character is cut in two. */
function cleanStart(bytes: Buffer, from: number, start: number): number {
  let clean = from;
  while (clean > start && (isInCharacter(bytes, clean) || followsBackslash(bytes, clean, start))) clean--;
  return clean;
}

function cleanEnd(bytes: Buffer, to: number, end: number): number {
  let clean = to;
  while (clean < end && (isInCharacter(bytes, clean) || followsBackslash(bytes, clean, 0))) clean++;
  return clean;
}

function isInCharacter(bytes: Buffer, offset: number): boolean {
  return (at(bytes, offset) & 0xc0) === 0x80;
}

/** Whether an escape that began before an offset may not have ended there. */
function followsBackslash(bytes: Buffer, offset: number, start: number): boolean {
  for (let i = Math.max(start, offset - unitBytes + 1); i < offset; i++) if (bytes[i] === backslash) return true;
  return false;
}

function lowerCase(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}
