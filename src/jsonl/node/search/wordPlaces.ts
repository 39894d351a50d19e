import { at } from '../../../base/pure/must';
import { BytePattern, maxPatternBytes } from '../../search/bytePattern';
import type { WordPattern } from '../../search/wordPattern';
import { ByteScanner } from './byteScanner';

const backslash = 0x5c;
const letterU = 0x75;
const escape = new BytePattern([[backslash], [letterU]]);
const escapeBytes = 6;

/** Finds the places where the pattern of a word occurs, or one of its letters as an escape. */
export class WordPlaces {
  private readonly scanner = new ByteScanner();

  constructor(private readonly pattern: WordPattern) {}

  /**
   * The places in `bytes` where the word may be. Call the result with ascending offsets: it gives the first such place
   * from there on, or the length of `bytes`.
   */
  in(bytes: Buffer): (from: number) => number {
    const { scanner } = this;
    const patterns = [this.pattern.part, ...this.pattern.others];
    /** The bytes that the scanner holds. A pattern that begins in their last bytes may reach beyond them. */
    let [start, end] = [0, 0];
    /** The next place of each pattern, and of the escapes; `bytes.length` if the scanner holds none. */
    const next = [...patterns, escape].map(() => -1);
    const find = (i: number, from: number): number => {
      const pattern = patterns[i];
      const place = pattern ? scanner.find(pattern, from - start) : this.escapeIn(bytes, start, end, from);
      return place < 0 ? bytes.length : start + place;
    };
    return (from) => {
      for (let offset = from; ;) {
        if (offset >= end || (end < bytes.length && offset > end - maxPatternBytes)) {
          [start, end] = [offset, Math.min(bytes.length, offset + ByteScanner.most)];
          scanner.load(bytes.subarray(start, end));
          next.fill(-1);
        }
        let first = bytes.length;
        for (let i = 0; i < next.length; i++) {
          if (at(next, i) < offset) next[i] = find(i, offset);
          first = Math.min(first, at(next, i));
        }
        // Later hits are not final: another pattern may begin before them and reach beyond the scanner's bytes.
        if (first <= (end < bytes.length ? end - maxPatternBytes : bytes.length)) return first;
        offset = Math.max(offset, end - maxPatternBytes + 1);
      }
    };
  }

  /** The first escape of a letter from an offset on, counted from `start`; -1 if the scanner holds none. */
  private escapeIn(bytes: Buffer, start: number, end: number, from: number): number {
    const { units } = this.pattern;
    for (let next = from; ;) {
      const found = this.scanner.find(escape, next - start);
      if (found < 0) return -1;
      next = start + found;
      // Escapes often follow each other: looking here is faster than to ask the scanner for each.
      while (next < end && bytes[next] === backslash && bytes[next + 1] === letterU) {
        const unit = unitAt(bytes, next + 2);
        if (units.has(unit)) return next - start;
        next += unit < 0 ? 2 : escapeBytes;
      }
    }
  }
}

/** The number that four hexadecimal digits make; negative if there are others. */
function unitAt(bytes: Buffer, offset: number): number {
  let unit = 0;
  for (let i = offset; i < offset + 4; i++) unit = (unit << 4) | digit(bytes[i]);
  return unit;
}

function digit(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
