import { createHash } from 'node:crypto';
import { at } from '../../base/pure/must';

/** Hexadecimal digits of half a key. */
const halfDigits = 8;
/** Bits of the lower half that are not part of a `keyNumber`, which has the first 52 bits of a key. */
const leftOut = 12;

/** The keys of many pairs: 8 bytes each. */
export class PairKeys {
  /** @param halves of each key its lower 32 bits, then its upper 32 bits: 64 bits in the order of small machines */
  constructor(readonly halves: Uint32Array) {}

  get count(): number {
    return this.halves.length / 2;
  }

  /** The first place of a key from its halves; null if there is none. */
  find(low: number, high: number): number | null {
    const { halves } = this;
    for (let i = 0; i < halves.length; i += 2) if (halves[i] === low && halves[i + 1] === high) return i >> 1;
    return null;
  }

  /** SHA-256 of the keys in their order, as hexadecimal digits. */
  digest(): string {
    const { buffer, byteOffset, byteLength } = this.halves;
    return createHash('sha256')
      .update(new Uint8Array(buffer, byteOffset, byteLength))
      .digest('hex');
  }

  /** The key as 16 hexadecimal digits. */
  textAt(index: number): string {
    return hex(at(this.halves, 2 * index + 1)) + hex(at(this.halves, 2 * index));
  }

  /** The key as `keyNumber` has it. */
  numberAt(index: number): number {
    const [low, high] = [at(this.halves, 2 * index), at(this.halves, 2 * index + 1)];
    return high * 2 ** (32 - leftOut) + (low >>> leftOut);
  }
}

function hex(half: number): string {
  return half.toString(16).padStart(halfDigits, '0');
}

/** The halves of a key, which has 16 hexadecimal digits. */
export function halvesOf(key: string): readonly [low: number, high: number] {
  return [Number.parseInt(key.slice(halfDigits), 16), Number.parseInt(key.slice(0, halfDigits), 16)];
}
