import type { TrainConfig } from '../../run/types';
import type { Plan } from './types';

/** Bytes of a line of rewards/step-N.jsonl: the key, and names and digits of twelve numbers. */
const rewardBytes = 320;

/** What a run does besides its steps. */
export interface Workload {
  /** Times that every training pair is scored, before the first step and after the last included. */
  readonly rewards: number;
  readonly evaluations: number;
  readonly checkpoints: number;
  /** The most there are at once: a new one is whole before an old one goes. */
  readonly checkpointsKept: number;
}

const times = (every: number, steps: number): number => (every > 0 ? Math.floor((steps - 1) / every) : 0);

export function workloadOf(config: TrainConfig, plan: Pick<Plan, 'steps' | 'heldOut'>): Workload {
  const { steps, heldOut } = plan;
  const measured = times(config.reward_steps, steps) + 1;
  const checkpoints = times(config.save_steps, steps) + 1;
  return { rewards: measured + 1, evaluations: heldOut > 0 ? measured : 0, checkpoints, checkpointsKept: keptAtOnce(checkpoints, config.save_total_limit) };
}

export const keptAtOnce = (checkpoints: number, limit: number | null): number => Math.min(checkpoints, limit === null ? checkpoints : limit + 1);

/** What is trained, AdamW's two moments of it, a moving reference's own copy, and two log-probs a pair. */
export function checkpointBytes({ sync_ref_model: moving }: TrainConfig, trained: number, rows: number): number {
  return trained * (moving ? 4 : 3) + 8 * rows;
}

export const rewardsBytes = (rewards: number, rows: number): number => rewards * rows * rewardBytes;
