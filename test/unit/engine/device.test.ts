import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, type TestContext } from 'vitest';
import { batchFeeds, parameterFeeds } from '../../../src/engine/feeds';
import { headChunks } from '../../../src/engine/head';
import { packPairs } from '../../../src/engine/packPairs';
import { pairFeeds } from '../../../src/engine/pairSymbols';
import { seededRandom } from '../../../src/engine/random';
import { Program, type RuntimeOptions } from '../../../src/engine/runtime';
import { trainGraph } from '../../../src/engine/trainGraph';
import { GraphError } from '../../../src/graph/graphError';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { createAdapter } from '../../../src/model/lora';
import { lossOf } from '../../../src/train/objectives/table';
import { readConfig } from '../train/golden';

/** A step of the sample model whose adapter is not at its beginning, where half of the gradients are zero. */
async function sampleStep() {
  const checkpoint = await openCheckpoint('media/sample/model');
  const random = seededRandom(1);
  const adapter = createAdapter(checkpoint, { r: 8, alpha: 16, rslora: false, dropout: 0, targets: 'all-linear' }, random);
  for (const { data } of adapter.parameters.values()) data.forEach((value, i) => (data[i] = value === 0 ? 0.02 * (random() - 0.5) : value));
  const { outputs, trained } = trainGraph(checkpoint, adapter, new Map(), lossOf(readConfig({ train_file: 'none.jsonl' })));
  const ids = (count: number): number[] => Array.from({ length: count }, () => Math.floor(700 * random()));
  const batch = packPairs(Array.from({ length: 4 }, () => ({ prompt: ids(20), chosen: ids(16), rejected: ids(9) })));
  const feeds = { ...batchFeeds(batch, headChunks(checkpoint.model)), ...parameterFeeds(trained, adapter.parameters), ...pairFeeds(batch, new Float32Array(8)) };
  return async (options: RuntimeOptions): Promise<Record<string, Float32Array>> => {
    const program = await Program.compile(outputs, options);
    const results = await program.run(feeds);
    await program.release();
    return results;
  };
}

/** Ops that a profile says were run elsewhere than on the device. */
async function elsewhere(folder: string): Promise<string[]> {
  const [file = ''] = await readdir(folder);
  const events = JSON.parse(await readFile(join(folder, file), 'utf8')) as { cat: string; args?: { op_name?: string; provider?: string } }[];
  const ops = events.flatMap(({ cat, args }) => (cat === 'Node' && args?.provider === 'CPUExecutionProvider' && args.op_name !== undefined ? [args.op_name] : []));
  return [...new Set(ops)];
}

function skipWithout(error: unknown, context: TestContext): never {
  if (error instanceof GraphError && error.code === 'no-device') return context.skip('there is no WebGPU device');
  throw error;
}

test('a training step on WebGPU gives what the CPU gives, and only shapes are worked out on the CPU', { timeout: 120_000 }, async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'margin-device-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const step = await sampleStep();
  const found = await step({ device: 'webgpu', profilePrefix: join(folder, 'step') }).catch((error: unknown) => skipWithout(error, context));
  const expected = await step({ device: 'cpu' });
  for (const [name, values] of Object.entries(expected)) {
    values.forEach((value, i) => expect(Math.abs(value - (found[name]?.[i] ?? Number.NaN)), name).toBeLessThan(5e-4 * Math.max(1, Math.abs(value))));
  }
  expect((await elsewhere(folder)).filter((op) => op !== 'Shape')).toEqual([]);
});

test('a device that is not there is refused by name, with what to do', async () => {
  const step = await sampleStep();
  // DirectML is of Windows alone, CUDA's libraries are no part of the runtime.
  const device = process.platform === 'win32' ? 'cuda' : 'dml';
  await expect(step({ device })).rejects.toThrow(new RegExp(`device "${device}" cannot be used here: .*Set device to "cpu"`, 's'));
});
