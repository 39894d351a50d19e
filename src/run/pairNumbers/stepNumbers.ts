import type { Breathing } from '../../base/pure/breathing';
import { at } from '../../base/pure/must';
import type { KeyIndex } from '../../pairs/keyIndex';
import { type FileNumber, isFileNumber, type ShownNumber } from '../../pairs/fileNumber';
import type { PairLabel, PairNumber } from '../../pairs/pairNumber';
import type { SuspectBook } from '../../pairs/suspects/suspectBook';
import type { ColumnNumbers, RewardColumns } from '../rewardColumns/rewardColumns';
import { alignedMargins, indexOf } from './alignedMargins';
import type { FileColumn, FileColumns } from './fileColumn';
import { flipsOf, type PairTexts } from './pairTexts';
import { type Suspicions, suspicionsOn } from './suspicions';
import { orderOf, ranksIn } from './rankOf';
import { ranksAt } from './ranksAt';

/**
 * What rewards are compared with: other rewards; `zero`: all margins are 0, as in a run that starts as its reference;
 * null: nothing.
 */
export type ComparedWith = RewardColumns | 'zero' | null;

const noFile: FileColumns = () => Promise.reject(new Error('These rewards are shown without their dataset'));

/** The {@link ShownNumber}s of all pairs of a file of rewards; NaN where a pair has none. Each is computed once. */
export class StepNumbers {
  private readonly computed = new Map<PairNumber, Promise<Float64Array>>();
  private readonly ofFile = new Map<FileNumber, Promise<FileColumn>>();
  private readonly read = new Map<PairLabel, Promise<PairTexts | null>>();
  private places: Promise<KeyIndex> | null = null;
  private suspected: Promise<Suspicions> | null = null;
  private byMargin: Promise<Int32Array> | null = null;

  /**
   * @param slices makes the slices of one computation
   * @param dynamics the groups of the pairs by their training dynamics; null if there are none
   * @param suspects what a search for wrong labels found; null if nobody has searched
   * @param file reads columns of the dataset
   */
  constructor(
    readonly shown: RewardColumns,
    readonly before: ComparedWith,
    private readonly slices: () => Breathing,
    private readonly dynamics: () => Promise<PairTexts | null> = () => Promise.resolve(null),
    private readonly suspects: SuspectBook | null = null,
    private readonly file: FileColumns = noFile,
  ) {}

  get count(): number {
    return this.shown.count;
  }

  async numbers(name: ShownNumber): Promise<Float64Array> {
    return isFileNumber(name) ? (await this.fileColumn(name)).values : this.own(name);
  }

  /** A column of the dataset. What could not be read is read again when it is asked for the next time. */
  fileColumn(name: FileNumber): Promise<FileColumn> {
    const known = this.ofFile.get(name);
    if (known) return known;
    const column = this.file(name);
    this.ofFile.set(name, column);
    column.catch(() => this.ofFile.delete(name));
    return column;
  }

  private own(name: PairNumber): Promise<Float64Array> {
    const known = this.computed.get(name);
    if (known) return known;
    const numbers = this.compute(name);
    this.computed.set(name, numbers);
    return numbers;
  }

  /** The numbers of a few pairs, without those of all where that is quicker. */
  async some(name: ShownNumber, places: readonly number[]): Promise<Float64Array> {
    const all = isFileNumber(name) ? undefined : this.computed.get(name);
    if (all === undefined && name === 'rank' && this.byMargin === null)
      return ranksAt(places, await this.numbers('margin'), this.slices());
    if (all === undefined && name === 'rankDelta') return this.someRankChanges(places);
    const numbers = await (all ?? this.numbers(name));
    return Float64Array.from(places, (place) => at(numbers, place));
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
        return this.changes();
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
      case 'chosenKl':
      case 'rejectedKl':
        return this.implicitKl(name === 'chosenKl' ? 'chosen' : 'rejected');
      case 'lengthGap':
        return differences(await this.shown.column('chosen.tokens'), await this.shown.column('rejected.tokens'));
      case 'suspect':
        return (await this.suspicions()).probabilities;
    }
  }

  private async changes(): Promise<Float64Array> {
    const margins = await this.numbers('margin');
    if (this.before === 'zero') return margins;
    return differences(margins, await this.numbers('before'));
  }

  private async flips(): Promise<PairTexts> {
    return flipsOf(await this.numbers('margin'), await this.numbers('before'));
  }

  private async gained(side: 'chosen' | 'rejected'): Promise<Float64Array> {
    return differences(await this.shown.column(`${side}.logp`), await this.shown.column(`${side}.ref_logp`));
  }

  /** NaN for a side without tokens: a judged answer has one side. */
  private async perToken(side: 'chosen' | 'rejected'): Promise<Float64Array> {
    const gained = await this.numbers(`${side}Logp`);
    const tokens = await this.shown.column(`${side}.tokens`);
    const shares = new Float64Array(gained.length);
    for (let place = 0; place < shares.length; place++) {
      const count = tokens[place] as number;
      shares[place] = count > 0 ? (gained[place] as number) / count : Number.NaN;
    }
    return shares;
  }

  /** See {@link PairNumber}. `expm1` keeps the digits of small ratios, whose KL is about half their square. */
  private async implicitKl(side: 'chosen' | 'rejected'): Promise<Float64Array> {
    return (await this.numbers(`${side}LogpToken`)).map((ratio) => Math.max(0, Math.expm1(-ratio) + ratio));
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
    return differences(ranksIn(now, this.count), ranksIn(earlier, this.count));
  }

  private async someRankChanges(places: readonly number[]): Promise<Float64Array> {
    if (this.before === 'zero') return new Float64Array(places.length).fill(Number.NaN);
    const [margins, before] = [await this.numbers('margin'), await this.numbers('before')];
    const isRanked = (place: number): boolean => !Number.isNaN(before[place] as number);
    const now = await ranksAt(places, margins, this.slices(), isRanked);
    return differences(now, await ranksAt(places, before, this.slices()));
  }
}

function asFloats(numbers: Float64Array | Int32Array): Float64Array {
  return numbers instanceof Float64Array ? numbers : new Float64Array(numbers);
}

/** a − b, place by place. NaN stays NaN. A loop without functions, because it runs for a million pairs. */
function differences(a: ColumnNumbers, b: ColumnNumbers): Float64Array {
  const numbers = new Float64Array(a.length);
  for (let place = 0; place < numbers.length; place++) numbers[place] = (a[place] as number) - (b[place] as number);
  return numbers;
}
