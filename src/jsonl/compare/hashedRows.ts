import { at, must } from '../../base/pure/must';
import { type ComparedPart, comparedParts } from '../../pairs/compare/rowHash';

/** The rows of a file as they are compared, see `hashOf`. */
export interface HashedRows {
  readonly count: number;
  /** NaN if the row has no such text. */
  hash(of: ComparedPart, row: number): number;
}

const firstRoom = 1024;

/** The hashes of rows that are read in order; 40 bytes a row. */
export class HashTable implements HashedRows {
  private used = 0;
  private readonly columns = new Map(comparedParts.map((of) => [of, new Float64Array(firstRoom)]));

  get count(): number {
    return this.used;
  }

  hash(of: ComparedPart, row: number): number {
    return at(this.column(of), row);
  }

  /** Adds a row. `hashOf` gives the hash of one of its parts. */
  add(hashOf: (of: ComparedPart) => number | null): void {
    for (const of of comparedParts) {
      const column = this.column(of);
      column[this.used] = hashOf(of) ?? Number.NaN;
    }
    this.used++;
    if (this.used < this.column('row').length) return;
    for (const [of, column] of this.columns) {
      const larger = new Float64Array(Math.ceil(this.used * 1.5));
      larger.set(column);
      this.columns.set(of, larger);
    }
  }

  private column(of: ComparedPart): Float64Array {
    return must(this.columns.get(of), of);
  }
}
