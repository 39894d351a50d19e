import type { Breathing } from '../../base/pure/breathing';
import { at } from '../../base/pure/must';
import { KeyIndex } from '../../pairs/keyIndex';
import type { PairNumber } from '../../pairs/pairNumber';
import type { ColumnName, RewardColumns } from '../rewardColumns/rewardColumns';
import { ranksOf } from './rankOf';

/**
 * What rewards are compared with: other rewards; `zero`: all margins are 0, as in a run that starts as its reference;
 * null: nothing.
 */
export type ComparedWith = RewardColumns | 'zero' | null;

/** The {@link PairNumber}s of all pairs of a file of rewards; NaN where a pair has none. Each is computed once. */
export class StepNumbers {
  private readonly computed = new Map<PairNumber, Promise<Float64Array>>();
  private places: Promise<KeyIndex> | null = null;

  /** @param slices makes the slices of one computation */
  constructor(
    readonly shown: RewardColumns,
    private readonly before: ComparedWith,
    private readonly slices: () => Breathing,
  ) {}

  get count(): number {
    return this.shown.count;
  }

  numbers(name: PairNumber): Promise<Float64Array> {
    const known = this.computed.get(name);
    if (known) return known;
    const numbers = this.compute(name);
    this.computed.set(name, numbers);
    return numbers;
  }

  /** Finds pairs by their `keyNumber`. */
  index(): Promise<KeyIndex> {
    this.places ??= indexOf(this.shown, this.slices());
    return this.places;
  }

  private async compute(name: PairNumber): Promise<Float64Array> {
    switch (name) {
      case 'line':
      case 'margin':
        return asFloats(await this.shown.column(name));
      case 'chosen':
      case 'rejected':
        return asFloats(await this.shown.column(`${name}.reward`));
      case 'before':
        return this.marginsBefore();
      case 'delta':
        return joined(await this.numbers('margin'), await this.numbers('before'), (margin, before) => margin - before);
      case 'rank':
        return ranksOf(await this.numbers('margin'), this.slices());
      case 'rankDelta':
        return this.rankChanges();
      case 'chosenLogp':
      case 'rejectedLogp':
        return this.gained(name === 'chosenLogp' ? 'chosen' : 'rejected');
      case 'chosenLogpToken':
      case 'rejectedLogpToken':
        return this.perToken(name === 'chosenLogpToken' ? 'chosen' : 'rejected');
      case 'lengthGap':
        return joined(await this.column('chosen.tokens'), await this.column('rejected.tokens'), (a, b) => a - b);
      case 'suspect':
        return new Float64Array(this.count).fill(Number.NaN);
    }
  }

  private async column(name: ColumnName): Promise<Float64Array> {
    return asFloats(await this.shown.column(name));
  }

  private async gained(side: 'chosen' | 'rejected'): Promise<Float64Array> {
    return joined(await this.column(`${side}.logp`), await this.column(`${side}.ref_logp`), (logp, ref) => logp - ref);
  }

  /** NaN for a side without tokens: a judged answer has one side. */
  private async perToken(side: 'chosen' | 'rejected'): Promise<Float64Array> {
    const gained = await this.numbers(`${side}Logp`);
    return joined(gained, await this.column(`${side}.tokens`), (sum, tokens) =>
      tokens > 0 ? sum / tokens : Number.NaN,
    );
  }

  private async marginsBefore(): Promise<Float64Array> {
    const { before, count } = this;
    if (before === 'zero') return new Float64Array(count);
    const margins = new Float64Array(count).fill(Number.NaN);
    if (before === null) return margins;
    const slices = this.slices();
    const [own, keys, others] = [await this.shown.keys(), await before.keys(), await before.column('margin')];
    let index: KeyIndex | null = null;
    for (let place = 0; place < count; place++) {
      if (place % sliceRows === 0) await slices.breathe();
      const key = own.numberAt(place);
      // Most files have the same pairs in the same order.
      const isSame = place < before.count && keys.numberAt(place) === key;
      if (!isSame) index ??= await indexOf(before, slices);
      const found = isSame ? place : index?.find(key);
      if (found !== null && found !== undefined) margins[place] = at(others, found);
    }
    return margins;
  }

  /** Where all margins before are 0, there was no order. */
  private async rankChanges(): Promise<Float64Array> {
    if (this.before === 'zero') return new Float64Array(this.count).fill(Number.NaN);
    const [margins, before] = [await this.numbers('margin'), await this.numbers('before')];
    const isRanked = (place: number): boolean => !Number.isNaN(at(before, place));
    const now = await ranksOf(margins, this.slices(), isRanked);
    return joined(now, await ranksOf(before, this.slices()), (a, b) => a - b);
  }
}

/** Pairs between two looks at the clock. */
const sliceRows = 1 << 14;

async function indexOf(columns: RewardColumns, slices: Breathing): Promise<KeyIndex> {
  const keys = await columns.keys();
  return KeyIndex.of(keys.count, (place) => keys.numberAt(place), slices);
}

function asFloats(numbers: Float64Array | Int32Array): Float64Array {
  return numbers instanceof Float64Array ? numbers : Float64Array.from(numbers);
}

/** One number of two, place by place. NaN stays NaN. */
function joined(a: Float64Array, b: Float64Array, join: (a: number, b: number) => number): Float64Array {
  return a.map((value, place) => join(value, at(b, place)));
}
