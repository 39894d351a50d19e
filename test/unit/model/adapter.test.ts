import { existsSync } from 'node:fs';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAdapter, writeAdapter } from '../../../src/model/adapter';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { writeSafetensors } from '../../../src/model/safetensors';
import type { Parameter } from '../../../src/model/types';
import { temporaryFolder } from '../run/temporaryFolder';
import { copyOf, failureOf } from './files';

const model = '../shared/models/stories260K-hf';
const golden = '../shared/golden/trl-1.16/init';

async function adapterWith(parameters: readonly Parameter[]): Promise<string> {
  const folder = await temporaryFolder();
  await copyFile(join(golden, 'adapter_config.json'), join(folder, 'adapter_config.json'));
  await writeSafetensors(join(folder, 'adapter_model.safetensors'), parameters);
  return folder;
}

const key = (module: string, matrix: string): string =>
  `base_model.model.model.layers.0.${module}.lora_${matrix}.weight`;
const zeros = (name: string, shape: readonly number[]): Parameter => ({
  name,
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});

describe.skipIf(!existsSync(golden))('a PEFT adapter', () => {
  it('is the same to the bit after reading and writing', async () => {
    const checkpoint = await openCheckpoint(model);
    const adapter = await readAdapter(golden, checkpoint);
    expect(adapter.settings).toMatchObject({ r: 4, alpha: 8, rslora: false });
    expect(adapter.modules).toHaveLength(35);
    const folder = await temporaryFolder();
    await writeAdapter(folder, adapter, 'stories260K-hf');
    const again = await readAdapter(folder, checkpoint);
    expect(again.modules).toEqual(adapter.modules);
    for (const [name, { data, shape }] of adapter.parameters) {
      expect(again.parameters.get(name)?.shape).toEqual(shape);
      expect(
        Buffer.from(again.parameters.get(name)?.data.buffer ?? new ArrayBuffer()).equals(Buffer.from(data.buffer)),
        name,
      ).toBe(true);
    }
    expect(
      (await readFile(join(folder, 'adapter_model.safetensors'))).equals(
        await readFile(join(golden, 'adapter_model.safetensors')),
      ),
    ).toBe(true);
  });

  it('is written with the keys and values that PEFT wrote for the same adapter', async () => {
    const folder = await temporaryFolder();
    await writeAdapter(folder, await readAdapter(golden, await openCheckpoint(model)), 'stories260K-hf');
    const ours = JSON.parse(await readFile(join(folder, 'adapter_config.json'), 'utf8')) as Record<string, unknown>;
    const theirs = JSON.parse(await readFile(join(golden, 'adapter_config.json'), 'utf8')) as Record<string, unknown>;
    for (const [name, value] of Object.entries(ours)) {
      // PEFT stores target_modules as a set, so their order does not matter.
      const sorted = (x: unknown): unknown => (Array.isArray(x) ? x.map(String).sort() : x);
      expect(sorted(value), name).toEqual(sorted(theirs[name]));
    }
  });

  it.each(['adapter_config.json', 'adapter_model.safetensors'])(
    'without %s is refused, and the message names the file',
    async (name) => {
      const folder = await copyOf(golden);
      await rm(join(folder, name));
      expect(await failureOf(readAdapter(folder, await openCheckpoint(model)))).toMatchObject({
        code: 'missing-file',
        message: expect.stringContaining(name),
      });
    },
  );

  it.each([
    ['of another kind than LoRA', { peft_type: 'IA3' }, 'IA3'],
    ['of DoRA', { use_dora: true }, 'DoRA'],
    ['whose rank_pattern does not fit its matrices', { rank_pattern: { q_proj: 2 } }, 'needs [2, '],
    ['whose rank_pattern holds no number', { rank_pattern: { q_proj: 'two' } }, '"q_proj"'],
    ['for layers that are not numbers', { layers_to_transform: ['first'] }, 'layers_to_transform'],
    ['with trained biases', { bias: 'all' }, 'bias'],
    ['of rank 0', { r: 0 }, '"r"'],
    ['of rank "4"', { r: '4' }, '"r"'],
    ['without alpha', { lora_alpha: null }, '"lora_alpha"'],
    ['of another rank than its matrices have', { r: 8 }, 'needs [8, '],
  ])('%s is refused, and the message says why', async (_, change, says) => {
    const folder = await copyOf(golden);
    const file = join(folder, 'adapter_config.json');
    await writeFile(file, JSON.stringify({ ...(JSON.parse(await readFile(file, 'utf8')) as object), ...change }));
    expect(await failureOf(readAdapter(folder, await openCheckpoint(model)))).toMatchObject({
      code: 'bad-adapter',
      message: expect.stringContaining(says),
    });
  });

  it.each([
    [
      'of another model',
      [zeros(key('self_attn.q_proj', 'A'), [4, 32]), zeros(key('self_attn.q_proj', 'B'), [64, 4])],
      'belong to another model',
    ],
    [
      'on a layer the model lacks',
      [zeros(key('self_attn.z_proj', 'A'), [4, 64]), zeros(key('self_attn.z_proj', 'B'), [64, 4])],
      'z_proj',
    ],
    ['with half a pair of matrices', [zeros(key('self_attn.q_proj', 'B'), [64, 4])], 'lora_A.weight is [missing]'],
    ['with whole modules saved', [zeros('base_model.model.lm_head.weight', [512, 64])], 'lm_head'],
    ['on the head', [zeros('base_model.model.lm_head.lora_A.weight', [4, 64])], 'lm_head'],
    ['without a tensor', [], 'no tensor'],
  ])('%s is refused, and the message says why', async (_, parameters, says) => {
    const folder = await adapterWith(parameters);
    expect(await failureOf(readAdapter(folder, await openCheckpoint(model)))).toMatchObject({
      code: 'bad-adapter',
      message: expect.stringContaining(says),
    });
  });

  it('with a NaN is refused, and the message names the matrix', async () => {
    const b = zeros(key('self_attn.q_proj', 'B'), [64, 4]);
    b.data[7] = Number.NaN;
    const folder = await adapterWith([zeros(key('self_attn.q_proj', 'A'), [4, 64]), b]);
    expect(await failureOf(readAdapter(folder, await openCheckpoint(model)))).toMatchObject({
      code: 'bad-weight',
      message: expect.stringMatching(/q_proj\.lora_B\.weight holds a NaN .* element 7/),
    });
  });
});
