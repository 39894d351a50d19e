import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { at, must } from '../../src/base/pure/must';
import { writeAdapter } from '../../src/model/adapter';
import { openCheckpoint } from '../../src/model/checkpoint';
import { ggufArchitectures } from '../../src/model/gguf/architectures';
import { Program } from '../unit/cli/program';
import { seededAdapter } from '../unit/model/seededAdapter';
import { temporaryFolder } from '../unit/run/temporaryFolder';
import { expectSameLogps } from './logprobs';
import { askPeer, hasPeer, peer, sampleModel } from './peer';
import { conversations, trainRun } from './trainRun';

const program = new Program();
const file = conversations;

/** Different ranks and scales per module. */
const uneven = {
  lora_alpha: 8,
  use_rslora: true,
  rank_pattern: { 'layers\\.1\\..*': 2 },
  alpha_pattern: { v_proj: 5 },
};

async function exported(path: string, ...options: readonly string[]): Promise<string> {
  const out = join(await temporaryFolder(), 'out');
  const { code, err } = await program.run(['export', path, '--out', out, ...options]);
  expect(code, err).toBe(0);
  return out;
}

describe.skipIf(!hasPeer)('Margin’s exports, loaded by other libraries', () => {
  const models = [
    ['the sample’s model', () => sampleModel, '1MB'],
    ['SmolLM2-135M stored in bfloat16', () => peer().smollm2.bf16, '200MB'],
  ] as const;

  it.each(models)(
    '%s: the adapter in peft and the merged model in transformers give Margin’s log-probs',
    async (_, folder, shard) => {
      const model = resolve(folder());
      const run = await trainRun(model, uneven);
      const adapter = await exported(run, '--format', 'peft');
      const { code, err, json } = await program.run([
        'score',
        file,
        '--model',
        model,
        '--adapter',
        adapter,
        '--per_token',
        '--json',
      ]);
      expect(code, err).toBe(0);
      expect(json().every(({ margin }) => margin !== 0)).toBe(true);
      await expectSameLogps(json(), { model, adapter, file });
      const merged = await exported(run, '--format', 'merged', '--dtype', 'float32', '--max_shard_size', shard);
      expect((await readdir(merged)).filter((name) => name.endsWith('.safetensors')).length).toBeGreaterThan(1);
      await expectSameLogps(json(), { model: merged, adapter: null, file });
    },
  );

  it('GGUF adapters change the weights of every architecture in llama.cpp’s layout as PEFT does in its own layout', async () => {
    const names = Object.keys(ggufArchitectures);
    const requests: Awaited<ReturnType<typeof onGguf>>[] = [];
    for (const name of names) requests.push(await onGguf(name));
    const read = (await askPeer('ggufAdapter.py', requests)) as readonly Compared[];
    read.forEach(({ name, keys, tensors, differences, changes }, i) => {
      const { modules } = at(requests, i);
      expect(keys).toMatchObject({
        'general.architecture': name,
        'general.type': 'adapter',
        'adapter.type': 'lora',
        'adapter.lora.alpha': expect.any(Number),
      });
      expect([name, tensors, differences.length]).toEqual([name, 2 * modules, modules]);
      expect(Math.max(...differences), name).toBeLessThan(5e-6);
      expect(Math.min(...changes), name).toBeGreaterThan(1e-3);
    });
    expect(read.map(({ name }) => name)).toEqual(names);
  });
});

const ggufs = join('test', 'unit', 'model', 'gguf');

interface Compared {
  readonly name: string;
  readonly keys: Readonly<Record<string, unknown>>;
  readonly tensors: number;
  readonly differences: readonly number[];
  readonly changes: readonly number[];
}

/** Exports an adapter on a GGUF base; its ranks and scales differ per module. */
async function onGguf(
  name: string,
): Promise<Readonly<Record<'name' | 'base' | 'lora' | 'model' | 'adapter', string>> & { readonly modules: number }> {
  const base = resolve(ggufs, `${name}.gguf`);
  const model = await exported(base, '--format', 'merged');
  const [adapter, uneven] = [await temporaryFolder(), seededAdapter(await openCheckpoint(model))];
  await writeAdapter(adapter, uneven, model);
  const out = await exported(adapter, '--format', 'gguf');
  const lora = must(
    (await readdir(out)).find((file) => file.endsWith('.gguf')),
    'the GGUF file',
  );
  return { name, base, lora: join(out, lora), model, adapter, modules: uneven.modules.length };
}
