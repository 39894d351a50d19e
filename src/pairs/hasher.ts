import { at } from '../base/pure/must';

/** 64 bits as two unsigned 32-bit numbers. The odds that two of a million rows collide are 1 in 37 million. */
export interface Hash {
  readonly high: number;
  readonly low: number;
}

/** As signed numbers: a variable that also holds unsigned ones is slower. */
export const startOne = 0x9e3779b9 | 0;
export const startTwo = 0x85ebca6b | 0;
export const factorOne = 0x9e3779b1 | 0;
export const factorTwo = 0x5f356495;
/** All white space and control characters count as this one. */
export const space = 0x20;
/** Texts are mixed as halves of 16 bits, and texts in a list as digests, so nothing else is this unit. */
const endOfList = 0x10001;

/** Two independent multiplicative hashes of 32 bits, finished with the mix of MurmurHash3 (`fmix32`). */
export class Hasher {
  private one = startOne;
  private two = startTwo;

  /** Forgets all that was added. */
  reset(): this {
    this.one = startOne;
    this.two = startTwo;
    return this;
  }

  /** Continues from where another hasher is. */
  copy({ one, two }: Hasher): this {
    this.one = one;
    this.two = two;
    return this;
  }

  unit(code: number): this {
    const one = Math.imul(this.one ^ code, factorOne);
    this.one = one ^ (one >>> 15);
    const two = Math.imul(this.two ^ code, factorTwo);
    this.two = two ^ (two >>> 13);
    return this;
  }

  /** Adds a text, see {@link textHash}. */
  text(text: string): this {
    const { one, two, half } = textHash(text);
    return this.unit(half).unit(one).unit(two);
  }

  endList(): this {
    return this.unit(endOfList);
  }

  /** Adds a hash that {@link write} has written. */
  add(numbers: Uint32Array, place: number): this {
    return this.unit(at(numbers, place)).unit(at(numbers, place + 1));
  }

  /** Adds a finished hash. */
  hash({ high, low }: Hash): this {
    return this.unit(high).unit(low);
  }

  get high(): number {
    return mixed(this.one ^ Math.imul(this.two, 0x27d4eb2f));
  }

  get low(): number {
    return mixed(this.two ^ Math.imul(this.one, 0x165667b1));
  }

  /** Writes both halves of the hash. */
  write(numbers: Uint32Array, place: number): void {
    numbers[place] = this.high;
    numbers[place + 1] = this.low;
  }

  get finished(): Hash {
    return { high: this.high, low: this.low };
  }
}

/** The two hashes of a text, and its last UTF-16 unit if that has no partner. */
export interface TextHash {
  readonly one: number;
  readonly two: number;
  readonly half: number;
}

/**
 * Hashes a text with its white space normalised. Two characters are mixed at a time, in local variables. A text is
 * hashed apart from what comes before it, so that `TextScan` can hash the bytes of a row before it knows what they are.
 */
export function textHash(text: string): TextHash {
  let [one, two] = [startOne, startTwo];
  let [before, half] = [space, 0];
  const end = text.trimEnd().length;
  for (let i = 0; i < end; i++) {
    const unit = text.charCodeAt(i);
    const code = unit < space || (unit > 0x84 && isWideSpace(unit)) ? space : unit;
    // A space after a space; the first character comes after one.
    if ((code | before) === space) continue;
    before = code;
    if (half === 0) {
      half = code;
      continue;
    }
    const pair = half | (code << 16);
    half = 0;
    one = Math.imul(one ^ pair, factorOne);
    one ^= one >>> 15;
    two = Math.imul(two ^ pair, factorTwo);
    two ^= two >>> 13;
  }
  return { one, two, half };
}

/** Whether a UTF-16 unit above 0x84 is white space. */
export function isWideSpace(code: number): boolean {
  if (code === 0x85 || code === 0xa0) return true;
  if (code < 0x2000) return code === 0x1680;
  return code <= 0x200a || (code >= 0x2028 && code <= 0x202f) || code === 0x3000 || code === 0xfeff;
}

export function mixed(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
