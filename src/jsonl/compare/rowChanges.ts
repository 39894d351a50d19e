import { at } from '../../base/pure/must';
import { type ChangeCounts, type ChangeKind, changeKinds } from '../../pairs/compare/changeKind';
import { type Edit, splicesOf } from '../../pairs/edits';

const bits: Readonly<Record<ChangeKind, number>> = { added: 1, edited: 2, moved: 4 };
/** The kinds of each combination of bits. */
const combinations: readonly (readonly ChangeKind[])[] = Array.from({ length: 8 }, (_, code) =>
  changeKinds.filter((kind) => (code & bits[kind]) !== 0),
);

/** The origin of a row that was added. */
const none = -1;

/** How the rows of one file became those of another; 5 bytes a row. */
export class RowChanges {
  private length: number;

  constructor(
    private origins: Int32Array,
    private codes: Uint8Array,
    /** Rows of the old file that no row of the new file comes from, ascending from 0. */
    readonly lost: Int32Array,
  ) {
    this.length = origins.length;
  }

  /** The row of the old file that a row comes from; null if it was added. */
  originOf(row: number): number | null {
    const origin = row < this.length ? at(this.origins, row) : none;
    return origin === none ? null : origin;
  }

  kindsOf(row: number): readonly ChangeKind[] {
    return row < this.length ? at(combinations, at(this.codes, row)) : at(combinations, bits.added);
  }

  /** The row of the new file that comes from a row of the old one; null if there is none. */
  rowFrom(origin: number): number | null {
    const row = this.origins.subarray(0, this.length).indexOf(origin);
    return row < 0 ? null : row;
  }

  /** Where a lost row belongs: after the row that comes from the nearest row above it in the old file. */
  placeFor(origin: number): number {
    let [nearest, place] = [none, 0];
    for (let row = 0; row < this.length; row++) {
      const from = at(this.origins, row);
      if (from <= nearest || from >= origin) continue;
      nearest = from;
      place = row + 1;
    }
    return place;
  }

  get counts(): ChangeCounts {
    const counts = { added: 0, edited: 0, moved: 0, lost: this.lost.length };
    for (let row = 0; row < this.length; row++)
      for (const kind of at(combinations, at(this.codes, row))) counts[kind]++;
    return counts;
  }

  /** Follows an edit, until the rows are compared again. */
  apply(edit: Edit): void {
    if (edit.op === 'replace' && at(this.origins, edit.row) !== none)
      this.codes[edit.row] = at(this.codes, edit.row) | bits.edited;
    const moved = edit.op === 'move' ? this.copied(edit.from, edit.count) : null;
    const splices = splicesOf(edit);
    for (const { row, removed, added } of splices) this.splice(row, removed, added);
    const place = splices.at(-1);
    if (!moved || !place) return;
    this.origins.set(moved.origins, place.row);
    this.codes.set(
      moved.codes.map((code) => ((code & bits.added) === 0 ? code | bits.moved : code)),
      place.row,
    );
  }

  private copied(from: number, count: number): { readonly origins: Int32Array; readonly codes: Uint8Array } {
    return { origins: this.origins.slice(from, from + count), codes: this.codes.slice(from, from + count) };
  }

  private splice(row: number, removed: number, added: number): void {
    const length = this.length + added - removed;
    if (length > this.origins.length) {
      const room = Math.ceil(length * 1.1) + 16;
      const [origins, codes] = [new Int32Array(room), new Uint8Array(room)];
      origins.set(this.origins);
      codes.set(this.codes);
      [this.origins, this.codes] = [origins, codes];
    }
    this.origins.copyWithin(row + added, row + removed, this.length);
    this.codes.copyWithin(row + added, row + removed, this.length);
    this.origins.fill(none, row, row + added);
    this.codes.fill(bits.added, row, row + added);
    this.length = length;
  }
}

/**
 * Codes of rows.
 *
 * @param origins for each row of the new file, its row of the old file; -1 if it was added
 */
export function changeCode(origin: number, isSame: boolean, isMoved: boolean): number {
  if (origin === none) return bits.added;
  return (isSame ? 0 : bits.edited) | (isMoved ? bits.moved : 0);
}
