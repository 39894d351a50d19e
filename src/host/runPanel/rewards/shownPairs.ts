import { at } from '../../../base/pure/must';
import { placesOf, sortPlaces } from '../../../run/pairNumbers/numberFilter';
import type { StepNumbers } from '../../../run/pairNumbers/stepNumbers';
import type { PairsQuery } from '../../../protocol/runPanel';
import { Slices } from '../../../editor/slices';

/** Pairs between two looks at the clock. */
const slicePairs = 1 << 15;
/** Fewer pairs than this part of all are sorted by themselves. */
const fewPart = 1 / 8;

type Order = Pick<PairsQuery, 'sort' | 'descending'>;

interface Kept {
  readonly of: string;
  readonly places: Promise<Int32Array>;
}

/** The pairs of a step that a query shows, in its order. It keeps those of the last query. */
export class ShownPairs {
  private filtered: Kept | null = null;
  private shown: Kept | null = null;
  private all: Kept | null = null;
  private places: Int32Array | null = null;

  constructor(private readonly numbers: StepNumbers) {}

  /** In the order of the file. Errors as {@link placesOf}. */
  matching(filter: string): Promise<Int32Array> {
    if (filter === '') return Promise.resolve(this.every());
    if (this.filtered?.of !== filter)
      this.filtered = { of: filter, places: placesOf(filter, this.numbers, new Slices()) };
    return this.filtered.places;
  }

  /** In the order of the query, because a view asks for one page after the other. Errors as {@link placesOf}. */
  inOrder({ filter, sort, descending }: PairsQuery): Promise<Int32Array> {
    const order = { sort, descending };
    if (filter === '') return this.allInOrder(order);
    const of = JSON.stringify([filter, order]);
    if (this.shown?.of !== of) this.shown = { of, places: this.some(filter, order) };
    return this.shown.places;
  }

  /** All pairs. They stay in order while the filter changes, so that a brush need not sort. */
  private allInOrder(order: Order): Promise<Int32Array> {
    const of = JSON.stringify(order);
    if (this.all?.of !== of) this.all = { of, places: this.sortAll(order) };
    return this.all.places;
  }

  private async sortAll({ sort, descending }: Order): Promise<Int32Array> {
    // The order by margin is known once a rank is. It leaves out pairs without a margin, and no pair is without.
    if (sort === 'margin' && !descending) return this.numbers.order();
    return sortPlaces(this.every(), await this.numbers.numbers(sort), descending, new Slices());
  }

  private every(): Int32Array {
    this.places ??= new Int32Array(this.numbers.count).map((_, place) => place);
    return this.places;
  }

  private async some(filter: string, order: Order): Promise<Int32Array> {
    const places = await this.matching(filter);
    const isKnown = this.all?.of === JSON.stringify(order);
    if (!isKnown && places.length < fewPart * this.numbers.count)
      return sortPlaces(places, await this.numbers.numbers(order.sort), order.descending, new Slices());
    const isShown = new Uint8Array(this.numbers.count);
    for (let i = 0; i < places.length; i++) isShown[places[i] as number] = 1;
    return among(isShown, await this.allInOrder(order), new Slices());
  }
}

/** The shown places of an order. */
async function among(isShown: Uint8Array, order: Int32Array, slices: Slices): Promise<Int32Array> {
  const shown = new Int32Array(order.length);
  let count = 0;
  for (let i = 0; i < order.length; i++) {
    if (i % slicePairs === 0) await slices.breathe();
    const place = order[i] as number;
    if (at(isShown, place) === 1) shown[count++] = place;
  }
  return shown.slice(0, count);
}
