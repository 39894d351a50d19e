import { at } from '../base/pure/must';
import { pairKey } from '../jsonl/node/pairKey';
import { readPairs } from '../jsonl/node/readPairs';
import { isRewardBenchSubset, type SectionScore } from '../pairs/comparison/rewardBench';
import { rewardBench2Scores, type ValuedPrompt } from '../pairs/comparison/rewardBench2';
import { rewardBench2 } from '../pairs/formats/rewardBench2';
import { keyNumber } from '../pairs/keyNumber';
import { valueAt } from '../pairs/own/keyPath';
import { pairsOfList, sidesOfList } from '../pairs/pairRule';
import type { Reading } from '../pairs/reading';
import type { PairResult } from '../pairs/readPair';
import type { PairValues } from './comparedModels';

/** The benchmarks whose scores `margin compare` prints. */
export type Benchmark = 'rewardbench' | 'rewardbench-2';

/** The benchmark that all pairs and lists of a file belong to; null if there is none. */
export async function benchmarkOf(file: string, reading: Reading): Promise<Benchmark | null> {
  let found: Benchmark | null = null;
  for await (const { result, value } of readPairs(file, { reading })) {
    if (result.kind !== 'pair' && result.kind !== 'list') continue;
    const own = rowBenchmark(result, valueAt(value, ['subset']));
    if (own === null || (found !== null && own !== found)) return null;
    found = own;
  }
  return found;
}

function rowBenchmark(result: PairResult, subset: unknown): Benchmark | null {
  if (result.kind === 'pair') return isRewardBenchSubset(subset) ? 'rewardbench' : null;
  const isRow = result.kind === 'list' && result.format.id === rewardBench2.id;
  return isRow && typeof subset === 'string' && subset !== '' ? 'rewardbench-2' : null;
}

/** Collects how models value all answers of the prompts of RewardBench 2. */
export class PromptValues {
  private readonly prompts: ValuedPrompt[][];
  private incomplete = 0;

  /** @param models [models] their values of answers, by the `keyNumber` of a pair that has the answer */
  constructor(private readonly models: readonly PairValues[]) {
    this.prompts = models.map(() => []);
  }

  /** Adds a row, if it is a list of which each model valued all answers; another list is counted. */
  add(result: PairResult): void {
    if (result.kind !== 'list') return;
    const { list, rule, value } = result;
    const sides = sidesOfList(list, rule);
    const keys = pairsOfList(list, rule).map((pair) => keyNumber(pairKey(pair)));
    const found = this.models.map((known) => {
      const values: (number | undefined)[] = list.answers.map(() => undefined);
      for (const [i, { chosen, rejected }] of sides.entries()) {
        const pair = known.get(at(keys, i));
        // An answer in several pairs has one value, but for rounding.
        values[chosen] ??= pair?.chosen;
        values[rejected] ??= pair?.rejected;
      }
      return values.every((one) => one !== undefined) ? values : null;
    });
    if (!found.every((values) => values !== null)) return void this.incomplete++;
    const [subset, id] = [String(value['subset']), value['id']];
    const correct = list.answers.filter(({ value: right }) => right === 1).length;
    const named = { subset, id: typeof id === 'string' ? id : null, correct };
    for (const [i, values] of found.entries()) at(this.prompts, i).push({ ...named, values });
  }

  /** [models] The scores; null if no prompt has values of all its answers. What is missing says how many lack some. */
  scores(): readonly (readonly SectionScore[])[] | null {
    if (at(this.prompts, 0).length === 0) return null;
    const lacking = this.incomplete === 1 ? '1 prompt' : `${this.incomplete.toLocaleString('en')} prompts`;
    return this.prompts.map((prompts) =>
      rewardBench2Scores(prompts).map((score, i, all) =>
        this.incomplete > 0 && i === all.length - 1
          ? { ...score, missing: [...score.missing, `values of all answers of ${lacking}`] }
          : score,
      ),
    );
  }
}
