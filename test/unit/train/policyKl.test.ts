import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { at } from '../../../src/base/pure/must';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { readStopIds } from '../../../src/model/stopTokens';
import { openTokenizer } from '../../../src/model/tokenizer';
import { detectAll } from '../../../src/pairs/reading';
import { loadPairs } from '../../../src/reward/loadPairs';
import type { TrainConfig } from '../../../src/run/types';
import { openMeasuredPolicy } from '../../../src/train/evaluate';
import { klTerm, policyKl } from '../../../src/train/policyKl';
import { Trainer } from '../../../src/train/trainer';
import { sampleRun } from './sampleRun';

/** The estimate before the first step, after two steps, and once more. */
async function estimates(change: Partial<TrainConfig> = {}): Promise<(number | undefined)[]> {
  const config = await sampleRun({ learning_rate: 1e-2, ...change });
  const checkpoint = await openCheckpoint(config.model_name_or_path);
  const tokenizer = await openTokenizer(config.model_name_or_path, checkpoint.model.vocabSize);
  const { rows } = await loadPairs(config.train_file, tokenizer, { reading: detectAll, maxLength: 512 });
  const trainer = await Trainer.open(config, checkpoint, rows);
  const policy = openMeasuredPolicy(trainer);
  const stopIds = await readStopIds(checkpoint.folder, tokenizer);
  const estimate = async (): Promise<number | undefined> =>
    (await policyKl(trainer, rows, policy, () => Promise.resolve({ tokenizer, stopIds })))['eval_objective/kl'];
  const start = await estimate();
  for (let step = 0; step < 2; step++) await trainer.step();
  const found = [start, await estimate(), await estimate()];
  await Promise.all([policy.release(), trainer.release(), rows.close()]);
  return found;
}

describe('the KL from the reference', () => {
  it.each([
    ['an adapter', {}],
    ['all weights', { use_peft: false }],
    ['a reference that moves', { sync_ref_model: true, ref_model_sync_steps: 100 }],
  ])('of %s is 0 before the first step, then above 0, and the same if it is estimated again', async (_, change) => {
    const [start, moved, again] = await estimates(change);
    expect(start).toBe(0);
    expect(moved).toBeGreaterThan(0.01);
    expect(again).toBe(moved);
  });

  it('is missing without a reference', async () => {
    expect(await estimates({ trainer: 'cpo', loss_type: ['simpo'] })).toEqual([undefined, undefined, undefined]);
  });

  it('has terms whose mean over tokens of the policy is the KL of the two distributions', () => {
    const seed = 20261129;
    const random = seededRandom(seed);
    const distribution = (): number[] => {
      const weights = Array.from({ length: 9 }, () => 0.01 + random());
      const sum = weights.reduce((a, b) => a + b, 0);
      return weights.map((weight) => weight / sum);
    };
    const [policy, reference] = [distribution(), distribution()];
    const mean = (value: (p: number, r: number) => number): number =>
      policy.reduce((sum, p, i) => sum + p * value(p, at(reference, i)), 0);
    const kl = mean((p, r) => Math.log(p / r));
    expect(
      mean((p, r) => klTerm(Math.log(r / p))),
      `seed ${seed}`,
    ).toBeCloseTo(kl, 12);
  });
});
