import { at } from '../../../base/pure/must';
import { dynamicsGroups } from '../../../pairs/dynamics/dynamicsGroup';
import { parseQuery } from '../../../pairs/query/parseQuery';
import { countsOf } from '../../../run/pairNumbers/pairTexts';
import { type PairNumber, pairNumbers } from '../../../pairs/pairNumber';
import type { Histogram, PairGroup, PairsPage, PairsQuery, RewardRow, Scatter } from '../../../protocol/runPanel';
import { halvesOf } from '../../../run/rewardColumns/pairKeys';
import { StepNumbers } from '../../../run/pairNumbers/stepNumbers';
import { Slices } from '../../pairEditor/slices';
import { picksOf } from '../../../run/rewardColumns/columnsBuilder';
import { pairsCsv } from '../../../run/pairNumbers/pairsCsv';
import { type Bins, binsOf, histogramOf } from './histogram';
import { scatterOf } from './scatter';
import { ShownPairs } from './shownPairs';

/** Numbers that depend on other rewards than those of the pair at this step. */
const amongOthers: ReadonlySet<PairNumber> = new Set(['before', 'delta', 'rank', 'rankDelta', 'suspect']);
/** Most rows of a page, so that a message stays far below 256 KB. */
const maxPage = 200;

/** Finds the prompts of a page's pairs; null for a pair that the dataset no longer has. */
export type Prompts = (pairs: readonly { row: number; key: string }[]) => Promise<readonly (string | null)[]>;

/** The rewards of one step of a run beside those that they are compared with: pages, histogram, scatter. */
export class RewardTable {
  private readonly shown: ShownPairs;
  private readonly bins = new Map<PairNumber, Promise<Bins>>();

  constructor(readonly numbers: StepNumbers) {
    this.shown = new ShownPairs(numbers);
  }

  /** Errors as `placesOf`. */
  async page(query: PairsQuery, prompts: Prompts): Promise<PairsPage> {
    const places = await this.shown.inOrder(query);
    const margins = await this.numbers.numbers('margin');
    const page = places.subarray(query.from, query.from + Math.min(query.count, maxPage));
    return {
      total: this.numbers.count,
      shown: places.length,
      negative: margins.reduce((count, margin) => count + (margin < 0 ? 1 : 0), 0),
      rows: await this.rowsAt(page, prompts),
      histogram: await this.histogram(query),
    };
  }

  /** Index of a pair in the order of a query; null if it was not scored or the filter hides it. */
  async locate(query: PairsQuery, key: string): Promise<number | null> {
    const found = (await this.numbers.shown.keys()).find(...halvesOf(key));
    if (found === null) return null;
    const place = (await this.shown.inOrder(query)).indexOf(found);
    return place < 0 ? null : place;
  }

  /** The shown pairs in their order, see {@link pairsCsv}. */
  async csv(query: PairsQuery): Promise<string> {
    return pairsCsv(this.numbers, await this.shown.inOrder(query), new Slices());
  }

  /** Two numbers of the shown pairs. */
  async scatter(query: PairsQuery, x: PairNumber, y: PairNumber, columns: number, rows: number): Promise<Scatter> {
    const places = await this.shown.inOrder(query);
    return scatterOf(places, await this.numbers.numbers(x), await this.numbers.numbers(y), { columns, rows });
  }

  /** The shown pairs whose margins differ most from those before, the most first. */
  async movers({ filter }: PairsQuery, count: number, prompts: Prompts): Promise<RewardRow[]> {
    const changes = await this.numbers.numbers('delta');
    const most = mostBy(await this.shown.matching(filter), (place) => Math.abs(at(changes, place)), count);
    return this.rowsAt(most, prompts);
  }

  /** The groups of the shown pairs by their training dynamics. */
  async groups({ filter }: PairsQuery): Promise<PairGroup[]> {
    const groups = await this.numbers.texts('group');
    if (groups === null) return [];
    const shown = countsOf(groups, await this.shown.matching(filter));
    return dynamicsGroups.map((group, i) => ({
      group,
      count: at(shown, i).count,
      filter: filter === '' ? `group:${group}` : `${grouped(filter)} group:${group}`,
    }));
  }

  private async histogram({ histogram: name, filter }: PairsQuery): Promise<Histogram> {
    const values = await this.numbers.numbers(name);
    const bins = this.bins.get(name) ?? Promise.resolve(binsOf(values));
    this.bins.set(name, bins);
    return histogramOf(values, await bins, await this.shown.matching(filter));
  }

  /** The rows of some pairs, in this order. */
  async rowsAt(places: Iterable<number>, prompts: Prompts): Promise<RewardRow[]> {
    const shown = [...places];
    const picked = await picksOf(this.numbers.shown, shown);
    const [keys, indices] = [await picked.keys(), await picked.column('row')];
    // Most numbers of a row need no other row.
    const own = new StepNumbers(picked, null, () => new Slices());
    const known = new Map<PairNumber, Float64Array>();
    for (const name of pairNumbers) {
      const all = amongOthers.has(name) ? await this.numbers.numbers(name) : null;
      known.set(name, all ? Float64Array.from(shown, (place) => at(all, place)) : await own.numbers(name));
    }
    const rows = shown.map((_, i) => {
      const numbers = Object.fromEntries(
        [...known].map(([name, values]) => [name, orNull(at(values, i))]),
      ) as unknown as Omit<RewardRow, 'row' | 'key' | 'prompt'>;
      return { ...numbers, row: at(indices, i), key: keys.textAt(i) };
    });
    const texts = await prompts(rows);
    return rows.map((row, i) => ({ ...row, prompt: at(texts, i) }));
  }
}

/** A filter as a part of another one. */
function grouped(filter: string): string {
  return parseQuery(filter).kind === 'or' ? `(${filter})` : filter;
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** The places with the largest values, the largest first. Places without a value are left out. */
function mostBy(places: Int32Array, valueAt: (place: number) => number, count: number): number[] {
  const most: { readonly place: number; readonly value: number }[] = [];
  for (const place of places) {
    const value = valueAt(place);
    const last = most.at(-1);
    if (Number.isNaN(value) || (most.length === count && last && value <= last.value)) continue;
    const index = most.findIndex((one) => one.value < value);
    most.splice(index < 0 ? most.length : index, 0, { place, value });
    if (most.length > count) most.pop();
  }
  return most.map(({ place }) => place);
}
