import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint, storedTensors } from '../../../../src/model/checkpoint';
import { ggufArchitectureOf, ggufArchitectures, ggufName, ownName } from '../../../../src/model/gguf/architectures';
import { dequantize } from '../../../../src/model/gguf/blocks';
import { convertedGguf } from '../../../../src/model/gguf/convert';
import { readGgufHeader, type GgufTensor } from '../../../../src/model/gguf/header';
import { writeGgufAdapter } from '../../../../src/model/gguf/loraAdapter';
import { toCheckpointLayout } from '../../../../src/model/gguf/layout';
import { mergedTensors } from '../../../../src/model/merge';
import { readTensor } from '../../../../src/model/readWeights';
import { writeTensors } from '../../../../src/model/safetensors';
import type { Checkpoint, LoraSettings } from '../../../../src/model/types';
import { temporaryFolder } from '../../run/temporaryFolder';
import { failureOf } from '../files';
import { seededAdapter, unevenSettings } from '../seededAdapter';

const folder = join('test', 'unit', 'model', 'gguf');
const names = Object.keys(ggufArchitectures);

async function valuesOf(file: string, tensor: GgufTensor | undefined): Promise<Float32Array> {
  if (!tensor) throw new Error('no such tensor');
  const handle = await open(file, 'r');
  try {
    const raw = new Uint8Array(tensor.bytes);
    await handle.read(raw, 0, raw.length, tensor.offset);
    return dequantize(raw, tensor.type);
  } finally {
    await handle.close();
  }
}

async function adapterFile(checkpoint: Checkpoint, settings: LoraSettings = unevenSettings): Promise<string> {
  const file = join(await temporaryFolder(), 'adapter.gguf');
  await writeGgufAdapter(file, seededAdapter(checkpoint, settings), checkpoint, { name: 'mine', base: 'theirs' });
  return file;
}

const opened = async (name: string): Promise<Checkpoint> =>
  openCheckpoint(await convertedGguf(join(folder, `${name}.gguf`), await temporaryFolder()));

/** W + (alpha / rank)·B·A. The rank is the number of columns of B: `llama_adapter_lora_weight::get_scale`. */
function asLlamaCpp(
  w: Float32Array,
  a: Float32Array,
  b: Float32Array,
  [rank = 1, inner = 1]: readonly number[],
  alpha: number,
): Float32Array {
  return w.map((value, i) => {
    const [row, column] = [Math.floor(i / inner), i % inner];
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += (b[row * rank + k] ?? 0) * (a[k * inner + column] ?? 0);
    return value + (alpha / rank) * sum;
  });
}

describe('a GGUF adapter', () => {
  it.each(names)(
    'on %s changes each weight as the merged model has it, computed as llama.cpp does in its layout',
    async (name) => {
      const base = join(folder, `${name}.gguf`);
      const checkpoint = await opened(name);
      const adapter = seededAdapter(checkpoint);
      const merged = join(await temporaryFolder(), 'model.safetensors');
      await writeTensors(merged, mergedTensors(await storedTensors(checkpoint.folder), checkpoint, adapter, 'f32'));
      const expected = new Map((await storedTensors(join(merged, '..'))).map((tensor) => [tensor.name, tensor]));

      const file = await adapterFile(checkpoint);
      const [header, baseHeader, architecture] = [
        await readGgufHeader(file),
        await readGgufHeader(base),
        ggufArchitectures[name],
      ];
      expect(header.tensors.size).toBe(2 * adapter.modules.length);
      for (const module of adapter.modules) {
        const gguf = (architecture && ggufName(architecture, module)) ?? '';
        const [w, a, b] = [
          baseHeader.tensors.get(gguf),
          header.tensors.get(`${gguf}.lora_a`),
          header.tensors.get(`${gguf}.lora_b`),
        ];
        const changed = asLlamaCpp(
          await valuesOf(base, w),
          await valuesOf(file, a),
          await valuesOf(file, b),
          a?.shape ?? [],
          Number(header.metadata.get('adapter.lora.alpha')),
        );
        const own = toCheckpointLayout(
          architecture?.layoutChange(gguf) ?? 'none',
          changed,
          w?.shape ?? [],
          checkpoint.model.attention[0] ?? { heads: 0, kvHeads: 0 },
        );
        const stored = expected.get(`${module}.weight`);
        const { data, shape } = stored ? await readTensor(stored) : { data: new Float32Array(), shape: [] };
        expect([module, own.shape]).toEqual([module, shape]);
        own.data.forEach((value, i) => expect(Math.abs(value - (data[i] ?? Number.NaN)), module).toBeLessThan(1e-5));
      }
    },
  );

  it('has the keys of llama.cpp’s converter, and PEFT’s own alpha and matrices if all modules have the same settings', async () => {
    const checkpoint = await opened('qwen2');
    const plain: LoraSettings = { r: 4, alpha: 6, rslora: false, dropout: 0, targets: ['q_proj', 'v_proj'] };
    const file = await adapterFile(checkpoint, plain);
    const { metadata, tensors } = await readGgufHeader(file);
    expect(Object.fromEntries(metadata)).toEqual({
      'general.architecture': 'qwen2',
      'general.type': 'adapter',
      'adapter.type': 'lora',
      'general.name': 'mine',
      'general.base_model.count': 1,
      'general.base_model.0.name': 'theirs',
      'adapter.lora.alpha': 6,
      'general.quantization_version': 2,
    });
    expect([...tensors].map(([name, { shape, type }]) => [name, shape, type.name]).slice(0, 4)).toEqual([
      ['blk.0.attn_q.weight.lora_a', [4, 32], 'F32'],
      ['blk.0.attn_q.weight.lora_b', [32, 4], 'F32'],
      ['blk.0.attn_v.weight.lora_a', [4, 32], 'F32'],
      ['blk.0.attn_v.weight.lora_b', [16, 4], 'F32'],
    ]);
    const b = seededAdapter(checkpoint, plain).parameters.get(
      'base_model.model.model.layers.0.self_attn.v_proj.lora_B.weight',
    );
    expect(await valuesOf(file, tensors.get('blk.0.attn_v.weight.lora_b'))).toEqual(b?.data);
  });

  it('with only rsLoRA keeps its matrices, because the alpha of the file contains the root', async () => {
    const checkpoint = await opened('qwen2');
    const file = await adapterFile(checkpoint, { r: 4, alpha: 6, rslora: true, dropout: 0, targets: ['v_proj'] });
    const { metadata, tensors } = await readGgufHeader(file);
    expect(metadata.get('adapter.lora.alpha')).toBe(12);
    const b = seededAdapter(checkpoint, {
      ...unevenSettings,
      r: 4,
      rankPattern: {},
      targets: ['v_proj'],
    }).parameters.get('base_model.model.model.layers.1.self_attn.v_proj.lora_B.weight');
    expect(await valuesOf(file, tensors.get('blk.1.attn_v.weight.lora_b'))).toEqual(b?.data);
  });

  it.each(names)('names the layers of %s as the reader of GGUF models does', async (name) => {
    const architecture = ggufArchitectures[name];
    if (!architecture) throw new Error(name);
    const modules = [...(await opened(name)).model.linears.keys()];
    expect(modules.map((module) => ownName(architecture, ggufName(architecture, module) ?? ''))).toEqual(
      modules.map((module) => `${module}.weight`),
    );
  });

  it('of Mistral is llama.cpp’s "llama"; an architecture or layer that llama.cpp lacks is refused by name', async () => {
    expect(ggufArchitectureOf('mistral')?.[0]).toBe('llama');
    const checkpoint = await opened('llama');
    const foreign = { ...checkpoint, model: { ...checkpoint.model, modelType: 'mamba' } };
    expect(await failureOf(adapterFile(foreign))).toMatchObject({
      code: 'unsupported-gguf',
      message: expect.stringContaining('no architecture for model_type "mamba"'),
    });
    const other = { ...checkpoint, model: { ...checkpoint.model, modelType: 'gpt2' } };
    expect(await failureOf(adapterFile(other))).toMatchObject({
      code: 'unsupported-gguf',
      message: expect.stringContaining('no layer for model.layers.0.self_attn.q_proj'),
    });
  });
});
