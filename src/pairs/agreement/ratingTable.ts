import { isRecord } from '../../base/pure/isRecord';
import { at } from '../../base/pure/must';
import type { Verdict } from '../marks/mark';
import type { Label, Ratings } from './ratings';

/** Where an item is, and how a person recognises it. */
export interface ItemPlace {
  /** Index of the row, from 0. */
  readonly row: number;
  /** The line on which it begins, from 1. */
  readonly line: number;
  /** The key of the pair; null if the row does not hold one pair. */
  readonly key: string | null;
  /** The start of the prompt. */
  readonly prompt: string;
  /** How somebody decided it after a disagreement; null if nobody did. */
  readonly adjudicated: Verdict | null;
}

/** An item with the labels that annotators gave it in a dimension. */
export interface RatedItem extends ItemPlace {
  readonly dimension: string;
  /** By annotator; those who said nothing are left out. */
  readonly labels: Readonly<Record<string, Label>>;
}

/** What an annotator said of an item: a label of each dimension. */
export type Said = ReadonlyMap<string, Label>;

/** The dimension of a label that has no name of its own. */
const verdictDimension = 'verdict';

/** Collects what annotators said, dimension by dimension. */
export class RatingTable {
  private readonly byDimension = new Map<
    string,
    { readonly places: ItemPlace[]; readonly items: (Label | null)[][] }
  >();

  constructor(readonly annotators: readonly string[]) {}

  /** The names of the dimensions, the verdict first. */
  get dimensions(): readonly string[] {
    const first = (name: string): number => (name === verdictDimension ? 0 : 1);
    return [...this.byDimension.keys()].sort((a, b) => first(a) - first(b) || (a < b ? -1 : 1));
  }

  /** @param said by annotator, in their order */
  add(place: ItemPlace, said: readonly Said[]): void {
    for (const dimension of new Set(said.flatMap((one) => [...one.keys()]))) {
      let table = this.byDimension.get(dimension);
      if (!table) this.byDimension.set(dimension, (table = { places: [], items: [] }));
      table.places.push(place);
      table.items.push(said.map((one) => one.get(dimension) ?? null));
    }
  }

  /** The ratings of a dimension. An annotator who said nothing of it is left out. */
  ratings(dimension: string): Ratings {
    const { items } = this.table(dimension);
    const active = this.annotators.map((_, i) => items.some((labels) => labels[i] !== null));
    const labels = new Set(items.flat());
    const isVerdict = dimension === verdictDimension && [...labels].every((one) => one === null || isOrdered(one));
    return {
      annotators: this.annotators.filter((_, i) => active[i]),
      items: items.map((one) => one.filter((_, i) => active[i])),
      order: isVerdict ? orderedVerdicts : null,
    };
  }

  /**
   * The items of a dimension whose labels are not all the same.
   *
   * @param agreed whether to give the other items with a label too
   */
  *rated(dimension: string, agreed: boolean): Generator<RatedItem> {
    const { items, places } = this.table(dimension);
    for (const [i, place] of places.entries()) {
      const said = at(items, i).flatMap((label, one) =>
        label === null ? [] : [[at(this.annotators, one), label] as const],
      );
      if (agreed || new Set(said.map(([, label]) => label)).size > 1)
        yield { ...place, dimension, labels: Object.fromEntries(said) };
    }
  }

  private table(dimension: string): { readonly places: readonly ItemPlace[]; readonly items: (Label | null)[][] } {
    return this.byDimension.get(dimension) ?? { places: [], items: [] };
  }
}

/** Verdicts from one side to the other. "Both bad" is on no side. */
const orderedVerdicts: readonly Verdict[] = ['swap', 'tie', 'keep'];

function isOrdered(label: Label): boolean {
  return orderedVerdicts.some((verdict) => verdict === label);
}

/**
 * What a column of an annotator says: a label, or an object with a label for each dimension.
 *
 * @returns what is wrong with the value, in the end of a sentence, if it is no label
 */
export function saidIn(value: unknown): Said | string {
  const single = labelOf(value);
  if (single !== undefined) return new Map(single === null ? [] : [[verdictDimension, single]]);
  if (!isRecord(value)) return 'is a list: name columns of texts, numbers, true or false, or of objects with these';
  const said = new Map<string, Label>();
  for (const [dimension, inner] of Object.entries(value)) {
    const label = labelOf(inner);
    if (label === undefined)
      return `has a list or an object at ${JSON.stringify(dimension)}: write a text, a number, true or false`;
    if (label !== null) said.set(dimension, label);
  }
  return said;
}

/** @returns null for a missing label; undefined for a value that is none */
function labelOf(value: unknown): Label | null | undefined {
  if (value === null || value === undefined || value === '') return null;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
