import { at } from '../../base/pure/must';
import { lineBytes } from '../lineText';
import { BytePattern, maxPatternBytes } from './bytePattern';
import { letterForms } from './letterForms';

/** What the bytes of a row with a word must contain: one of these, at least once. */
export interface WordPattern {
  /** A part of the word as it stands in the bytes. */
  readonly part: BytePattern;
  /** Which character of the word the part begins with. */
  readonly at: number;
  /** Forms of letters of the part that take another number of bytes, such as the Kelvin sign for "k". */
  readonly others: readonly BytePattern[];
  /** The UTF-16 units that a character of the part may be written as in a \u escape. */
  readonly units: ReadonlySet<number>;
}

/**
 * Characters that JSON may write as an escape of two characters, each with the bytes that may end it in either form.
 */
const short: ReadonlyMap<string, string> = new Map([
  [' ', ' nrt0'],
  ['"', '"2'],
  ['\\', '\\cC'],
  ['/', '/fF'],
]);
/** Whether these become lower case depends on the letters around them. */
const sigmas = 'σς';

/**
 * The pattern of a word in lower case, made from its longest part without characters that may come from a short escape;
 * null if it has no such part. A row whose `searchable` text contains the word has bytes that contain the pattern.
 */
export function wordPattern(word: string): WordPattern | null {
  const characters = [...word];
  let [from, to, most] = [0, 0, 0];
  for (let start = 0; start < characters.length; start++) {
    let [end, bytes] = [start, 0];
    for (; end < characters.length && isCertain(at(characters, end)); end++) {
      bytes += lineBytes(at(characters, end)).length;
      if (bytes > maxPatternBytes - 2) break;
      if (bytes > most) [from, to, most] = [start, end + 1, bytes];
    }
  }
  return most === 0 ? null : patternOf(characters, from, to);
}

function isCertain(character: string): boolean {
  return !short.has(character) && character >= ' ' && !/\p{Surrogate}/u.test(character) && !sigmas.includes(character);
}

/** The pattern of the characters `from … to - 1` and, where it helps, of the bytes beside them. */
function patternOf(word: readonly string[], from: number, to: number): WordPattern {
  const before = from > 0 ? at(word, from - 1) : '';
  const after = to < word.length ? at(word, to) : '';
  const sets: number[][] = [];
  const others: BytePattern[] = [];
  const units = new Set<number>();
  const last = short.get(before);
  if (last !== undefined) sets.push([...lineBytes(last)]);
  for (const character of word.slice(from, to)) {
    const { length } = lineBytes(character);
    const places: number[][] = Array.from({ length }, () => []);
    for (const form of letterForms(character)) {
      for (let i = 0; i < form.length; i++) units.add(form.charCodeAt(i));
      const bytes = lineBytes(form);
      if (bytes.length === length) for (const [i, byte] of bytes.entries()) at(places, i).push(byte);
      else others.push(new BytePattern(Array.from(bytes, (byte) => [byte])));
    }
    sets.push(...places);
  }
  if (short.has(after)) sets.push([...lineBytes(`${after}\\`)]);
  return { part: new BytePattern(sets), at: last === undefined ? from : from - 1, others, units };
}
