import type { Breathing } from '../../base/pure/breathing';
import { at } from '../../base/pure/must';
import type { KeyIndex } from '../../pairs/keyIndex';
import type { PairLabel, PairNumber } from '../../pairs/pairNumber';
import type { SuspectBook } from '../../pairs/suspects/suspectBook';
import type { ColumnName, RewardColumns } from '../rewardColumns/rewardColumns';
import { alignedMargins, indexOf } from './alignedMargins';
import { flipsOf, type PairTexts } from './pairTexts';
import { type Suspicions, suspicionsOn } from './suspicions';
import { orderOf, ranksIn } from './rankOf';

/**
 * What rewards are compared with: other rewards; `zero`: all margins are 0, as in a run that starts as its reference;
 * null: nothing.
 */
export type ComparedWith = RewardColumns | 'zero' | null;

/** The {@link PairNumber}s of all pairs of a file of rewards; NaN where a pair has none. Each is computed once. */
export class StepNumbers {
  private readonly computed = new Map<PairNumber, Promise<Float64Array>>();
  private readonly read = new Map<PairLabel, Promise<PairTexts | null>>();
  private places: Promise<KeyIndex> | null = null;
  private suspected: Promise<Suspicions> | null = null;
  private byMargin: Promise<Int32Array> | null = null;

  /**
   * @param slices makes the slices of one computation
   * @param dynamics the groups of the pairs by their training dynamics; null if there are none
   * @param suspects what a search for wrong labels found; null if nobody has searched
   */
  constructor(
    readonly shown: RewardColumns,
    readonly before: ComparedWith,
    private readonly slices: () => Breathing,
    private readonly dynamics: () => Promise<PairTexts | null> = () => Promise.resolve(null),
    private readonly suspects: SuspectBook | null = null,
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

  /** The texts of all pairs; null if no pair has one. */
  texts(label: PairLabel): Promise<PairTexts | null> {
    const known = this.read.get(label);
    if (known) return known;
    const texts = label === 'group' ? this.dynamics() : this.flips();
    this.read.set(label, texts);
    return texts;
  }

  /** The places of the pairs, those with the lowest margin first. */
  order(): Promise<Int32Array> {
    this.byMargin ??= this.numbers('margin').then((margins) => orderOf(margins, this.slices()));
    return this.byMargin;
  }

  /** What a search for wrong labels says of the pairs. */
  suspicions(): Promise<Suspicions> {
    this.suspected ??= suspicionsOn(this.shown, this.suspects, this.slices());
    return this.suspected;
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
        return ranksIn(await this.order(), this.count);
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
        return (await this.suspicions()).probabilities;
    }
  }

  private async flips(): Promise<PairTexts> {
    return flipsOf(await this.numbers('margin'), await this.numbers('before'));
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
    const { before, count, shown } = this;
    if (before === 'zero') return new Float64Array(count);
    if (before === null) return new Float64Array(count).fill(Number.NaN);
    return alignedMargins(shown, before, this.slices());
  }

  /** Where all margins before are 0, there was no order. */
  private async rankChanges(): Promise<Float64Array> {
    if (this.before === 'zero') return new Float64Array(this.count).fill(Number.NaN);
    const [margins, before] = [await this.numbers('margin'), await this.numbers('before')];
    const isRanked = (place: number): boolean => !Number.isNaN(at(before, place));
    const hasAll = before.every((margin) => !Number.isNaN(margin));
    const now = hasAll ? await this.order() : await orderOf(margins, this.slices(), isRanked);
    const earlier = await orderOf(before, this.slices());
    return joined(ranksIn(now, this.count), ranksIn(earlier, this.count), (a, b) => a - b);
  }
}

function asFloats(numbers: Float64Array | Int32Array): Float64Array {
  return numbers instanceof Float64Array ? numbers : Float64Array.from(numbers);
}

/** One number of two, place by place. NaN stays NaN. */
function joined(a: Float64Array, b: Float64Array, join: (a: number, b: number) => number): Float64Array {
  return a.map((value, place) => join(value, at(b, place)));
}
