type Numbers = Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

const firstRoom = 1024;
/** Growth of a full array: at most a third of it is unused. */
const growth = 1.5;

/** A typed array that grows. */
export class GrowingNumbers<List extends Numbers> {
  length = 0;
  private list: List;

  /** @param make makes an array of zeros */
  constructor(private readonly make: (length: number) => List) {
    this.list = make(firstRoom);
  }

  /** All numbers so far. The array is another one after the next {@link push}. */
  get all(): List {
    return this.list.subarray(0, this.length) as List;
  }

  push(numbers: List): void {
    const length = this.length + numbers.length;
    if (length > this.list.length) {
      const longer = this.make(Math.ceil(Math.max(length, growth * this.list.length)));
      longer.set(this.list);
      this.list = longer;
    }
    this.list.set(numbers, this.length);
    this.length = length;
  }
}
