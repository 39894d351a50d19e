import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileError } from '../base/node/fileError';
import { replaceFile } from '../base/node/replaceFile';
import { at } from '../base/pure/must';
import type { PackedBatch } from '../engine/types';
import type { LoadedRow } from '../reward/rowStore';
import { heldOutSteps } from '../run/find';
import { runPaths } from '../run/folder';
import type { PairReward, SideReward, TrainConfig } from '../run/types';
import { isPerToken, type TrainerChoice } from './trainers';

/** A batch of held-out pairs with what an evaluation measured. */
export interface MeasuredBatch {
  readonly rows: readonly LoadedRow[];
  readonly batch: Pick<PackedBatch, 'lengths'>;
  /** [2·pairs] log-prob sums in nats under the policy, chosen then rejected. */
  readonly logps: Float32Array;
  /** [2·pairs] the same under the reference. */
  readonly reference: Float32Array;
}

/**
 * The rewards of held-out pairs as an evaluation counts them in `eval_rewards/accuracies`: log-probs are those of the
 * objective, so they are means over tokens, or weighted, where its metrics are, and 0 for a reference that it lacks.
 */
export function heldOutRewards(
  { rows, batch: { lengths }, logps, reference }: MeasuredBatch,
  config: TrainerChoice & Pick<TrainConfig, 'beta'>,
): PairReward[] {
  const side = (sequence: number): SideReward => {
    const tokens = at(lengths, sequence);
    const divisor = isPerToken(config) ? Math.max(1, tokens) : 1;
    const [logp, refLogp] = [at(logps, sequence) / divisor, at(reference, sequence) / divisor];
    return { logp, ref_logp: refLogp, reward: config.beta * (logp - refLogp), tokens };
  };
  return rows.map(({ row, line, key }, i) => {
    const [chosen, rejected] = [side(i), side(rows.length + i)];
    return { row, line, key, chosen, rejected, margin: chosen.reward - rejected.reward };
  });
}

/**
 * Writes `held-out/step-N.jsonl`, and removes those of earlier evaluations except the best one: two runs are compared
 * by their last or best model.
 *
 * @param best the step of the best evaluation before this one; null: none, or nobody asks for it
 * @throws MarginError `disk-full`, `not-writable`, … naming the file
 */
export async function keepHeldOut(
  folder: string,
  step: number,
  rewards: readonly PairReward[],
  best: number | null,
): Promise<void> {
  const path = runPaths.heldOut(folder, step);
  await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
    throw fileError(error, 'write', path);
  });
  await replaceFile(
    path,
    rewards.map((reward) => `${JSON.stringify(reward)}\n`),
  );
  for (const other of await heldOutSteps(folder))
    if (other !== step && other !== best) await rm(runPaths.heldOut(folder, other), { force: true });
}
