import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readTensor } from '../../../src/model/readWeights';
import { readSafetensorsHeader } from '../../../src/model/safetensors';
import { rewardSteps } from '../../../src/run/find';
import { readState, runPaths } from '../../../src/run/folder';
import { resolveRun } from '../../../src/run/resolve';
import type { PairReward } from '../../../src/run/types';
import { goldenConfig, goldenFolder, readGolden } from './golden';
import { ofKind, onlySteps, runFolder, train } from './runs';

/**
 * Runs whose loss is exponential in the log-ratio. If a reward is exact to 1e-4, its log-ratio is exact to 1e-3, so the
 * exponential has a relative error of 1e-3, and its square 2e-3. Such numbers cancel in gradients, so the norm has a
 * relative error of 2e-2. In the first steps the numbers are still small, and the common bounds apply.
 */
const exponential: ReadonlySet<string> = new Set(['forward_kl', 'alpha_divergence', 'ipo-forward_kl']);
const stepsBeforeGrowth = 3;

/**
 * The `logits` of these trainers are means over prompts and padding too, so they depend on the other rows of the batch.
 * Margin's are means over completions.
 */
const withoutReference: ReadonlySet<string> = new Set(['CPOTrainer', 'ORPOTrainer']);
const omitLogits = (metrics: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(metrics).filter(([name]) => !name.startsWith('logits/')));

/** The largest difference that f32 rounding alone makes, from the README of the recorded trajectories. */
function tolerance(name: string, step: number, metric: string, expected: number): number {
  const grown = exponential.has(name) && step > stepsBeforeGrowth;
  if (grown && metric === 'loss') return 2e-3 * Math.abs(expected);
  if (grown && metric === 'grad_norm') return 2e-2 * Math.abs(expected);
  // DiscoPOP mixes two losses by σ(margin / τ), τ = 0.05: a margin within 1e-4 moves the mix, and the gradient, by 5e-4
  // of itself for each of the two. Seen on AVX-512: 4e-4.
  if (name === 'discopop' && step > stepsBeforeGrowth && metric === 'grad_norm') return 1e-3 * Math.abs(expected);
  if (metric === 'loss') return 2e-5 * Math.max(1, Math.abs(expected));
  if (metric === 'grad_norm') return 2e-4 * Math.abs(expected);
  if (metric === 'learning_rate') return 1e-12;
  if (metric === 'num_tokens') return 0;
  // A share of few pairs: equal except for the last digit of an f32.
  if (metric === 'rewards/accuracies') return 1e-7;
  if (metric === 'epoch') return 1e-9;
  if (metric.startsWith('logps/')) return 1e-3;
  return 1e-4;
}

const runs = [
  'sigmoid',
  'hinge',
  'ipo',
  'exo_pair',
  'nca_pair',
  'robust',
  'bco_pair',
  'sppo_hard',
  'aot',
  'aot_unpaired',
  'apo_zero',
  'apo_down',
  'discopop',
  'sft',
  'sigmoid_norm',
  'ld_alpha',
  'wpo',
  'cpo',
  'cpo-simpo',
  'simpo',
  'orpo',
  'kto',
  'kto-weighted',
  'apo_zero_unpaired',
  'forward_kl',
  'js_divergence',
  'alpha_divergence',
  'ipo-forward_kl',
  'mix-sigmoid-sft',
  'mix-mpo',
  'sigmoid-full',
  'sft-full',
  'accumulate',
  'cosine-warmup-wd',
  'truncate',
];

/** The weights at the end of runs for which TRL's final weights were recorded. */
const ends: Readonly<Record<string, { readonly file: string; readonly within: number }>> = {
  sigmoid: { file: 'sigmoid-final/adapter_model.safetensors', within: 5e-5 },
  'sigmoid-full': { file: 'sigmoid-full-final/model.safetensors', within: 3e-4 },
};

describe.skipIf(!existsSync(goldenFolder))('24 steps of a run, compared with TRL 1.16', () => {
  /** The runs share one cache of reference log-probs, as the runs of one user do. */
  let cache: string;

  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'margin-reference-'));
    return () => rm(cache, { recursive: true, force: true });
  });

  it.each(runs)('%s: every metric of every step agrees', async (name) => {
    const golden = readGolden(name);
    const config = goldenConfig(golden);
    const folder = await runFolder(config, await resolveRun(config, {}));
    const events = await train(folder, { ...onlySteps, cache });
    const points = ofKind(events, 'train');
    const expectedPoints = golden.log.filter((entry) => 'loss' in entry);
    expect(points.map(({ step }) => step)).toEqual(expectedPoints.map(({ step }) => step));
    expectedPoints.forEach(({ step = 0, ...all }, i) => {
      const expected = withoutReference.has(golden.trainer) ? omitLogits(all) : all;
      for (const [metric, value] of Object.entries(expected)) {
        const ours = points[i]?.metrics[metric] ?? Number.NaN;
        expect(Math.abs(ours - value), `step ${step} ${metric}: ${ours} for ${value}`).toBeLessThanOrEqual(
          tolerance(name, step, metric, value),
        );
      }
    });
    expect(await readState(folder)).toMatchObject({ status: 'done', step: 24, steps: 24, error: null });
    const end = ends[name];
    if (end)
      await expectClose(
        join(runPaths.checkpoint(folder, 24), end.file.split('/')[1] ?? ''),
        join(goldenFolder, end.file),
        end.within,
      );
  });

  it('the first step: loss is ln 2, rewards are 0, and nothing is scored before it', async () => {
    const folder = await runFolder({ ...goldenConfig(readGolden('sigmoid')), max_steps: 1 });
    const [first] = ofKind(await train(folder, { samples: false }), 'train');
    expect(first?.metrics.loss).toBeCloseTo(Math.LN2, 7);
    for (const metric of ['rewards/chosen', 'rewards/rejected', 'rewards/margins', 'rewards/accuracies'])
      expect(first?.metrics[metric], metric).toBe(0);
    expect(await rewardSteps(folder)).toEqual([1]);
    const after = await rewards(folder, 1);
    expect(after.map(({ row }) => row)).toEqual(Array.from({ length: 96 }, (_, row) => row));
    expect(after.every(({ margin }) => margin !== 0)).toBe(true);
  });
});

async function rewards(folder: string, step: number): Promise<PairReward[]> {
  const text = await readFile(runPaths.rewards(folder, step), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PairReward);
}

async function expectClose(file: string, golden: string, within: number): Promise<void> {
  const stored = new Map((await readSafetensorsHeader(file)).map((tensor) => [tensor.name, tensor]));
  const expected = await readSafetensorsHeader(golden);
  expect([...stored.keys()].sort()).toEqual(expected.map(({ name }) => name).sort());
  for (const tensor of expected) {
    const ours = stored.get(tensor.name);
    const [{ data: actual }, { data }] = [await readTensor(ours ?? tensor), await readTensor(tensor)];
    let worst = 0;
    data.forEach((value, i) => (worst = Math.max(worst, Math.abs(value - (actual[i] ?? Number.NaN)))));
    expect(worst, tensor.name).toBeLessThanOrEqual(within);
  }
}
