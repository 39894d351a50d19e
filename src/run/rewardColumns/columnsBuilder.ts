import { MarginError } from '../../base/pure/marginError';
import { at, must } from '../../base/pure/must';
import type { PairReward } from '../types';
import { halvesOf, PairKeys } from './pairKeys';
import {
  type ColumnName,
  columnNames,
  type ColumnNumbers,
  isWhole,
  labels,
  type PickedPairs,
  type RewardColumns,
} from './rewardColumns';

/** Room for pairs at first; it doubles when it is full. */
const firstRoom = 1024;

/** Collects rewards as columns in memory. */
export class ColumnsBuilder {
  private count = 0;
  private halves = new Uint32Array(2 * firstRoom);
  private readonly columns = new Map<ColumnName, ColumnNumbers>(
    columnNames.map((name) => [name, isWhole(name) ? new Int32Array(firstRoom) : new Float64Array(firstRoom)]),
  );

  /**
   * @param from file and line, for the message
   * @throws MarginError `corrupt` for a count that is none, or beyond 2³¹
   */
  add({ row, line, key, label, chosen, rejected, margin }: PairReward, from: string): void {
    if (![row, line, chosen.tokens, rejected.tokens].every((count) => count >= 0 && (count | 0) === count))
      throw new MarginError('corrupt', `${from} has a row or tokens that are no count: the file is damaged.`, { from });
    const place = this.count++;
    if (2 * place === this.halves.length) this.grow();
    this.halves.set(halvesOf(key), 2 * place);
    this.put('row', place, row);
    this.put('line', place, line);
    this.put('label', place, label === undefined ? labels.pair : label ? labels.good : labels.bad);
    this.put('margin', place, margin);
    for (const [side, numbers] of [['chosen', chosen] as const, ['rejected', rejected] as const]) {
      this.put(`${side}.logp`, place, numbers.logp);
      this.put(`${side}.ref_logp`, place, numbers.ref_logp);
      this.put(`${side}.reward`, place, numbers.reward);
      this.put(`${side}.tokens`, place, numbers.tokens);
    }
  }

  /** The columns so far. Do not add to them any more. */
  finish(): MemoryColumns {
    const { count } = this;
    const columns = new Map([...this.columns].map(([name, numbers]) => [name, numbers.subarray(0, count)]));
    return new MemoryColumns(new PairKeys(this.halves.subarray(0, 2 * count)), columns);
  }

  private put(name: ColumnName, place: number, value: number): void {
    this.of(name)[place] = value;
  }

  private of(name: ColumnName): ColumnNumbers {
    return must(this.columns.get(name), `the column ${name}`);
  }

  private grow(): void {
    const room = this.halves.length;
    const halves = new Uint32Array(2 * room);
    halves.set(this.halves);
    this.halves = halves;
    for (const name of columnNames) {
      const numbers = isWhole(name) ? new Int32Array(room) : new Float64Array(room);
      numbers.set(this.of(name));
      this.columns.set(name, numbers);
    }
  }
}

/** Columns of rewards in memory. */
export class MemoryColumns implements RewardColumns {
  private digest: string | null = null;

  constructor(
    private readonly pairKeys: PairKeys,
    private readonly columns: ReadonlyMap<ColumnName, ColumnNumbers>,
  ) {}

  get count(): number {
    return this.pairKeys.count;
  }

  column(name: ColumnName): Promise<ColumnNumbers> {
    return Promise.resolve(must(this.columns.get(name), `the column ${name}`));
  }

  keys(): Promise<PairKeys> {
    return Promise.resolve(this.pairKeys);
  }

  keyDigest(): Promise<string> {
    this.digest ??= this.pairKeys.digest();
    return Promise.resolve(this.digest);
  }

  async pick(places: readonly number[], names: readonly ColumnName[]): Promise<PickedPairs> {
    const { halves } = this.pairKeys;
    const keys = places.flatMap((place) => [at(halves, 2 * place), at(halves, 2 * place + 1)]);
    const columns: ColumnNumbers[] = [];
    for (const name of names) {
      const all = await this.column(name);
      columns.push(Float64Array.from(places, (place) => at(all, place)));
    }
    return { keys: new PairKeys(Uint32Array.from(keys)), columns };
  }
}

/** The columns of a few pairs, in the order of their places. */
export async function picksOf(columns: RewardColumns, places: readonly number[]): Promise<MemoryColumns> {
  const picked = await columns.pick(places, columnNames);
  return new MemoryColumns(picked.keys, new Map(columnNames.map((name, i) => [name, at(picked.columns, i)])));
}
