import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { readAdapter } from '../../../src/model/adapter';
import { readWeights } from '../../../src/model/readWeights';
import { openTokenizer } from '../../../src/model/tokenizer';
import { readSafetensorsHeader } from '../../../src/model/safetensors';
import { tokenizePair } from '../../../src/reward/tokenizePair';
import { Trainer } from '../../../src/train/trainer';
import { goldenConfig, goldenFolder, goldenModel, goldenPairs, readGolden } from './golden';

async function openGolden(name: string): Promise<Trainer> {
  const config = goldenConfig(readGolden(name));
  const checkpoint = await openCheckpoint(goldenModel);
  const tokenizer = await openTokenizer(goldenModel, checkpoint.config.vocabSize);
  const pairs = goldenPairs().flatMap((pair) => tokenizePair(pair, tokenizer, { maxLength: config.max_length }).pair ?? []);
  return Trainer.open(config, checkpoint, pairs);
}

/** How far f32 rounding alone carries a run: the README of the recorded trajectories. */
function tolerance(metric: string, expected: number): number {
  if (metric === 'loss') return 2e-5 * Math.max(1, Math.abs(expected));
  if (metric === 'grad_norm') return 2e-4 * Math.abs(expected);
  if (metric === 'learning_rate') return 1e-12;
  if (metric === 'num_tokens') return 0;
  // A fraction of few pairs: equal but for f32's last digit.
  if (metric === 'rewards/accuracies') return 1e-7;
  if (metric === 'epoch') return 1e-9;
  if (metric.startsWith('logps/')) return 1e-3;
  return 1e-4;
}

const runs = ['sigmoid', 'ipo', 'sft', 'mix-sigmoid-sft', 'sigmoid-full', 'sft-full', 'accumulate', 'cosine-warmup-wd', 'truncate'];

describe.skipIf(!existsSync(goldenFolder))('24 steps beside TRL 1.16', () => {
  it.each(runs)('%s: every metric of every step agrees', async (name) => {
    const { log } = readGolden(name);
    const trainer = await openGolden(name);
    for (const expected of log.filter((entry) => 'loss' in entry)) {
      const metrics = await trainer.step();
      for (const [metric, value] of Object.entries(expected)) {
        if (metric === 'step') continue;
        const difference = Math.abs((metrics[metric] ?? Number.NaN) - value);
        expect(difference, `step ${expected.step} ${metric}: ${metrics[metric]} for ${value}`).toBeLessThanOrEqual(tolerance(metric, value));
      }
    }
    await trainer.release();
  });

  it('ends at the same adapter and the same weights', async () => {
    const lora = await openGolden('sigmoid');
    while (lora.position.step < lora.steps) await lora.step();
    const final = await readAdapter(`${goldenFolder}/sigmoid-final`, lora.checkpoint);
    for (const [name, { data }] of final.parameters) expectClose(lora.session.parameters.get(name)?.data, data, 5e-5, name);
    await lora.release();

    const full = await openGolden('sigmoid-full');
    while (full.position.step < full.steps) await full.step();
    const weights = await readSafetensorsHeader(`${goldenFolder}/sigmoid-full-final/model.safetensors`);
    const expected = await readWeights({ ...full.checkpoint, weights: new Map(weights.map((tensor) => [tensor.name, tensor])) });
    for (const [name, { data }] of full.session.parameters) expectClose(data, expected.get(name)?.data, 3e-4, name);
    await full.release();
  });
});

function expectClose(actual: Float32Array | undefined, expected: Float32Array | undefined, limit: number, name: string): void {
  expect(actual?.length, name).toBe(expected?.length);
  let worst = 0;
  actual?.forEach((value, i) => (worst = Math.max(worst, Math.abs(value - (expected?.[i] ?? Number.NaN)))));
  expect(worst, name).toBeLessThanOrEqual(limit);
}
