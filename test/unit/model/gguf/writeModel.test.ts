import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { must } from '../../../../src/base/pure/must';
import { openCheckpoint, storedTensors } from '../../../../src/model/checkpoint';
import { parseObject } from '../../../../src/model/fields';
import { ggufArchitectures } from '../../../../src/model/gguf/architectures';
import { convertedGguf } from '../../../../src/model/gguf/convert';
import { readGgufHeader } from '../../../../src/model/gguf/header';
import { type OutType, writeGgufModel } from '../../../../src/model/gguf/writeModel';
import { mergedTensors } from '../../../../src/model/merge';
import { readTensor } from '../../../../src/model/readWeights';
import { writeTensors } from '../../../../src/model/safetensors';
import type { Adapter, Checkpoint } from '../../../../src/model/types';
import { temporaryFolder } from '../../run/temporaryFolder';
import { sampleFolder } from '../../train/sampleRun';
import { copyOf, failureOf } from '../files';
import { seededAdapter } from '../seededAdapter';

const names = Object.keys(ggufArchitectures);
const sampleModel = join(sampleFolder, 'model');

const opened = async (name: string): Promise<Checkpoint> =>
  openCheckpoint(await convertedGguf(join('test', 'unit', 'model', 'gguf', `${name}.gguf`), await temporaryFolder()));

async function written(
  checkpoint: Checkpoint,
  outType: OutType = 'f32',
  adapter: Adapter | null = null,
): Promise<string> {
  const file = join(await temporaryFolder(), 'model.gguf');
  await writeGgufModel(file, checkpoint, adapter, {
    name: 'mine',
    base: 'theirs',
    outType,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  return file;
}

/** Margin's own reading of a GGUF file. */
const readBack = async (file: string): Promise<Checkpoint> =>
  openCheckpoint(await convertedGguf(file, await temporaryFolder()));

async function valuesOf({ weights }: Checkpoint): Promise<Map<string, Float32Array>> {
  const read = [...weights].map(async ([name, tensor]) => [name, (await readTensor(tensor)).data] as const);
  return new Map(await Promise.all(read));
}

const json = async ({ folder }: Checkpoint, name: string): Promise<Readonly<Record<string, unknown>>> =>
  parseObject(await readFile(join(folder, name), 'utf8'), name);

const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((max, value, i) => Math.max(max, Math.abs(value - (b[i] ?? Number.NaN))), 0);

describe('a model written as GGUF', () => {
  it.each(names)(
    'of %s in f32 is read back with the weights of the merged model, its config and its tokenizer',
    async (name) => {
      const base = await opened(name);
      const adapter = seededAdapter(base);
      const merged = join(await temporaryFolder(), 'model.safetensors');
      await writeTensors(merged, mergedTensors(await storedTensors(base.folder), base, adapter, 'f32'));
      const again = await readBack(await written(base, 'f32', adapter));
      const ours = await valuesOf(again);
      const used = (await storedTensors(join(merged, '..'))).filter((tensor) => base.model.tensors.has(tensor.name));
      for (const tensor of used) {
        const { data } = await readTensor(tensor);
        const own = must(ours.get(tensor.name), tensor.name);
        // Gemma's gains are stored with 1 added, which rounds.
        const rounding = name.startsWith('gemma') && tensor.name.endsWith('norm.weight') ? 2 ** -22 : 0;
        expect(largestDifference(own, data), tensor.name).toBeLessThanOrEqual(rounding);
      }
      expect(used.length).toBe(base.model.tensors.size);
      // Gemma ignores the window of its fixture, and Phi-3's window limits its context.
      const { sliding_window: _, max_position_embeddings: __, ...config } = await json(base, 'config.json');
      expect(await json(again, 'config.json')).toMatchObject(config);
      expect(await json(again, 'tokenizer.json')).toEqual(await json(base, 'tokenizer.json'));
      expect(await json(again, 'tokenizer_config.json')).toEqual(await json(base, 'tokenizer_config.json'));
    },
  );

  it('has the types of llama.cpp’s converter: vectors in f32, and f16 where a row is not whole blocks', async () => {
    const typesIn = async (file: string): Promise<Record<string, string>> =>
      Object.fromEntries([...(await readGgufHeader(file)).tensors].map(([name, { type }]) => [name, type.name]));
    const stories = await openCheckpoint('../shared/models/stories260K-hf');
    const quantised = await written(stories, 'q8_0');
    expect(await typesIn(quantised)).toMatchObject({
      'token_embd.weight': 'Q8_0',
      'output_norm.weight': 'F32',
      'blk.0.attn_norm.weight': 'F32',
      'blk.0.attn_q.weight': 'Q8_0',
      // Its rows have 172 values.
      'blk.0.ffn_down.weight': 'F16',
    });
    const { metadata } = await readGgufHeader(quantised);
    expect(
      ['general.file_type', 'general.type', 'general.name', 'llama.vocab_size'].map((key) => metadata.get(key)),
    ).toEqual([7, 'model', 'mine', 512]);
    expect(Object.values(await typesIn(await written(await opened('gpt2'), 'f16')))).toContain('F16');
    expect(await typesIn(await written(await opened('gpt2'), 'bf16'))).toMatchObject({
      'position_embd.weight': 'F32',
      'token_embd.weight': 'BF16',
    });
  });

  it('in Q8_0 differs from the model by at most half a step of each block’s scale', async () => {
    const model = await openCheckpoint(sampleModel);
    const [before, after] = [await valuesOf(model), await valuesOf(await readBack(await written(model, 'q8_0')))];
    for (const [name, values] of before) {
      const own = must(after.get(name), name);
      const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      // A step is the largest value of a block / 127; the scale itself is rounded to f16.
      expect(largestDifference(own, values), name).toBeLessThan((largest / 127) * 0.6 + 1e-9);
    }
  });

  it('that llama.cpp would compute in another way is refused by what differs', async () => {
    const changed = async (name: string, change: Readonly<Record<string, unknown>>): Promise<unknown> => {
      const folder = await copyOf((await opened(name)).folder);
      const config = parseObject(await readFile(join(folder, 'config.json'), 'utf8'), 'config.json');
      await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, ...change }));
      return failureOf(written(await openCheckpoint(folder)));
    };
    const refused = (what: string): object => ({
      code: 'unsupported-gguf',
      message: expect.stringContaining(what),
    });
    expect(await changed('llama', { rope_scaling: { rope_type: 'dynamic', factor: 2 } })).toMatchObject(
      refused('RoPE scaling "dynamic"'),
    );
    expect(
      await changed('qwen2', { rope_scaling: { rope_type: 'yarn', factor: 2, attention_factor: 3 } }),
    ).toMatchObject(refused('"yarn"'));
    expect(await changed('gemma2', { attn_logit_softcapping: null })).toMatchObject(refused('attn_logit_softcapping'));
    expect(await changed('gemma2', { query_pre_attn_scalar: 8 })).toMatchObject(refused('query_pre_attn_scalar'));
    expect(await changed('gemma3', { layer_types: Array.from({ length: 6 }, () => 'full_attention') })).toMatchObject(
      refused('layer_types'),
    );
    expect(await changed('gemma3', { rope_local_base_freq: 5000 })).toMatchObject(
      refused('another RoPE for the windows'),
    );
    expect(await changed('smollm3', { no_rope_layers: [1, 1, 1, 1] })).toMatchObject(refused('no_rope_layers'));
  });

  it('has the window of a model as its context length where llama.cpp has no windows', async () => {
    const folder = await copyOf((await opened('llama')).folder);
    const config = parseObject(await readFile(join(folder, 'config.json'), 'utf8'), 'config.json');
    await writeFile(
      join(folder, 'config.json'),
      JSON.stringify({ ...config, model_type: 'mistral', sliding_window: 20 }),
    );
    const { metadata } = await readGgufHeader(await written(await openCheckpoint(folder)));
    expect(metadata.get('llama.context_length')).toBe(20);
  });
});
