import { readFile } from 'node:fs/promises';
import { at, must } from '../../base/pure/must';
import { readAllEvents } from '../../run/events';
import { rewardSteps } from '../../run/find';
import { runPaths } from '../../run/folder';
import type { PairReward } from '../../run/types';

/** What a run on the sample achieved. */
export interface SampleReport {
  /** The share of held-out pairs whose chosen answer has the higher reward. */
  readonly heldOut: number;
  readonly before: Ranking;
  readonly after: Ranking;
  readonly samples: readonly { readonly prompt: string; readonly before: string; readonly after: string }[];
}

/** How well the margins of the training pairs, sorted from the lowest, reveal the flipped pairs. */
export interface Ranking {
  /** The share of flipped pairs among the k lowest margins; k is the number of flips, so this is also the recall. */
  readonly precision: number;
  /** Flipped pairs with a margin below zero. */
  readonly negativeFlips: number;
  /** All pairs with a margin below zero. */
  readonly negative: number;
  /** 5th, 50th and 95th percentile of the margins of pairs that are not flipped. */
  readonly spread: readonly number[];
}

/**
 * Measures a finished run on the sample.
 *
 * @param flipped lines of the training file whose answers are swapped, from 1
 * @throws Error where the run has no evaluation or no rewards
 */
export async function measure(run: string, flipped: readonly number[]): Promise<SampleReport> {
  const events = await readAllEvents(run);
  const evaluation = events.findLast((event) => event.kind === 'eval');
  const steps = await rewardSteps(run);
  const [first, last] = [steps[0], steps.at(-1)];
  if (evaluation?.kind !== 'eval' || first === undefined || last === undefined)
    throw new Error(`${run} is not a finished run with an eval_file`);
  return {
    heldOut: must(evaluation.metrics['eval_rewards/accuracies'], 'eval_rewards/accuracies of the evaluation'),
    before: rank(await rewards(run, first), flipped),
    after: rank(await rewards(run, last), flipped),
    samples: events.flatMap((event) => (event.kind === 'sample' ? [event] : [])),
  };
}

async function rewards(run: string, step: number): Promise<PairReward[]> {
  const text = await readFile(runPaths.rewards(run, step), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line): PairReward => JSON.parse(line));
}

function rank(pairs: readonly PairReward[], flipped: readonly number[]): Ranking {
  const isFlipped = ({ line }: PairReward): boolean => flipped.includes(line);
  const sorted = pairs.toSorted((a, b) => a.margin - b.margin);
  const clean = sorted.filter((pair) => !isFlipped(pair));
  const negative = sorted.filter(({ margin }) => margin < 0);
  return {
    precision: sorted.slice(0, flipped.length).filter(isFlipped).length / flipped.length,
    negativeFlips: negative.filter(isFlipped).length,
    negative: negative.length,
    spread: [0.05, 0.5, 0.95].map((share) => at(clean, Math.floor(share * (clean.length - 1))).margin),
  };
}
