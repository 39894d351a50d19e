import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { detectAll } from '../../src/pairs/reading';
import { batchFeeds, parameterFeeds } from '../../src/engine/feeds';
import { headChunks } from '../../src/engine/head';
import { packPairs } from '../../src/engine/packPairs';
import { openGenerateSession } from '../../src/engine/generateSession';
import { pairFeeds } from '../../src/engine/pairSymbols';
import { at, must } from '../../src/base/pure/must';
import { seededRandom } from '../../src/base/pure/seededRandom';
import { f32, Program } from '../../src/engine/runtime';
import { openScoreSession } from '../../src/engine/scoreSession';
import { trainGraph } from '../../src/engine/trainGraph';
import { openTrainSession } from '../../src/engine/trainSession';
import type { Loss, PackedBatch, ScoreSession } from '../../src/engine/types';
import { draftFolder } from '../../src/engine/draftFolder';
import { openModel, type OpenModel } from '../../src/engine/openModel';
import { gemm, reduceMean } from '../../src/graph/algebra';
import { logSigmoid, neg, scale, sub } from '../../src/graph/elementwise';
import { input, type Tensor } from '../../src/graph/tensor';
import { createAdapter } from '../../src/model/lora';
import type { Model } from '../../src/model/architectures/architecture';
import type { Adapter } from '../../src/model/types';
import { loadPairs } from '../../src/reward/loadPairs';
import { indexRange, type RowSource, type RowStore } from '../../src/reward/rowStore';
import { scorePairs } from '../../src/reward/scorePairs';
import { parseTrainConfig } from '../../src/run/trainConfig';
import { Trainer } from '../../src/train/trainer';
import { matrixFlops } from './matrixFlops';
import { profiled, timeOf } from './profile';
import { scriptShare } from './scriptShare';
import { tokenCosts, type TokenCost } from './tokenCost';

/** The request of the main program, as JSON in the only argument. */
export interface EngineRequest {
  readonly model: string;
  readonly file: string;
  readonly batch: number;
  readonly steps: number;
  readonly maxLength: number;
  readonly prompts: readonly string[];
  readonly tokens: number;
}

/** The result, as one line of JSON. */
export interface EngineRates {
  /** Pairs per second, with policy and reference. */
  readonly scoring: number;
  /** Tokens per second, including the pass over the prompt. */
  readonly generation: number;
  /** GFLOP/s of matrix products in each step: over the whole training step, … */
  readonly training: readonly number[];
  /** … over their own kernels, … */
  readonly kernels: readonly number[];
  /** … and of a program with nothing but products, run after each step. */
  readonly products: readonly number[];
  /** The share of a training step's time that TypeScript takes, 0 to 1. */
  readonly script: number;
  readonly tokenCosts: readonly TokenCost[];
}

/** Tokens per pair. */
const lengths = [128, 256, 512, 1024];

const dpo: Loss = {
  loss: ({ chosen, rejected, refChosen, refRejected }) =>
    neg(reduceMean(logSigmoid(scale(sub(sub(chosen, refChosen), sub(rejected, refRejected)), 0.1)))),
};

/** Measures the engine without the trainer, in its own process. */
async function main(request: EngineRequest): Promise<EngineRates> {
  const model = await openModel(request.model, null, 'cpu');
  const adapter = createAdapter(
    model.checkpoint,
    { r: 8, alpha: 16, rslora: false, dropout: 0, targets: 'all-linear' },
    seededRandom(1),
  );
  const { rows } = await loadPairs(request.file, model.tokenizer, { reading: detectAll, maxLength: request.maxLength });
  return {
    generation: await generationRate(model, request),
    scoring: await scoringRate(model, adapter, rows),
    ...(await trainingRates(model, adapter, rows, request)),
    script: await trainingShare(model, adapter, rows, request),
    tokenCosts: await tokenCosts(model.checkpoint, adapter, dpo, lengths),
  };
}

async function generationRate(
  { checkpoint, tokenizer }: OpenModel,
  { prompts, tokens }: EngineRequest,
): Promise<number> {
  const session = await openGenerateSession({ checkpoint, adapter: null, draftFolder: await draftFolder(checkpoint) });
  const stopIds = new Set(tokenizer.eosId === null ? [] : [tokenizer.eosId]);
  const answer = async (prompt: string): Promise<number> => {
    const ids = tokenizer.encode(tokenizer.chat?.render([{ role: 'user', content: prompt }], true) ?? prompt, false);
    let count = 0;
    for await (const { id } of session.generate([ids], { maxNewTokens: tokens, stopIds })) count += Number(id >= 0);
    return count;
  };
  let drawn = 0;
  // The first answer opens the remaining sessions; neither side counts it.
  await answer(at(prompts, 0));
  const start = performance.now();
  for (const prompt of prompts) drawn += await answer(prompt);
  const seconds = (performance.now() - start) / 1000;
  await session.release();
  return drawn / seconds;
}

async function scoringRate({ checkpoint }: OpenModel, adapter: Adapter, rows: RowSource): Promise<number> {
  const policy = await openScoreSession({ checkpoint, adapter });
  const reference = await openScoreSession({ checkpoint, adapter: null });
  await scored(policy, reference, { count: 1, read: (indices) => rows.read(indices) });
  const start = performance.now();
  await scored(policy, reference, rows);
  const seconds = (performance.now() - start) / 1000;
  await Promise.all([policy.release(), reference.release()]);
  return rows.count / seconds;
}

async function scored(policy: ScoreSession, reference: ScoreSession, rows: RowSource): Promise<void> {
  const rewards = scorePairs(rows, policy, reference, { beta: 0.1, batchSize: 8 });
  while ((await rewards.next()).done !== true);
}

async function trainingRates(
  { checkpoint }: OpenModel,
  adapter: Adapter,
  rows: RowSource,
  { batch, steps }: EngineRequest,
): Promise<Pick<EngineRates, 'training' | 'kernels' | 'products'>> {
  const { outputs, trained } = trainGraph(checkpoint, adapter, new Map(), dpo);
  const session = await openTrainSession({ checkpoint, adapter, loss: dpo, full: false });
  const { shape } = must(checkpoint.weights.get(widest), widest);
  const [inner, hidden] = [at(shape, 0), at(shape, 1)];
  const products = await Program.compile({ y: stack(hidden, inner) });
  const rates: { training: number; kernels: number; products: number }[] = [];
  for (let step = 0; step <= steps; step++) {
    const read = await rows.read(indexRange(step * batch, (step + 1) * batch).map((i) => i % rows.count));
    const packed = packPairs(read.map(({ pair }) => pair));
    const flops = matrixFlops(Object.values(outputs), sizes(checkpoint.model, packed));
    const training = await rate(flops, () => session.step(packed, new Float32Array(2 * batch)));
    const feeds = stackFeeds(packed.tokens, hidden, inner);
    const plain = await rate(stackProducts * 2 * packed.tokens * hidden * inner, () => products.run(feeds));
    // The first step pages the weights in.
    if (step === 0) continue;
    const own = {
      ...batchFeeds(packed, headChunks(checkpoint.model)),
      ...parameterFeeds(trained, adapter.parameters),
      ...pairFeeds(packed, new Float32Array(2 * batch)),
    };
    const kernels =
      flops / 1e6 / timeOf((await profiled(outputs, own)).filter(({ op }) => op === 'Gemm' || op === 'MatMul'));
    rates.push({ training, kernels, products: plain });
  }
  await Promise.all([session.release(), products.release()]);
  return {
    training: rates.map((one) => one.training),
    kernels: rates.map((one) => one.kernels),
    products: rates.map((one) => one.products),
  };
}

/** TypeScript's share of whole trainer steps, with batches, reference, optimizer and metrics. */
async function trainingShare(
  { checkpoint }: OpenModel,
  { settings }: Adapter,
  rows: RowStore,
  { model, file, batch, steps }: EngineRequest,
): Promise<number> {
  const keys = {
    model_name_or_path: model,
    train_file: file,
    per_device_train_batch_size: batch,
    max_steps: 2 * steps,
    use_peft: true,
    lora_r: settings.r,
    lora_alpha: settings.alpha,
    lora_target_modules: settings.targets,
  };
  const trainer = await Trainer.open(
    parseTrainConfig(JSON.stringify(keys), resolve('bench.train.json')),
    checkpoint,
    rows,
  );
  const work = async (): Promise<void> => {
    for (let step = 0; step < steps; step++) await trainer.step();
  };
  // V8 compiles the hot functions within a few steps.
  await work();
  const share = await scriptShare(work);
  await trainer.release();
  return share;
}

async function rate(flops: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return flops / 1e6 / (performance.now() - start);
}

/** The value of each named size in a training graph. */
function sizes(
  { attention: [layer] }: Model,
  { tokens, groups, width, pairs, predictions }: PackedBatch,
): (name: string) => number {
  const { heads, kvHeads } = must(layer, 'the first layer');
  const shared = heads / kvHeads;
  const known: Readonly<Record<string, number>> = {
    tokens,
    groups,
    width,
    pairs,
    slots: groups * width,
    queries: shared * width,
    predictions,
    predictions0: predictions,
  };
  return (name) => {
    // The first chunk of the head takes all predictions here.
    if (/^predictions[1-9]/.test(name)) return 0;
    const found = known[name];
    if (found === undefined) throw new Error(`The bench does not know the size ${name}`);
    return found;
  };
}

/** The plain products have the shape of this layer. */
const widest = 'model.layers.0.mlp.up_proj.weight';
/** Enough products that the time to copy the result does not matter. */
const stackProducts = 32;

/** x · W₁ · W₂ · W₁ · … with the shapes of the model's widest layers. */
function stack(hidden: number, inner: number): Tensor {
  const [up, down] = [input('up', 'f32', [inner, hidden]), input('down', 'f32', [hidden, inner])];
  let y = input('x', 'f32', ['tokens', hidden]);
  for (let i = 0; i < stackProducts; i++) y = gemm(y, i % 2 === 0 ? up : down, { transB: true });
  return y;
}

function stackFeeds(tokens: number, hidden: number, inner: number): Parameters<Program['run']>[0] {
  const random = seededRandom(2);
  const noise = (size: number, deviation: number): Float32Array =>
    Float32Array.from({ length: size }, () => deviation * Math.sqrt(12) * (random() - 0.5));
  return {
    x: f32(noise(tokens * hidden, 1), [tokens, hidden]),
    up: f32(noise(inner * hidden, hidden ** -0.5), [inner, hidden]),
    down: f32(noise(hidden * inner, inner ** -0.5), [hidden, inner]),
  };
}

main(JSON.parse(at(process.argv, 2)) as EngineRequest).then(
  (rates) => console.log(JSON.stringify(rates)),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
