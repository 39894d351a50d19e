import { at } from '../../base/pure/must';

/** Longest pattern: each of its places is one bit of a number. */
export const maxPatternBytes = 31;

/**
 * One byte of a pattern, as a quick test: if `mask` is set in an allowed byte, the result is `value`. Few other bytes
 * pass.
 */
export interface Anchor {
  readonly place: number;
  readonly mask: number;
  readonly value: number;
}

/** A sequence of bytes, of which each may be one of several. */
export class BytePattern {
  readonly length: number;
  /** The two bytes of the pattern that are rarest in texts, in order; the same one twice in a pattern of one byte. */
  readonly anchors: readonly [Anchor, Anchor];
  /** For each value of a byte, the places of the pattern where it is allowed, as bits. */
  private readonly places = new Uint32Array(256);

  /** @param sets the bytes that may stand at each place; 1 to {@link maxPatternBytes} places */
  constructor(sets: readonly (readonly number[])[]) {
    this.length = sets.length;
    for (const [place, bytes] of sets.entries())
      for (const byte of bytes) this.places[byte] = at(this.places, byte) | (1 << place);
    const rarest = [...sets.keys()].sort((a, b) => commonness(at(sets, a)) - commonness(at(sets, b)));
    const [one = 0, other = one] = rarest;
    this.anchors = [anchorAt(sets, Math.min(one, other)), anchorAt(sets, Math.max(one, other))];
  }

  /** Whether the pattern stands at an offset. */
  isAt(bytes: Uint8Array, offset: number): boolean {
    if (offset < 0 || offset + this.length > bytes.length) return false;
    for (let place = 0; place < this.length; place++)
      if (((at(this.places, at(bytes, offset + place)) >>> place) & 1) === 0) return false;
    return true;
  }
}

function anchorAt(sets: readonly (readonly number[])[], place: number): Anchor {
  const bytes = at(sets, place);
  const first = at(bytes, 0);
  const mask = bytes.reduce((bits, byte) => bits | (byte ^ first), 0);
  return { place, mask, value: first | mask };
}

/** The characters of English texts in JSON, the most common first. */
const common = ' etaoinsrhldcumfpgwyb,.vk"n:1023\\-()xjqz';

/** How often one of the bytes stands in a text, as a rank; bytes that are not in the list are rare. */
function commonness(bytes: readonly number[]): number {
  const ranks = bytes.map((byte) => common.indexOf(String.fromCharCode(byte)));
  return Math.max(...ranks.map((rank) => (rank < 0 ? 0 : common.length - rank)));
}
