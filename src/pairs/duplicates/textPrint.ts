import { at } from '../../base/pure/must';
import { type Hash, mixed } from '../hasher';
import { alone, letterKind, none, unspaced, word } from './letterKinds';

/**
 * Words in a shingle. Broder ("On the resemblance and containment of documents", 1997) leaves the number open; his
 * example has four. The texts of pairs are short: with two, a changed word costs two shingles and not four, and word
 * order still counts.
 */
const wordsInShingle = 2;
/**
 * Letters in a shingle of an alphabet without spaces between words: k = 5 for short documents (Leskovec, Rajaraman,
 * Ullman, "Mining of Massive Datasets", section 3.2.2).
 */
const lettersInShingle = 5;
const firstRoom = 256;

/**
 * Hashes of texts as they are, hashes of their words, and their shingles. The words of a text do not depend on case,
 * white space and punctuation, nor on Unicode's compatible forms (NFKC).
 *
 * For each row: call {@link begin}, then {@link field} and {@link text} for its parts, then read the results.
 */
export class TextPrint {
  private exact = new Mixer();
  private words = new Mixer();
  private fields: Hash[] = [];
  private shingles: Uint32Array<ArrayBuffer> = new Uint32Array(firstRoom);
  private count = 0;
  private seed = 0;
  /** The hashes of the last words of the field: the word number n is at n mod 8. */
  private readonly last = new Int32Array(8);
  private wordsOfField = 0;
  private shinglesBefore = 0;

  begin(): void {
    this.exact = new Mixer();
    this.fields = [];
    this.count = 0;
    this.wordsOfField = 0;
    this.shinglesBefore = 0;
  }

  /**
   * Begins a field of the row; {@link endField} ends it. Shingles of different fields are different, so a row with its
   * answers exchanged has few in common with the row as it was.
   */
  field(seed: number): void {
    this.seed = Math.imul(seed + 1, 0x9e3779b1);
    this.words = new Mixer();
    this.wordsOfField = 0;
    this.shinglesBefore = this.count;
    this.exact.add(seed);
    this.fields.push({ high: seed, low: 0 });
  }

  /** Ends the field. @returns the hash of its words, which is the same in any field; null if it has none */
  endField(): Hash | null {
    const hash = this.words.hash();
    this.fields.push(hash);
    if (this.wordsOfField === 0) return null;
    // A field with fewer words than a shingle is one shingle.
    if (this.count === this.shinglesBefore) this.shingle(this.wordsOfField);
    return hash;
  }

  /** Begins another turn of the field. */
  turn(role: string): void {
    let hash = 0x2545f491;
    for (let i = 0; i < role.length; i++) hash = Math.imul(hash ^ role.charCodeAt(i), 0x9e3779b1);
    this.word(hash >>> 0, wordsInShingle);
  }

  /** Adds a text to the field. */
  text(text: string): void {
    const before = this.wordsOfField;
    if (this.addExact(text)) this.addWords(text);
    else this.addWords(folded(text));
    // A text of punctuation alone has no words: as a whole it is one.
    if (this.wordsOfField === before && text.trim() !== '') this.word(hashOf(text.trim()), wordsInShingle);
  }

  /** The hash of the texts as they are, since {@link begin}. */
  exactHash(): Hash {
    return this.exact.hash();
  }

  /** The hash of their words. */
  wordsHash(): Hash {
    return joinedHash(this.fields);
  }

  /** The hashes of the different shingles, ascending. The caller must copy them before the next row. */
  set(): Uint32Array {
    const found = this.shingles.subarray(0, this.count).sort();
    let kept = 0;
    for (let i = 0; i < found.length; i++) {
      if (i === 0 || found[i] !== found[kept - 1]) found[kept++] = at(found, i);
    }
    return found.subarray(0, kept);
  }

  /** @returns whether the text is ASCII */
  private addExact(text: string): boolean {
    let bits = 0;
    let { one, two } = this.exact;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      bits |= unit;
      one = Math.imul(one ^ unit, 0x9e3779b1);
      one ^= one >>> 15;
      two = Math.imul(two ^ unit, 0x5f356495);
      two ^= two >>> 13;
    }
    this.exact.one = one;
    this.exact.two = two;
    this.exact.add(text.length);
    return bits < 128;
  }

  private addWords(text: string): void {
    let [hash, inWord] = [0, false];
    for (let i = 0; i < text.length; i++) {
      let point = text.charCodeAt(i);
      let kind: number;
      if (point < 128) {
        kind = at(asciiKinds, point);
        point = at(asciiLower, point);
      } else {
        if (point >= 0xd800 && point <= 0xdbff) point = codePointAt(text, i++);
        kind = letterKind(point);
      }
      if (kind === word) {
        hash = Math.imul(hash ^ point, 0x9e3779b1);
        hash ^= hash >>> 15;
        inWord = true;
        continue;
      }
      if (inWord) this.word(hash >>> 0, wordsInShingle);
      [hash, inWord] = [0, false];
      if (kind === alone) this.word(mixed(point), wordsInShingle);
      else if (kind === unspaced) this.word(mixed(point), lettersInShingle);
    }
    if (inWord) this.word(hash >>> 0, wordsInShingle);
  }

  private word(hash: number, inShingle: number): void {
    this.words.add(hash);
    this.last[this.wordsOfField++ & 7] = hash;
    if (this.wordsOfField >= inShingle) this.shingle(inShingle);
  }

  /** Adds the shingle of the last `size` words. */
  private shingle(size: number): void {
    let hash = this.seed;
    for (let i = this.wordsOfField - size; i < this.wordsOfField; i++) {
      hash = Math.imul(hash ^ at(this.last, i & 7), 0x85ebca6b);
      hash ^= hash >>> 13;
    }
    if (this.count === this.shingles.length) this.shingles = twiceAsLong(this.shingles);
    this.shingles[this.count++] = mixed(hash);
  }
}

/** Two independent multiplicative hashes of 32 bits. */
class Mixer {
  one = 0x9e3779b9;
  two = 0x85ebca6b;

  add(unit: number): void {
    this.one = Math.imul(this.one ^ unit, 0x9e3779b1);
    this.one ^= this.one >>> 15;
    this.two = Math.imul(this.two ^ unit, 0x5f356495);
    this.two ^= this.two >>> 13;
  }

  hash(): Hash {
    return {
      high: mixed(this.one ^ Math.imul(this.two, 0x27d4eb2f)),
      low: mixed(this.two ^ Math.imul(this.one, 0x165667b1)),
    };
  }
}

/** One hash of several, in their order. */
export function joinedHash(hashes: readonly Hash[]): Hash {
  const mixer = new Mixer();
  for (const { high, low } of hashes) {
    mixer.add(high);
    mixer.add(low);
  }
  return mixer.hash();
}

/** The text in compatible forms (NFKC) without case. The upper case first, so that ß is the same as SS. */
function folded(text: string): string {
  return text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

const asciiKinds = Uint8Array.from({ length: 128 }, (_, unit) => letterKind(unit));
const asciiLower = Uint8Array.from({ length: 128 }, (_, unit) =>
  asciiKinds[unit] === none ? unit : String.fromCharCode(unit).toLowerCase().charCodeAt(0),
);

function codePointAt(text: string, index: number): number {
  return text.codePointAt(index) as number;
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x9e3779b1);
  return mixed(hash);
}

function twiceAsLong(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(2 * numbers.length);
  longer.set(numbers);
  return longer;
}
