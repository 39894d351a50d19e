import { BucketOrder } from '../../../base/pure/bucketOrder';
import type { PairsQuery } from '../../../protocol/runPanel';
import { placesOf } from '../../../run/pairNumbers/numberFilter';
import type { StepNumbers } from '../../../run/pairNumbers/stepNumbers';
import { Slices } from '../../../editor/slices';

interface Kept<Value> {
  readonly of: string;
  readonly value: Promise<Value>;
}

type Shown = Pick<PairsQuery, 'filter' | 'sort' | 'descending'>;

/** The pairs of a step that a query shows, in its order. It keeps those of the last query. */
export class ShownPairs {
  private filtered: Kept<Int32Array> | null = null;
  private ordered: Kept<BucketOrder> | null = null;
  private places: Int32Array | null = null;

  constructor(private readonly numbers: StepNumbers) {}

  /** In the order of the file. Errors as {@link placesOf}. */
  matching(filter: string): Promise<Int32Array> {
    if (filter === '') return Promise.resolve(this.every());
    if (this.filtered?.of !== filter)
      this.filtered = { of: filter, value: placesOf(filter, this.numbers, new Slices()) };
    return this.filtered.value;
  }

  /** A part of them in the order of the query. Only the part is sorted. Errors as {@link placesOf}. */
  async page(query: Shown, from: number, count: number): Promise<Int32Array> {
    return (await this.order(query)).part(from, from + count, new Slices());
  }

  /** All, in the order of the query. Errors as {@link placesOf}. */
  async inOrder(query: Shown): Promise<Int32Array> {
    const order = await this.order(query);
    return order.part(0, order.length, new Slices());
  }

  /** The index of a pair in the order of the query; null if the filter hides it. Errors as {@link placesOf}. */
  async indexOf(query: Shown, place: number): Promise<number | null> {
    return (await this.order(query)).indexOf(place, new Slices());
  }

  /** A view asks for one page after the other. */
  private order({ filter, sort, descending }: Shown): Promise<BucketOrder> {
    const of = JSON.stringify([filter, sort, descending]);
    if (this.ordered?.of !== of) this.ordered = { of, value: this.find({ filter, sort, descending }) };
    return this.ordered.value;
  }

  private async find({ filter, sort, descending }: Shown): Promise<BucketOrder> {
    // Ranks are in the order of margins, and cost the order of all pairs.
    const values = await this.numbers.numbers(sort === 'rank' ? 'margin' : sort);
    return BucketOrder.of(await this.matching(filter), values, descending, new Slices());
  }

  private every(): Int32Array {
    if (this.places === null) {
      this.places = new Int32Array(this.numbers.count);
      for (let place = 0; place < this.places.length; place++) this.places[place] = place;
    }
    return this.places;
  }
}
