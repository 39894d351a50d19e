import { stepsToScore } from '../../run/scoring';
import type { TrainConfig } from '../../run/types';
import { evalSteps } from '../batches';
import { bestMetric } from '../bestModel';
import type { Plan } from './types';

/** Bytes of a line of rewards/step-N.jsonl: the key, and the names and digits of twelve numbers. */
const rewardBytes = 320;

/** What a run does in addition to its steps. */
export interface Workload {
  /** Times that every training pair is scored between steps. */
  readonly rewards: number;
  /** Times that every training pair is scored when the run is done. */
  readonly scorings: number;
  readonly evaluations: number;
  /** Times that the samples' prompts are answered. */
  readonly answers: number;
  /** The largest possible number, because each evaluation may be the best so far. */
  readonly checkpoints: number;
  /** The most that exist at the same time. */
  readonly checkpointsKept: number;
}

/** How many multiples of `every` come before the last step. @param every 0: none */
const times = (every: number, steps: number): number => (every > 0 ? Math.floor((steps - 1) / every) : 0);

/** Counts what a run does in addition to its steps. */
export function workloadOf(config: TrainConfig, plan: Pick<Plan, 'steps' | 'heldOut'>): Workload {
  const { steps, heldOut } = plan;
  const every = evalSteps(config);
  const evaluations = heldOut > 0 ? times(every, steps) + 1 : 0;
  const best = evaluations > 0 && bestMetric(config) !== null ? every : 0;
  const checkpoints = timesOfEither(config.save_steps, best, steps) + 1;
  return {
    rewards: times(config.reward_steps, steps),
    scorings: stepsToScore(config, steps).length,
    evaluations,
    answers: 1 + Math.max(1, evaluations),
    checkpoints,
    checkpointsKept: keptAtOnce(config, checkpoints),
  };
}

function timesOfEither(a: number, b: number, steps: number): number {
  return times(a, steps) + times(b, steps) - times((a * b) / divisor(a, b), steps);
}

/** The greatest common divisor; 1 for two zeros. */
const divisor = (a: number, b: number): number => (b === 0 ? Math.max(1, a) : divisor(b, a % b));

/** A new checkpoint is complete before an old one is deleted. The newest and the best are kept whatever the limit. */
export function keptAtOnce(config: TrainConfig, checkpoints: number, limit = config.save_total_limit): number {
  return limit === null ? checkpoints : Math.min(checkpoints, Math.max(limit, bestMetric(config) === null ? 1 : 2) + 1);
}

/**
 * Bytes of a checkpoint: trained values, AdamW's two moments, a moving reference's copy, and two log-probs per pair.
 */
export function checkpointBytes({ sync_ref_model: moving }: TrainConfig, trained: number, rows: number): number {
  return trained * (moving ? 4 : 3) + 8 * rows;
}

/** Bytes of rewards files. @param rewards how often every row is scored */
export const rewardsBytes = (rewards: number, rows: number): number => rewards * rows * rewardBytes;
