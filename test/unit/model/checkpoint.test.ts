import { existsSync } from 'node:fs';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { readTensor } from '../../../src/model/readWeights';
import { writeSafetensors } from '../../../src/model/safetensors';
import { temporaryFolder } from '../run/temporaryFolder';
import { copyOf, failureOf } from './files';

const model = '../shared/models/stories260K-hf';

async function changeConfig(folder: string, change: object): Promise<void> {
  const file = join(folder, 'config.json');
  await writeFile(file, JSON.stringify({ ...(JSON.parse(await readFile(file, 'utf8')) as object), ...change }));
}

/** Splits the model into two shards, as large models are. */
async function shard(folder: string): Promise<void> {
  const { weights } = await openCheckpoint(folder);
  const names = [...weights.keys()].sort();
  const map: Record<string, string> = {};
  const tensors = await Promise.all(
    names.map((name) => weights.get(name)).flatMap((stored) => (stored ? [readTensor(stored)] : [])),
  );
  for (const [i, file] of ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'].entries()) {
    const half = tensors.filter((_, at) => at % 2 === i);
    await writeSafetensors(join(folder, file), half);
    for (const { name } of half) map[name] = file;
  }
  await writeFile(
    join(folder, 'model.safetensors.index.json'),
    JSON.stringify({ metadata: { total_size: 1 }, weight_map: map }),
  );
  await rm(join(folder, 'model.safetensors'));
}

describe.skipIf(!existsSync(model))('a checkpoint folder', () => {
  it('opens without reading its weights', async () => {
    const { model: opened, weights } = await openCheckpoint(model);
    expect(opened).toMatchObject({ modelType: 'llama', head: 'model.embed_tokens.weight' });
    expect(opened.attention).toHaveLength(5);
    expect(weights.get('model.norm.weight')).toMatchObject({
      file: join(model, 'model.safetensors'),
      dtype: 'f32',
      shape: [64],
    });
  });

  it('in shards holds the same weights', async () => {
    const folder = await copyOf(model);
    const whole = await openCheckpoint(folder);
    await shard(folder);
    const { weights } = await openCheckpoint(folder);
    expect([...weights.keys()].sort()).toEqual([...whole.weights.keys()].sort());
    expect(new Set([...weights.values()].map(({ file }) => file)).size).toBe(2);
  });

  it('without a head in its files has a tied head, whatever tie_word_embeddings says', async () => {
    const folder = await copyOf(model);
    await changeConfig(folder, { tie_word_embeddings: false });
    expect((await openCheckpoint(folder)).model.head).toBe('model.embed_tokens.weight');
  });

  it.each(['config.json', 'model.safetensors'])(
    'without %s is refused, and the message names the file',
    async (name) => {
      const folder = await copyOf(model);
      await rm(join(folder, name));
      expect(await failureOf(openCheckpoint(folder))).toMatchObject({
        code: 'missing-file',
        message: expect.stringContaining(join(folder, name)),
      });
    },
  );

  it('that does not exist is refused, and the message says so', async () => {
    expect(await failureOf(openCheckpoint(join(await temporaryFolder(), 'nowhere')))).toMatchObject({
      code: 'missing-file',
      message: expect.stringContaining('nowhere'),
    });
  });

  it('with a truncated weight file is refused', async () => {
    const folder = await copyOf(model);
    await truncate(join(folder, 'model.safetensors'), 500_000);
    expect((await failureOf(openCheckpoint(folder))).code).toBe('bad-safetensors');
  });

  it.each([
    [{ vocab_size: 600 }, 'bad-weight', 'model.embed_tokens.weight is [512, 64], but config.json needs [600, 64]'],
    [{ num_key_value_heads: 8 }, 'bad-weight', 'k_proj'],
    [{ num_hidden_layers: 6 }, 'missing-weight', 'model.layers.5.'],
    [{ attention_bias: true }, 'missing-weight', 'q_proj.bias'],
  ])('with the config %j is refused, because its weights do not fit', async (change, code, says) => {
    const folder = await copyOf(model);
    await changeConfig(folder, change);
    expect(await failureOf(openCheckpoint(folder))).toMatchObject({ code, message: expect.stringContaining(says) });
  });

  it.each([['../model.safetensors'], ['/etc/passwd'], ['a\\b.safetensors'], ['..'], [null]])(
    'whose index names %j is refused: shards must be in the same folder',
    async (name) => {
      const folder = await copyOf(model);
      await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map: { a: name } }));
      expect(await failureOf(openCheckpoint(folder))).toMatchObject({
        code: 'bad-config',
        message: expect.stringContaining('weight_map'),
      });
    },
  );

  it('whose index names a missing shard is refused, and the message names it', async () => {
    const folder = await copyOf(model);
    await shard(folder);
    await rm(join(folder, 'model-00002-of-00002.safetensors'));
    expect(await failureOf(openCheckpoint(folder))).toMatchObject({
      code: 'missing-file',
      message: expect.stringContaining('model-00002'),
    });
  });

  it('with a config above the limit is not read', async () => {
    const folder = await copyOf(model);
    await truncate(join(folder, 'config.json'), 2 ** 21);
    expect((await failureOf(openCheckpoint(folder))).code).toBe('too-large');
  });
});
