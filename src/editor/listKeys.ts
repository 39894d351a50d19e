import { at } from '../base/pure/must';

/**
 * The keys of the pairs of lists, one list after the other. A list is found by its place here, which stays the same
 * when its row moves. A list takes 8 bytes, and 8 for each pair. The place of a forgotten list is not used again.
 */
export class ListKeys {
  /** Of each list: the number of its keys, then its keys. */
  private values = new Float64Array(0);
  private length = 0;

  /** Adds the keys of a list. @returns its place */
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

  /** The places of the lists that have a key. */
  *placesOf(key: number): Generator<number> {
    for (let place = 0; place < this.length; place += 1 + at(this.values, place))
      if (this.values.subarray(place + 1, place + 1 + at(this.values, place)).includes(key)) yield place;
  }

  get isEmpty(): boolean {
    return this.length === 0;
  }

  clear(): void {
    this.values = new Float64Array(0);
    this.length = 0;
  }
}
