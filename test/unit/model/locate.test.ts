import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openScoreSession } from '../../../src/engine/scoreSession';
import { packPairs } from '../../../src/engine/packPairs';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { locateModel } from '../../../src/model/locate';
import { temporaryFolder } from '../run/temporaryFolder';
import { failureOf } from './files';
import { hubWith } from './hubCache';

/** Only one test needs a folder for converted models. */
const nowhere = join('no', 'folder');
const sample = join('media', 'sample', 'model');

async function adapterOn(base: unknown): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(
    join(folder, 'adapter_config.json'),
    JSON.stringify({ peft_type: 'LORA', base_model_name_or_path: base }),
  );
  return folder;
}

describe('a path to a model', () => {
  it('that is a checkpoint folder is that folder', async () => {
    expect(await locateModel(sample, nowhere)).toEqual({ folder: sample, adapter: null });
  });

  it('into the Hugging Face cache is its main snapshot, whose links a session follows', async () => {
    const folder = join(await hubWith('models--margin--sample'), 'models--margin--sample');
    const place = await locateModel(folder, nowhere);
    expect(place).toEqual({ folder: join(folder, 'snapshots', 'abc123'), adapter: null });
    const session = await openScoreSession({ checkpoint: await openCheckpoint(place.folder), adapter: null });
    const { tokenLogps } = await session.score(packPairs([{ prompt: [1, 2], chosen: [3, 4], rejected: [5] }]));
    await session.release();
    expect([...tokenLogps].every((logp) => logp < 0)).toBe(true);
  });

  it('into the Hugging Face cache is refused where several snapshots are possible', async () => {
    const folder = join(await hubWith('models--margin--sample'), 'models--margin--sample');
    await rm(join(folder, 'refs'), { recursive: true });
    await mkdir(join(folder, 'snapshots', 'def456'));
    expect(await failureOf(locateModel(folder, nowhere))).toMatchObject({
      code: 'missing-file',
      message: expect.stringContaining('2 snapshots'),
    });
  });

  it('to an adapter gives base and adapter; the base is a path or a name in the Hugging Face cache', async () => {
    const absolute = await adapterOn(resolve(sample));
    expect(await locateModel(absolute, nowhere)).toEqual({ folder: resolve(sample), adapter: absolute });
    const hub = await hubWith('models--margin--sample');
    const named = await adapterOn('margin/sample');
    expect(await locateModel(named, nowhere, hub)).toEqual({
      folder: join(hub, 'models--margin--sample', 'snapshots', 'abc123'),
      adapter: named,
    });
  });

  it.each([
    ['margin/nowhere', 'missing-file', '"margin/nowhere"'],
    [null, 'bad-adapter', 'base_model_name_or_path'],
  ])('to an adapter on %j says what is missing', async (base, code, says) => {
    expect(await failureOf(adapterOn(base).then((folder) => locateModel(folder, nowhere, folder)))).toMatchObject({
      code,
      message: expect.stringContaining(says),
    });
  });

  it('to a .gguf file is the folder that it was converted to', async () => {
    const converted = await temporaryFolder();
    const { folder, adapter } = await locateModel(join('test', 'unit', 'model', 'gguf', 'llama.gguf'), converted);
    expect([folder.startsWith(converted), adapter]).toEqual([true, null]);
    expect((await openCheckpoint(folder)).model.modelType).toBe('llama');
  });
});
