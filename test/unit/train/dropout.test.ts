import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runPaths } from '../../../src/run/folder';
import { ofKind, onlySteps, runFolder, stopAfter, train } from './runs';
import { sampleRun } from './sampleRun';

const dropping = { disable_dropout: false, lora_dropout: 0.3, max_steps: 4 } as const;

async function adapterAt(folder: string, step: number): Promise<Buffer> {
  return readFile(join(runPaths.checkpoint(folder, step), 'adapter_model.safetensors'));
}

it('a run with dropout that is stopped and resumed has the same masks, and the same bytes at its end', async () => {
  const config = await sampleRun(dropping);
  const [whole, parted, plain] = [
    await runFolder(config),
    await runFolder(config),
    await runFolder({ ...config, disable_dropout: true }),
  ];
  const losses = ofKind(await train(whole, onlySteps), 'train').map(({ metrics }) => metrics.loss);
  await train(parted, { stopping: stopAfter(2) });
  expect(
    ofKind(await train(parted, { ...onlySteps, resume: true }), 'train').map(({ metrics }) => metrics.loss),
  ).toEqual(losses);
  expect((await adapterAt(parted, 4)).equals(await adapterAt(whole, 4))).toBe(true);
  await train(plain, onlySteps);
  expect((await adapterAt(plain, 4)).equals(await adapterAt(whole, 4))).toBe(false);
});

it('dropout acts in training only: a step starts with the loss of a model without it', async () => {
  const folder = await runFolder(await sampleRun({ ...dropping, max_steps: 1 }));
  // A fresh adapter adds nothing, whatever is dropped.
  expect(ofKind(await train(folder, onlySteps), 'train')[0]?.metrics.loss).toBeCloseTo(Math.LN2, 6);
});
