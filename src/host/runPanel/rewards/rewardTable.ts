import { at, must } from '../../../base/pure/must';
import { dynamicsGroups } from '../../../pairs/dynamics/dynamicsGroup';
import { parseQuery } from '../../../pairs/query/parseQuery';
import { countsOf } from '../../../run/pairNumbers/pairTexts';
import type { FileNumber, ShownNumber } from '../../../pairs/fileNumber';
import { type PairNumber, pairNumbers } from '../../../pairs/pairNumber';
import type {
  GroupedBy,
  Histogram,
  NumberRange,
  PairGroup,
  PairsPage,
  PairsQuery,
  RewardRow,
  Scatter,
  ScatterAxes,
} from '../../../protocol/runPanel';
import { halvesOf } from '../../../run/rewardColumns/pairKeys';
import { StepNumbers } from '../../../run/pairNumbers/stepNumbers';
import { Slices } from '../../../editor/slices';
import { picksOf } from '../../../run/rewardColumns/columnsBuilder';
import { pairsCsv } from '../../../run/pairNumbers/pairsCsv';
import { type Bins, binsOf, histogramOf } from './histogram';
import { numberGroups, rangesOf } from './numberGroups';
import { maxPoints, scatterOf } from './scatter';
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
  private readonly bins = new Map<ShownNumber, Bins>();
  private readonly ranges = new Map<ShownNumber, readonly NumberRange[]>();
  private negative: Promise<number> | null = null;

  constructor(readonly numbers: StepNumbers) {
    this.shown = new ShownPairs(numbers);
  }

  /** Errors as `placesOf`, and those of reading the dataset. */
  async page(query: PairsQuery, prompts: Prompts): Promise<PairsPage> {
    const columns = await Promise.all(
      query.columns.map(async (name) => ({ name, ...(await this.numbers.fileColumn(name)).counts })),
    );
    const matching = await this.shown.matching(query.filter);
    this.negative ??= this.numbers.numbers('margin').then(negativeIn);
    const page = await this.shown.page(query, query.from, Math.min(query.count, maxPage));
    return {
      total: this.numbers.count,
      shown: matching.length,
      negative: await this.negative,
      rows: await this.rowsAt(page, query.columns, prompts),
      histogram: await this.histogram(query),
      columns,
    };
  }

  /** Index of a pair in the order of a query; null if it was not scored or the filter hides it. */
  async locate(query: PairsQuery, key: string): Promise<number | null> {
    const found = (await this.numbers.shown.keys()).find(...halvesOf(key));
    return found === null ? null : this.shown.indexOf(query, found);
  }

  /** The shown pairs in their order, see {@link pairsCsv}. */
  async csv(query: PairsQuery): Promise<string> {
    return pairsCsv(this.numbers, await this.shown.inOrder(query), new Slices(), query.columns);
  }

  /** Two numbers of the shown pairs, and a third one that colours them. */
  async scatter(query: PairsQuery, { x, y, shade }: ScatterAxes, columns: number, rows: number): Promise<Scatter> {
    // A grid of counts needs no order.
    const matching = await this.shown.matching(query.filter);
    const places = matching.length > maxPoints ? matching : await this.shown.inOrder(query);
    const [across, up] = [await this.numbers.numbers(x), await this.numbers.numbers(y)];
    const shades = shade === null ? null : await this.numbers.numbers(shade);
    return scatterOf(places, { x: across, y: up, shades }, { columns, rows });
  }

  /** The shown pairs whose margins differ most from those before, the most first. */
  async movers({ filter, columns }: PairsQuery, count: number, prompts: Prompts): Promise<RewardRow[]> {
    const changes = await this.numbers.numbers('delta');
    const most = mostBy(await this.shown.matching(filter), (place) => Math.abs(changes[place] as number), count);
    return this.rowsAt(most, columns, prompts);
  }

  /** The groups of the shown pairs by their training dynamics, or by a number. */
  async groups({ filter }: PairsQuery, by: GroupedBy): Promise<PairGroup[]> {
    const also = (term: string): string => (filter === '' ? term : `${grouped(filter)} ${term}`);
    if (by !== 'dynamics') {
      const values = await this.numbers.numbers(by);
      const ranges = this.ranges.get(by) ?? rangesOf(values);
      this.ranges.set(by, ranges);
      return numberGroups(by, values, ranges, await this.shown.matching(filter), also);
    }
    const groups = await this.numbers.texts('group');
    if (groups === null) return [];
    const shown = countsOf(groups, await this.shown.matching(filter));
    return dynamicsGroups.map((group, i) => ({
      group,
      count: at(shown, i).count,
      filter: also(`group:${group}`),
    }));
  }

  private async histogram({ histogram: name, filter }: PairsQuery): Promise<Histogram> {
    const values = await this.numbers.numbers(name);
    const bins = this.bins.get(name) ?? binsOf(values);
    this.bins.set(name, bins);
    return histogramOf(values, bins, filter === '' ? null : await this.shown.matching(filter));
  }

  /** The rows of some pairs, in this order. */
  async rowsAt(places: Iterable<number>, columns: readonly FileNumber[], prompts: Prompts): Promise<RewardRow[]> {
    const shown = [...places];
    const picked = await picksOf(this.numbers.shown, shown);
    const [keys, indices] = [await picked.keys(), await picked.column('row')];
    // Most numbers of a row need no other row.
    const own = new StepNumbers(picked, null, () => new Slices());
    const known = new Map<PairNumber, Float64Array>();
    for (const name of pairNumbers) {
      known.set(name, amongOthers.has(name) ? await this.numbers.some(name, shown) : await own.numbers(name));
    }
    const ofFile = new Map<FileNumber, Float64Array>();
    for (const name of columns) ofFile.set(name, await this.numbers.some(name, shown));
    const rows = shown.map((_, i) => {
      const value = (name: PairNumber): number => at(must(known.get(name), name), i);
      const file = Object.fromEntries([...ofFile].map(([name, values]) => [name, orNull(at(values, i))]));
      return { ...numbersOf(value), row: at(indices, i), key: keys.textAt(i), file };
    });
    const texts = await prompts(rows);
    return rows.map((row, i) => ({ ...row, prompt: at(texts, i) }));
  }
}

/** A filter as a part of another one. */
function grouped(filter: string): string {
  return parseQuery(filter).kind === 'or' ? `(${filter})` : filter;
}

function negativeIn(margins: Float64Array): number {
  let count = 0;
  for (let place = 0; place < margins.length; place++) if ((margins[place] as number) < 0) count++;
  return count;
}

/** Numbers that every pair has stay numbers. */
function numbersOf(value: (name: PairNumber) => number): Omit<RewardRow, 'row' | 'key' | 'prompt' | 'file'> {
  const numbers = Object.fromEntries(pairNumbers.map((name) => [name, orNull(value(name))]));
  const known = { line: value('line'), margin: value('margin'), rank: value('rank') };
  return {
    ...(numbers as Record<PairNumber, number | null>),
    ...known,
    chosen: value('chosen'),
    rejected: value('rejected'),
  };
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** The places with the largest values, the largest first. Places without a value are left out. */
function mostBy(places: Int32Array, valueAt: (place: number) => number, count: number): number[] {
  const most: { readonly place: number; readonly value: number }[] = [];
  let least = -Infinity;
  for (let i = 0; i < places.length; i++) {
    const place = places[i] as number;
    const value = valueAt(place);
    if (Number.isNaN(value) || value <= least) continue;
    const index = most.findIndex((one) => one.value < value);
    most.splice(index < 0 ? most.length : index, 0, { place, value });
    if (most.length > count) most.pop();
    if (most.length === count) least = most.at(-1)?.value ?? Infinity;
  }
  return most.map(({ place }) => place);
}
