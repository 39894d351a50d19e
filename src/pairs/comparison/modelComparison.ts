import { at } from '../../base/pure/must';
import { type Proportion, proportion } from '../statistics/proportion';
import { mcnemar } from './mcnemar';

/** What the models say of one pair. */
export interface ComparedPair {
  /** [models] the margin of each model: above 0 if it prefers the chosen answer. */
  readonly margins: readonly number[];
  /** The part of the file that the pair belongs to; null: the file is not divided. */
  readonly slice: string | null;
}

/** How often one model is right. */
export interface ModelScore {
  /** The share of pairs with a margin above 0, with its 95 % interval. A tie counts as wrong, as in TRL. */
  readonly accuracy: Proportion;
  readonly right: number;
  /** Pairs with a margin of exactly 0. */
  readonly ties: number;
  readonly meanMargin: number;
}

export interface ComparedSlice {
  readonly slice: string;
  readonly pairs: number;
  /** [models] */
  readonly scores: readonly ModelScore[];
}

/** Two models, held against each other pair by pair. */
export interface ModelDuel {
  /** Indices of the two models. */
  readonly first: number;
  readonly second: number;
  readonly bothRight: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly bothWrong: number;
  /** See {@link mcnemar}. */
  readonly p: number;
}

/** Counts for each model and for each two of them how often they are right on the pairs of a file. */
export class ModelComparison {
  private readonly whole: SliceCount;
  private readonly slices = new Map<string, SliceCount>();
  private readonly duels: { first: number; second: number; counts: [number, number, number, number] }[] = [];

  /** @param names of the models, at least one */
  constructor(readonly names: readonly string[]) {
    this.whole = new SliceCount(names.length);
    for (let first = 0; first < names.length; first++)
      for (let second = first + 1; second < names.length; second++)
        this.duels.push({ first, second, counts: [0, 0, 0, 0] });
  }

  get pairs(): number {
    return this.whole.pairs;
  }

  add({ margins, slice }: ComparedPair): void {
    this.whole.add(margins);
    if (slice !== null) this.sliceOf(slice).add(margins);
    for (const { first, second, counts } of this.duels) {
      const wrong = [at(margins, first) > 0 ? 0 : 1, at(margins, second) > 0 ? 0 : 1] as const;
      const cell = 2 * wrong[0] + wrong[1];
      counts[cell] = at(counts, cell) + 1;
    }
  }

  /** [models] over all pairs, of which there is at least one. */
  scores(): readonly ModelScore[] {
    return this.whole.scores();
  }

  /** The largest slice first; equal ones by name. */
  bySlice(): readonly ComparedSlice[] {
    return [...this.slices]
      .map(([slice, count]) => ({ slice, pairs: count.pairs, scores: count.scores() }))
      .sort((a, b) => b.pairs - a.pairs || (a.slice < b.slice ? -1 : 1));
  }

  /** Each two models, in the order of their names. */
  eachTwo(): readonly ModelDuel[] {
    return this.duels.map(({ first, second, counts: [bothRight, onlyFirst, onlySecond, bothWrong] }) => {
      const p = mcnemar(onlyFirst, onlySecond);
      return { first, second, bothRight, onlyFirst, onlySecond, bothWrong, p };
    });
  }

  private sliceOf(slice: string): SliceCount {
    const known = this.slices.get(slice);
    if (known) return known;
    const count = new SliceCount(this.names.length);
    this.slices.set(slice, count);
    return count;
  }
}

/** Whether models differ on a pair: at least one is right, and at least one is not. */
export function isFlip(margins: readonly number[]): boolean {
  return margins.some((margin) => margin > 0) && margins.some((margin) => !(margin > 0));
}

class SliceCount {
  pairs = 0;
  private readonly models: { right: number; ties: number; sum: number }[];

  constructor(models: number) {
    this.models = Array.from({ length: models }, () => ({ right: 0, ties: 0, sum: 0 }));
  }

  add(margins: readonly number[]): void {
    this.pairs++;
    for (const [i, model] of this.models.entries()) {
      const margin = at(margins, i);
      if (margin > 0) model.right++;
      if (margin === 0) model.ties++;
      model.sum += margin;
    }
  }

  scores(): readonly ModelScore[] {
    return this.models.map(({ right, ties, sum }) => ({
      accuracy: proportion(right, this.pairs),
      right,
      ties,
      meanMargin: sum / this.pairs,
    }));
  }
}
