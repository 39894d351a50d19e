import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchFeeds, parameterFeeds } from '../../../src/engine/feeds';
import { headChunks } from '../../../src/engine/head';
import { packPairs } from '../../../src/engine/packPairs';
import { pairFeeds } from '../../../src/engine/pairSymbols';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { Program } from '../../../src/engine/runtime';
import { trainGraph } from '../../../src/engine/trainGraph';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { parseModel } from '../../../src/model/config';
import { createAdapter } from '../../../src/model/lora';
import type { Checkpoint } from '../../../src/model/types';
import { lossOf } from '../../../src/train/objectives/table';
import { writeRaw } from '../model/files';
import { readConfig } from '../train/golden';

/** Large enough for several filled chunks in the head. */
const vocabulary = 65_536;
const layers = 3;

interface Kernel {
  readonly name: string;
  readonly op: string;
  /** Types and shapes of the inputs, as in ONNX Runtime's profile. */
  readonly inputs: readonly Readonly<Record<string, readonly number[]>>[];
}

/**
 * A Llama of three layers in bf16. Its weights are all zero, because the order of kernels does not depend on values.
 */
async function zeroCheckpoint(folder: string): Promise<Checkpoint> {
  const text = JSON.stringify({
    model_type: 'llama',
    hidden_size: 16,
    num_hidden_layers: layers,
    num_attention_heads: 2,
    num_key_value_heads: 1,
    intermediate_size: 24,
    vocab_size: vocabulary,
    rms_norm_eps: 1e-5,
    max_position_embeddings: 512,
    tie_word_embeddings: true,
  });
  await writeFile(join(folder, 'config.json'), text);
  let end = 0;
  const header = Object.fromEntries(
    [...parseModel(text, 'config.json', new Set()).tensors].map(([name, shape]) => {
      const start = end;
      end += 2 * shape.reduce((a, b) => a * b, 1);
      return [name, { dtype: 'BF16', shape, data_offsets: [start, end] }];
    }),
  );
  await writeRaw(join(folder, 'model.safetensors'), { header, dataBytes: end });
  return openCheckpoint(folder);
}

/** The kernels of one training step in the order in which ONNX Runtime ran them. */
async function kernelsOfAStep(folder: string): Promise<Kernel[]> {
  const checkpoint = await zeroCheckpoint(folder);
  const adapter = createAdapter(
    checkpoint,
    { r: 2, alpha: 4, rslora: false, dropout: 0, targets: 'all-linear' },
    seededRandom(1),
  );
  const { outputs, trained } = trainGraph(
    checkpoint,
    adapter,
    new Map(),
    lossOf(readConfig({ train_file: 'none.jsonl' })),
  );
  const program = await Program.compile(outputs, { profilePrefix: join(folder, 'step') });
  const ids = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  const batch = packPairs([{ prompt: ids(20), chosen: ids(200), rejected: ids(150).reverse() }]);
  await program.run({
    ...batchFeeds(batch, headChunks(checkpoint.model)),
    ...parameterFeeds(trained, adapter.parameters),
    ...pairFeeds(batch, new Float32Array(2)),
  });
  await program.release();
  const file = readdirSync(folder).find((name) => name.startsWith('step')) ?? '';
  const events = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
    cat: string;
    name: string;
    args?: { op_name: string; input_type_shape: Kernel['inputs'] };
  }[];
  return events.flatMap(({ cat, name, args }) =>
    cat === 'Node' && args && name.endsWith('_kernel_time')
      ? [{ name: name.slice(0, -'_kernel_time'.length), op: args.op_name, inputs: args.input_type_shape }]
      : [],
  );
}

/**
 * The memory of a step depends on an order that ONNX Runtime does not guarantee (see `graph/emission.ts`). If one of
 * these tests fails after an upgrade, adapt the emission to the new order before the upgrade lands.
 */
describe('ONNX Runtime runs a training step', () => {
  let kernels: Kernel[];
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'margin-order-'));
    try {
      kernels = await kernelsOfAStep(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
  const places = (matches: (kernel: Kernel) => boolean): number[] =>
    kernels.flatMap((kernel, i) => (matches(kernel) ? [i] : []));
  const first = ({ inputs }: Kernel): readonly number[] => Object.values(inputs[0] ?? {})[0] ?? [];

  it('converting a bf16 weight right before its use, and not all of them at the start', () => {
    const casts = places(({ op, inputs }) => op === 'Cast' && 'bfloat16' in (inputs[0] ?? {}));
    expect(casts.length).toBeGreaterThan(layers * 7);
    const inARow = casts.filter((place) => casts.includes(place - 1) && casts.includes(place - 2));
    expect(inARow).toEqual([]);
  });

  it('converting it again for the backward pass, so that no f32 copy stays in memory', () => {
    const matrices = kernels.filter(
      ({ op, inputs }) =>
        op === 'Cast' && inputs[0]?.bfloat16?.length === 2 && !inputs[0].bfloat16.includes(vocabulary),
    );
    // Queries, keys and values of the first layer pass no gradient on, because nothing below them is trained. The rows
    // of the embedding are converted once.
    expect(matrices).toHaveLength(2 * 7 * layers - 3 + 1);
  });

  it('computing local derivatives for the backward pass after the whole forward pass', () => {
    const head = places(
      ({ op, inputs }) => op === 'Gemm' && inputs.some((one) => Object.values(one)[0]?.includes(vocabulary)),
    );
    const derivatives = places(({ op }) => op === 'Sigmoid');
    expect(derivatives).toHaveLength(layers);
    expect(Math.min(...derivatives)).toBeGreaterThan(Math.max(...head));
  });

  it('recomputing an activation when the backward pass reaches its layer', () => {
    const activations = places(({ op }) => op === 'QuickGelu');
    expect(activations).toHaveLength(2 * layers);
    const again = activations.slice(layers);
    const products = places(
      ({ name, op }) => op === 'Gemm' && name.startsWith('gradient:') && name.includes('mlp.down_proj.lora_A'),
    );
    // No other layer's activation is computed between a layer's activation and the gradient that reads it.
    const ordered = [
      ...again.map((place) => ({ place, kind: 'again' })),
      ...products.map((place) => ({ place, kind: 'taken' })),
    ].toSorted((a, b) => a.place - b.place);
    expect(ordered.map(({ kind }) => kind)).toEqual(Array.from({ length: layers }, () => ['again', 'taken']).flat());
  });

  it('computing all gradients of a layer before those of the layer below it', () => {
    const taken = Array.from({ length: layers }, (_, layer) =>
      places(({ name }) => name.startsWith('gradient:') && name.includes(`.layers.${layer}.`)),
    );
    for (const gradients of taken) expect(gradients).toHaveLength(14);
    for (const [layer, gradients] of taken.entries()) {
      const below = taken[layer - 1];
      if (below) expect(Math.max(...gradients)).toBeLessThan(Math.min(...below));
    }
  });

  it('finishing one chunk of the head before the next one’s logits are computed', () => {
    const products = kernels.filter(
      (kernel) =>
        kernel.op === 'Gemm' &&
        first(kernel)[0] !== 0 &&
        kernel.inputs.some((one) => Object.values(one)[0]?.includes(vocabulary)),
    );
    const kinds = products.map((kernel) => (first(kernel).includes(vocabulary) ? 'direction' : 'logits'));
    expect(kinds.length).toBeGreaterThan(3);
    expect(kinds).toEqual(kinds.map((_, i) => (i % 2 === 0 ? 'logits' : 'direction')));
  });
});
