import { at } from '../../base/pure/must';
import type { PairsPage, PairsQuery, RewardRow } from '../../protocol/runPanel';
import { runPaths } from '../../run/folder';
import { keyNumber } from '../../pairs/keyNumber';
import { Slices } from '../pairEditor/slices';
import { sortRows } from '../pairEditor/sortRows';
import { eachReward, marginsOf } from '../rewardLines';
import { histogramOf } from './histogram';

/** Most rows of a page, so that a message stays far below 256 KB. */
const maxPage = 200;

type Column = 'row' | 'line' | 'chosen' | 'rejected' | 'margin' | 'before';

/** The rewards of one step of a run, as columns of numbers, with the margins before the first step. */
export class RewardTable {
  private readonly indexOfKey: ReadonlyMap<string, number>;
  private order: { readonly of: string; readonly rows: Promise<Int32Array> } | null = null;
  private readonly histogram: PairsPage['histogram'];
  private readonly negative: number;

  private constructor(
    private readonly keys: readonly string[],
    private readonly columns: Readonly<Record<Column, Float64Array>>,
  ) {
    this.indexOfKey = new Map(keys.map((key, index) => [key, index]));
    this.histogram = histogramOf(columns.margin);
    this.negative = columns.margin.reduce((count, margin) => count + (margin < 0 ? 1 : 0), 0);
  }

  /** Reads the rewards of a step. Errors as {@link eachReward}. */
  static async read(folder: string, step: number): Promise<RewardTable> {
    const before = step === 0 ? new Map<number, number>() : await marginsOf(runPaths.rewards(folder, 0));
    const keys: string[] = [];
    const numbers: Record<Column, number[]> = { row: [], line: [], chosen: [], rejected: [], margin: [], before: [] };
    await eachReward(runPaths.rewards(folder, step), ({ key, row, line, chosen, rejected, margin }) => {
      keys.push(key);
      numbers.row.push(row);
      numbers.line.push(line);
      numbers.chosen.push(chosen.reward);
      numbers.rejected.push(rejected.reward);
      numbers.margin.push(margin);
      numbers.before.push(before.get(keyNumber(key)) ?? Number.NaN);
    });
    const column = (name: Column): Float64Array => Float64Array.from(numbers[name]);
    return new RewardTable(keys, {
      row: column('row'),
      line: column('line'),
      chosen: column('chosen'),
      rejected: column('rejected'),
      margin: column('margin'),
      before: column('before'),
    });
  }

  /** @param prompts finds the prompts of a page's pairs; null for a pair that the dataset no longer has */
  async page(
    query: PairsQuery,
    prompts: (pairs: readonly { row: number; key: string }[]) => Promise<readonly (string | null)[]>,
  ): Promise<PairsPage> {
    const order = await this.ordered(query);
    const shown = [...order.subarray(query.from, query.from + Math.min(query.count, maxPage))].map((index) =>
      this.rowAt(index),
    );
    const texts = await prompts(shown);
    return {
      total: this.keys.length,
      shown: order.length,
      negative: this.negative,
      rows: shown.map((row, i) => ({ ...row, prompt: at(texts, i) })),
      histogram: this.histogram,
    };
  }

  /** Index of a pair in the order of a query; null if it was not scored or the brush hides it. */
  async locate(query: PairsQuery, key: string): Promise<number | null> {
    const index = this.indexOfKey.get(key);
    if (index === undefined) return null;
    const place = (await this.ordered(query)).indexOf(index);
    return place < 0 ? null : place;
  }

  private rowAt(index: number): Omit<RewardRow, 'prompt'> {
    const value = (name: Column): number => at(this.columns[name], index);
    const before = value('before');
    return {
      row: value('row'),
      line: value('line'),
      key: at(this.keys, index),
      chosen: value('chosen'),
      rejected: value('rejected'),
      margin: value('margin'),
      before: Number.isNaN(before) ? null : before,
    };
  }

  /** Keeps the order of the last query, because a view asks for one page after the other. */
  private ordered({ sort, descending, brush }: PairsQuery): Promise<Int32Array> {
    const of = JSON.stringify([sort, descending, brush]);
    if (this.order?.of !== of) this.order = { of, rows: this.sorted(this.columns[sort], descending, brush) };
    return this.order.rows;
  }

  private sorted(values: Float64Array, descending: boolean, brush: PairsQuery['brush']): Promise<Int32Array> {
    const rows = new Int32Array(this.keys.length).map((_, index) => index);
    const { margin } = this.columns;
    const kept =
      brush === null ? rows : rows.filter((index) => at(margin, index) >= brush[0] && at(margin, index) < brush[1]);
    const sign = descending ? -1 : 1;
    // Rows without a value come last in either direction.
    const value = (index: number): number => {
      const number = at(values, index);
      return Number.isNaN(number) ? Number.MAX_VALUE : sign * number;
    };
    return sortRows(kept, value, new Slices());
  }
}
