import { readFile } from 'node:fs/promises';
import { readAllEvents } from '../../run/events';
import { rewardSteps } from '../../run/find';
import { runPaths } from '../../run/folder';
import type { PairReward } from '../../run/types';

export interface SampleReport {
  /** Held-out pairs whose chosen answer has the higher reward, a fraction. */
  readonly heldOut: number;
  readonly before: Ranking;
  readonly after: Ranking;
  readonly samples: readonly { readonly prompt: string; readonly before: string; readonly after: string }[];
}

/** How well the margins of all training pairs tell the flipped ones, when sorted from the lowest. */
export interface Ranking {
  /** Of the k pairs with the lowest margin, how many are flipped; k is the number of flips, so recall is the same. */
  readonly precision: number;
  /** Flipped pairs with a margin below zero, and all pairs with one. */
  readonly negativeFlips: number;
  readonly negative: number;
  /** 5th, 50th and 95th percentile of the margins of pairs that are not flipped. */
  readonly spread: readonly number[];
}

/** What a run over the sample achieved. `flipped` are lines of the training file. */
export async function measure(run: string, flipped: readonly number[]): Promise<SampleReport> {
  const events = await readAllEvents(run);
  const evaluation = events.findLast((event) => event.kind === 'eval');
  const steps = (await rewardSteps(run)).toSorted((a, b) => a - b);
  const [before, after] = await Promise.all(
    [steps[0], steps.at(-1)].map(async (step) => rank(await rewards(run, step ?? 0), flipped)),
  );
  if (evaluation?.kind !== 'eval' || !before || !after)
    throw new Error(`${run} is not a finished run with an eval_file`);
  const samples = events.flatMap((event) => (event.kind === 'sample' ? [event] : []));
  return { heldOut: evaluation.metrics['eval_rewards/accuracies'] ?? Number.NaN, before, after, samples };
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
    spread: [0.05, 0.5, 0.95].map((share) => clean[Math.floor(share * (clean.length - 1))]?.margin ?? Number.NaN),
  };
}
