import { at } from '../../base/pure/must';

/**
 * The keys of the pairs of lists, one list after the other. A list is found by its place here, which stays the same
 * when its row moves. A list takes 8 bytes, and 16 for each pair. The place of a list that is forgotten is not used again.
 */
export class ListKeys {
  /** Of each list: the number of its keys, then its keys as in {@link add}. */
  private values = new Float64Array(0);
  private length = 0;

  /** @param keys of each pair its key, then its key with exchanged answers @returns the place of the list */
  add(keys: readonly number[]): number {
    const place = this.length;
    const end = place + 1 + keys.length;
    if (end > this.values.length) {
      const grown = new Float64Array(Math.max(1024, end, Math.ceil(this.values.length * 1.5)));
      grown.set(this.values.subarray(0, place));
      this.values = grown;
    }
    this.values[place] = keys.length;
    this.values.set(keys, place + 1);
    this.length = end;
    return place;
  }

  /** The keys of the list at a place. */
  at(place: number): number[] {
    return Array.from(this.values.subarray(place + 1, place + 1 + at(this.values, place)));
  }

  /** The places of the lists with a pair that has a key, or that has it with exchanged answers. */
  *placesOf(key: number, exchanged: boolean): Generator<number> {
    for (let place = 0; place < this.length; place += 1 + at(this.values, place)) {
      const end = place + 1 + at(this.values, place);
      for (let i = place + (exchanged ? 2 : 1); i < end; i += 2) if (this.values[i] === key) yield place;
    }
  }

  clear(): void {
    this.values = new Float64Array(0);
    this.length = 0;
  }
}
