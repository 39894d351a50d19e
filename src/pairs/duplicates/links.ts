import { at } from '../../base/pure/must';

export type LinkKind = 'exact' | 'normalised' | 'near';

const kinds: readonly LinkKind[] = ['exact', 'normalised', 'near'];
const firstRoom = 1024;

/** Two rows that are duplicates. Rows count from 0 over all files. */
export interface Link {
  readonly earlier: number;
  readonly later: number;
  readonly kind: LinkKind;
  /** The Jaccard similarity of their shingles; 1 unless the kind is `near`. */
  readonly similarity: number;
}

/** Links between rows, in typed arrays of 13 bytes a link, and the groups of rows that they connect. */
export class Links {
  private earlier = new Uint32Array(firstRoom);
  private later = new Uint32Array(firstRoom);
  private similarity = new Float32Array(firstRoom);
  private kind = new Uint8Array(firstRoom);
  /** Another row of the same group, nearer to its first row; the row itself if it is the first (union–find). */
  private readonly parents: Uint32Array;
  count = 0;

  constructor(readonly rows: number) {
    this.parents = Uint32Array.from({ length: rows }, (_, row) => row);
  }

  add({ earlier, later, kind, similarity }: Link): void {
    if (this.count === this.kind.length) this.grow();
    this.earlier[this.count] = earlier;
    this.later[this.count] = later;
    this.similarity[this.count] = similarity;
    this.kind[this.count] = kinds.indexOf(kind);
    this.count++;
    this.connect(earlier, later);
  }

  at(index: number): Link {
    return {
      earlier: at(this.earlier, index),
      later: at(this.later, index),
      kind: at(kinds, at(this.kind, index)),
      similarity: at(this.similarity, index),
    };
  }

  /** The first row of the group of a row. */
  firstOf(row: number): number {
    let first = row;
    for (let up = at(this.parents, first); up !== first; up = at(this.parents, first)) {
      // Halves the path for the next time.
      this.parents[first] = at(this.parents, up);
      first = at(this.parents, first);
    }
    return first;
  }

  /** Puts two rows into one group. */
  connect(one: number, other: number): void {
    const [a, b] = [this.firstOf(one), this.firstOf(other)];
    this.parents[Math.max(a, b)] = Math.min(a, b);
  }

  private grow(): void {
    const room = 2 * this.kind.length;
    this.earlier = copied(this.earlier, new Uint32Array(room));
    this.later = copied(this.later, new Uint32Array(room));
    this.similarity = copied(this.similarity, new Float32Array(room));
    this.kind = copied(this.kind, new Uint8Array(room));
  }
}

function copied<Numbers extends { set(from: ArrayLike<number>): void }>(
  from: ArrayLike<number>,
  into: Numbers,
): Numbers {
  into.set(from);
  return into;
}
