import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { inDevicePrecision } from '../../../src/engine/deviceWeights';
import { batchFeeds, parameterFeeds } from '../../../src/engine/feeds';
import { packedHidden } from '../../../src/engine/forward';
import { continuationFeeds } from '../../../src/engine/generateFeeds';
import { continuationGraph } from '../../../src/engine/generateGraph';
import { headChunks, measureHead, scoreHead } from '../../../src/engine/head';
import { KeyValueCache } from '../../../src/engine/keyValueCache';
import { packPairs } from '../../../src/engine/packPairs';
import { pairFeeds } from '../../../src/engine/pairSymbols';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { Program, type Feeds, type RuntimeOptions } from '../../../src/engine/runtime';
import { trainGraph } from '../../../src/engine/trainGraph';
import { GraphWeights } from '../../../src/engine/weights';
import { MarginError } from '../../../src/base/pure/marginError';
import { neg } from '../../../src/graph/elementwise';
import { input, type Tensor } from '../../../src/graph/tensor';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { locateModel } from '../../../src/model/locate';
import { createAdapter } from '../../../src/model/lora';
import { inPrecision } from '../../../src/model/precision';
import { readWeights } from '../../../src/model/readWeights';
import type { Adapter, Checkpoint } from '../../../src/model/types';
import { objectiveTexts } from '../../../src/run/objectives';
import type { TrainConfig } from '../../../src/run/types';
import { lossOf } from '../../../src/train/objectives/table';
import { temporaryFolder } from '../run/temporaryFolder';
import { readConfig } from '../train/golden';
import { evaluateLoss, type Batch, type Evaluated } from '../train/lossProgram';
import { architectureNames, checkpointOf, readArchitecture } from './architectureGoldens';
import { useSoftwareVulkan } from './softwareVulkan';

/** null without a device. Stays open, so that shaders are compiled once for all tests. */
let held: Program | null = null;

beforeAll(async () => {
  await useSoftwareVulkan();
  held = await Program.compile({ y: neg(input('x', 'f32', [1])) }, { device: 'webgpu' }).catch((error: unknown) => {
    if (error instanceof MarginError && error.message.includes('WebGPU adapter')) return null;
    throw error;
  });
}, 120_000);
afterAll(() => held?.release());

/** A graph with its inputs. */
interface Work {
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly feeds: Feeds;
}

const random = seededRandom(1);
const loss = lossOf(readConfig({ train_file: 'none.jsonl' }));
const idsOf = (checkpoint: Checkpoint, count: number): number[] =>
  Array.from({ length: count }, () => Math.floor(checkpoint.model.vocabSize * random()));
const batchOf = (checkpoint: Checkpoint) =>
  packPairs(
    Array.from({ length: 4 }, () => ({
      prompt: idsOf(checkpoint, 20),
      chosen: idsOf(checkpoint, 16),
      rejected: idsOf(checkpoint, 9),
    })),
  );
const frozen = (checkpoint: Checkpoint): GraphWeights => new GraphWeights(checkpoint, null, new Map());

/** An adapter with random matrices. In a fresh adapter half of the gradients are zero. */
function adapterOn(checkpoint: Checkpoint): Adapter {
  const adapter = createAdapter(
    checkpoint,
    { r: 8, alpha: 16, rslora: false, dropout: 0, targets: 'all-linear' },
    random,
  );
  for (const { data } of adapter.parameters.values())
    data.forEach((value, i) => (data[i] = value === 0 ? 0.02 * (random() - 0.5) : value));
  return adapter;
}

function step(checkpoint: Checkpoint): Work {
  const adapter = adapterOn(checkpoint);
  const { outputs, trained } = trainGraph(checkpoint, adapter, new Map(), loss);
  const batch = batchOf(checkpoint);
  return {
    outputs,
    feeds: {
      ...batchFeeds(batch, headChunks(checkpoint.model)),
      ...parameterFeeds(trained, adapter.parameters),
      ...pairFeeds(batch, new Float32Array(8)),
    },
  };
}

function score(checkpoint: Checkpoint): Work {
  const weights = frozen(checkpoint);
  return {
    outputs: { ...scoreHead(checkpoint.model, weights, packedHidden(checkpoint.model, weights)) },
    feeds: batchFeeds(batchOf(checkpoint), headChunks(checkpoint.model)),
  };
}

/** Two tokens after three in the cache. */
function generation(checkpoint: Checkpoint): Work {
  const cache = new KeyValueCache(checkpoint.model.attention, 1, 3);
  return {
    outputs: continuationGraph(checkpoint.model, frozen(checkpoint)),
    feeds: {
      ...continuationFeeds([{ ids: idsOf(checkpoint, 2), past: 3, span: 20 }], cache.capacity, 'all'),
      ...cache.feeds(),
    },
  };
}

async function resultsOf({ outputs, feeds }: Work, options: RuntimeOptions): Promise<Record<string, Float32Array>> {
  const program = await Program.compile(outputs, options);
  const results = await program.run(feeds);
  await program.release();
  return results;
}

/** Ops that did not run on the device, according to a profile. */
async function elsewhere(folder: string): Promise<string[]> {
  const [file = ''] = await readdir(folder);
  const events = JSON.parse(await readFile(join(folder, file), 'utf8')) as {
    cat: string;
    args?: { op_name?: string; provider?: string };
  }[];
  const ops = events.flatMap(({ cat, args }) =>
    cat === 'Node' && args?.provider === 'CPUExecutionProvider' && args.op_name !== undefined ? [args.op_name] : [],
  );
  return [...new Set(ops)];
}

/**
 * A software driver computes exp with low precision. The largest error seen with SwiftShader is 7.4e-4 of a log-prob.
 */
function expectNear(
  found: Readonly<Record<string, Float32Array>>,
  expected: Readonly<Record<string, Float32Array>>,
): void {
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const [name, values] of Object.entries(expected)) {
    values.forEach((value, i) =>
      expect(Math.abs(value - (found[name]?.[i] ?? Number.NaN)), name).toBeLessThan(
        1e-3 * Math.max(1, Math.abs(value)),
      ),
    );
  }
}

const inHalves =
  (kept: 'f16' | 'bf16') =>
  async (cache: string): Promise<Checkpoint> =>
    inPrecision(await openCheckpoint('media/sample/model'), kept, cache);

async function quantised(cache: string): Promise<Checkpoint> {
  return openCheckpoint((await locateModel('test/unit/model/gguf/phi3.gguf', cache)).folder);
}

/** Margins with ties, on both sides of each threshold. */
const batch: Batch = {
  chosen: [-9, -4, -30, -4, -11],
  rejected: [-7, -6, -9, -6, -40],
  refChosen: [-8, -5, -20, -5, -11],
  refRejected: [-8, -5, -10, -5, -12],
  prompts: [-3, -4, -5, -6, -7],
  agreements: [-1, -2, -3, -4, -5, -2, -3, -1, -5, -4],
  weights: [1, 2, 0.5, 1, 1],
  desirable: [1, 0, 1, 0, 0],
};

async function expectSameLoss(keys: Partial<TrainConfig>): Promise<void> {
  const arrays = ({ loss: value, gradient, metrics }: Evaluated) => ({
    loss: Float32Array.of(value),
    gradient: Float32Array.from(gradient),
    ...Object.fromEntries(Object.entries(metrics).map(([name, metric]) => [name, Float32Array.of(metric)])),
  });
  expectNear(arrays(await evaluateLoss(keys, batch, { device: 'webgpu' })), arrays(await evaluateLoss(keys, batch)));
}

// Each WebGPU session has `session.disable_cpu_ep_fallback`, so if a graph opens there, no node runs on the CPU.
describe('on WebGPU', { timeout: 180_000 }, () => {
  beforeEach(({ skip }) => skip(held === null, 'there is no WebGPU device'));

  it.each([
    ['a training step', step],
    ['scoring', score],
    ['generation', generation],
  ] as const)('%s gives the results of the CPU, and computes only shapes on the CPU', async (_, workOf) => {
    const folder = await temporaryFolder();
    const work = workOf(await openCheckpoint('media/sample/model'));
    expectNear(
      await resultsOf(work, { device: 'webgpu', profilePrefix: join(folder, 'profile') }),
      await resultsOf(work, {}),
    );
    expect((await elsewhere(folder)).filter((op) => op !== 'Shape')).toEqual([]);
  });

  it.each(objectiveTexts.flatMap(({ name, trainers }) => trainers.map((trainer) => [name, trainer] as const)))(
    'the loss %s of trainer %s has the same value, metrics and gradient as on the CPU',
    async (name, trainer) => {
      const keys: Partial<TrainConfig> = {
        trainer,
        loss_type: [name],
        label_smoothing: ['exo_pair', 'robust'].includes(name) ? 0.1 : 0,
      };
      await expectSameLoss(keys);
    },
  );

  it.each<Partial<TrainConfig>>([
    { loss_type: ['sigmoid', 'bco_pair', 'sft'], loss_weights: [0.8, 0.2, 1] },
    { f_divergence_type: 'forward_kl' },
    { f_divergence_type: 'js_divergence' },
    { f_divergence_type: 'alpha_divergence' },
    { use_weighting: true },
  ])('the loss with %j has the same value, metrics and gradient as on the CPU', (keys) => expectSameLoss(keys));

  it.each(architectureNames)('every graph of %s opens', async (name) => {
    const golden = readArchitecture(name);
    const checkpoint = await checkpointOf(golden.config5, golden);
    const weights = frozen(checkpoint);
    const measuring = {
      ...measureHead(checkpoint.model, weights, packedHidden(checkpoint.model, weights), { agreement: true }),
    };
    const graphs = [
      measuring,
      score(checkpoint).outputs,
      generation(checkpoint).outputs,
      step(checkpoint).outputs,
      trainGraph(checkpoint, null, await readWeights(checkpoint), loss).outputs,
    ];
    for (const outputs of graphs) {
      const program = await Program.compile(outputs, { device: 'webgpu' });
      await program.release();
    }
  });

  it.each([
    ['f16', inHalves('f16')],
    ['bf16', inHalves('bf16')],
    ['GGUF', quantised],
  ] as const)('a base in %s is widened to f32 and gives the same as on the CPU', async (_, open) => {
    const cache = await temporaryFolder();
    const narrow = await open(cache);
    const work = score(narrow);
    const wide = await inDevicePrecision('webgpu', narrow, cache);
    expectNear(await resultsOf({ ...score(wide), feeds: work.feeds }, { device: 'webgpu' }), await resultsOf(work, {}));
    expect(await inDevicePrecision('cpu', narrow, cache)).toBe(narrow);
  });
});

test('a missing device is refused; the message names it and says what to do', async () => {
  // DirectML exists on Windows only, and CUDA's libraries are not part of ONNX Runtime.
  const device = process.platform === 'win32' ? 'cuda' : 'dml';
  await expect(resultsOf(score(await openCheckpoint('media/sample/model')), { device })).rejects.toThrow(
    new RegExp(`device "${device}" cannot be used here: .*Set device to "cpu"`, 's'),
  );
});
