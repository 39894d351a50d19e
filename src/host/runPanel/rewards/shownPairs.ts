import { placesOf, sortPlaces } from '../../../run/pairNumbers/numberFilter';
import type { StepNumbers } from '../../../run/pairNumbers/stepNumbers';
import type { PairsQuery } from '../../../protocol/runPanel';
import { Slices } from '../../pairEditor/slices';

interface Kept {
  readonly of: string;
  readonly places: Promise<Int32Array>;
}

/** The pairs of a step that a query shows, in its order. It keeps those of the last query. */
export class ShownPairs {
  private filtered: Kept | null = null;
  private ordered: Kept | null = null;

  constructor(private readonly numbers: StepNumbers) {}

  /** In the order of the file. Errors as {@link placesOf}. */
  matching(filter: string): Promise<Int32Array> {
    if (this.filtered?.of !== filter)
      this.filtered = { of: filter, places: placesOf(filter, this.numbers, new Slices()) };
    return this.filtered.places;
  }

  /** In the order of the query, because a view asks for one page after the other. Errors as {@link placesOf}. */
  inOrder({ filter, sort, descending }: PairsQuery): Promise<Int32Array> {
    const of = JSON.stringify([filter, sort, descending]);
    if (this.ordered?.of !== of) this.ordered = { of, places: this.sorted(filter, sort, descending) };
    return this.ordered.places;
  }

  private async sorted(filter: string, sort: PairsQuery['sort'], descending: boolean): Promise<Int32Array> {
    // The order by margin is known once a rank is.
    if (filter === '' && sort === 'margin' && !descending) return this.numbers.order();
    const places = await this.matching(filter);
    return sortPlaces(places, await this.numbers.numbers(sort), descending, new Slices());
  }
}
