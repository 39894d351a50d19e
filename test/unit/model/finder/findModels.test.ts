import { copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isGguf } from '../../../../src/base/pure/isGguf';
import { at } from '../../../../src/base/pure/must';
import { type CacheName, modelCaches } from '../../../../src/model/finder/caches';
import { findModels } from '../../../../src/model/finder/findModels';
import { Look } from '../../../../src/model/finder/look';
import { locateModel } from '../../../../src/model/locate';
import { temporaryFolder } from '../../run/temporaryFolder';
import { hubWith } from '../hubCache';

const gguf = 'test/unit/model/gguf';
const find = (name: CacheName, folder: string, look?: Look) => findModels([{ name, folder }], look);

async function put(from: string, to: string): Promise<string> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
  return to;
}

/** A model of Ollama, as its server stores it. @returns the path of the blob */
async function pull(folder: string, name: string, file: string, mediaType: string): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  const blob = await put(file, join(folder, 'blobs', `sha256-${hash}`));
  const manifest = join(folder, 'manifests', name);
  await mkdir(dirname(manifest), { recursive: true });
  const layers = [{ mediaType: 'application/vnd.ollama.image.license' }, { mediaType, digest: `sha256:${hash}` }];
  await writeFile(manifest, JSON.stringify({ schemaVersion: 2, layers }));
  return blob;
}

describe('the Hugging Face cache', () => {
  it('has checkpoints by the name of their repository, with size, parameters and architecture', async () => {
    const hub = await hubWith('models--org--tiny');
    const { models, problems } = await find('Hugging Face', hub);
    expect(problems).toEqual([]);
    expect(models).toMatchObject([{ name: 'org/tiny', architecture: 'llama', why: null }]);
    expect(at(models, 0).path).toBe(join(hub, 'models--org--tiny'));
    expect(at(models, 0).bytes).toBeGreaterThan(1e5);
    expect(at(models, 0).parameters).toBeGreaterThan(1e4);
  });

  it('has .gguf files, and says why a model cannot be trained', async () => {
    const hub = await hubWith('models--org--tiny');
    const snapshot = join(hub, 'models--org--tiny', 'snapshots', 'abc123');
    await rm(join(snapshot, 'config.json'));
    await writeFile(join(snapshot, 'config.json'), '{"model_type": "mamba"}');
    await put(join(gguf, 'qwen3.gguf'), join(snapshot, 'q.gguf'));
    await put(join(gguf, 'qwen3.gguf'), join(snapshot, 'mmproj-q.gguf'));
    const { models } = await find('Hugging Face', hub);
    expect(models.map(({ name, architecture }) => [name, architecture])).toEqual([
      ['org/tiny', null],
      ['org/tiny/q.gguf', 'qwen3'],
    ]);
    expect(at(models, 0).why).toContain('model_type "mamba" is not supported');
  });

  it('says which of several snapshots is unclear, and leaves out repositories of data sets', async () => {
    const hub = await hubWith('models--org--tiny');
    await rm(join(hub, 'models--org--tiny', 'refs'), { recursive: true });
    await mkdir(join(hub, 'models--org--tiny', 'snapshots', 'other'));
    await mkdir(join(hub, 'datasets--org--data', 'snapshots', 'x'), { recursive: true });
    const { models } = await find('Hugging Face', hub);
    expect(models).toHaveLength(1);
    expect(at(models, 0).why).toContain('has 2 snapshots');
  });
});

describe('the models of Ollama', () => {
  it('are GGUF blobs without an ending, named by their manifests, and can be opened', async () => {
    const folder = await temporaryFolder();
    const name = 'registry.ollama.ai/library/qwen3/0.6b';
    const blob = await pull(folder, name, join(gguf, 'qwen3.gguf'), 'application/vnd.ollama.image.model');
    const { models } = await find('Ollama', folder);
    expect(models).toMatchObject([{ name: 'qwen3:0.6b', path: blob, architecture: 'qwen3', why: null }]);
    expect(isGguf(blob)).toBe(true);
    const located = await locateModel(blob, await temporaryFolder());
    expect(await readFile(join(located.folder, 'config.json'), 'utf8')).toContain('"model_type": "qwen3"');
  });

  it('that are not one GGUF file are shown with the reason', async () => {
    const folder = await temporaryFolder();
    await pull(
      folder,
      'registry.ollama.ai/me/x/latest',
      join(gguf, 'qwen3.gguf'),
      'application/vnd.ollama.image.tensor',
    );
    await mkdir(join(folder, 'manifests', 'host', 'me', 'y'), { recursive: true });
    await writeFile(join(folder, 'manifests', 'host', 'me', 'y', 'broken'), '{');
    const { models } = await find('Ollama', folder);
    expect(models.map(({ name }) => name)).toEqual(['host/me/y:broken', 'me/x:latest']);
    for (const { why } of models) expect(why).toContain('names no weights in one GGUF file');
  });
});

describe('the folders of LM Studio and llama.cpp', () => {
  it('have .gguf files at their levels, a split model once, and checkpoints', async () => {
    const folder = await temporaryFolder();
    for (const part of [1, 2, 3])
      await put(
        join(gguf, `llama-0000${part}-of-00003.gguf`),
        join(folder, 'me', 'llama', `l-0000${part}-of-00003.gguf`),
      );
    await put(join(gguf, 'phi3.gguf'), join(folder, 'phi3.gguf'));
    for (const name of ['config.json', 'model.safetensors', 'tokenizer.json'])
      await put(join('media/sample/model', name), join(folder, 'me', 'sample', name));
    const { models } = await find('LM Studio', folder);
    expect(models.map(({ name, architecture, why }) => [name, architecture, why])).toEqual([
      ['me/llama/l-00001-of-00003.gguf', 'llama', null],
      ['me/sample', 'llama', null],
      ['phi3.gguf', 'phi3', null],
    ]);
  });

  it('show a damaged file, a missing part and a checkpoint without a tokenizer with the reason', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'cut.gguf'), 'GGUF');
    await put(join(gguf, 'llama-00001-of-00003.gguf'), join(folder, 'l-00001-of-00003.gguf'));
    for (const name of ['config.json', 'model.safetensors'])
      await put(join('media/sample/model', name), join(folder, 'bare', name));
    const { models } = await find('llama.cpp', folder);
    expect(models.map(({ name, why }) => [name, why])).toEqual([
      ['bare', expect.stringContaining('has no tokenizer.json')],
      ['cut.gguf', expect.stringContaining('is not a valid GGUF file')],
      ['l-00001-of-00003.gguf', expect.stringContaining('is missing: the model is split into 3 files')],
    ]);
  });

  it('are entered once: links in a circle end, and two links to one file are one model', async () => {
    const folder = await temporaryFolder();
    const file = await put(join(gguf, 'phi3.gguf'), join(folder, 'a', 'phi3.gguf'));
    await symlink(folder, join(folder, 'a', 'up'));
    await symlink(file, join(folder, 'other.gguf'));
    await symlink(join(folder, 'gone.gguf'), join(folder, 'dangling.gguf'));
    const { models, problems } = await find('llama.cpp', folder);
    expect(models.map(({ name }) => name)).toEqual(['other.gguf']);
    expect(problems).toEqual([]);
  });
});

describe('bounds', () => {
  it('of names in a folder and of models are said', async () => {
    const folder = await temporaryFolder();
    for (let i = 0; i < 6; i++) await writeFile(join(folder, `m${i}.gguf`), '');
    const few = await find('llama.cpp', folder, new Look({ names: 4, models: 500 }));
    expect(few.problems).toEqual([`${folder} has more than 4 entries; the rest is not looked at.`]);
    const models = await find('llama.cpp', folder, new Look({ names: 5000, models: 3 }));
    expect(models.models).toHaveLength(3);
    expect(models.problems).toEqual(['There are more than 3 models; the rest is not shown.']);
  });

  it('a cache that is missing has no models; one that is a file, or cannot be read, is said', async () => {
    const folder = await temporaryFolder();
    expect(await find('Ollama', join(folder, 'nothing'))).toEqual({ models: [], problems: [] });
    await writeFile(join(folder, 'file'), '');
    const { problems } = await find('llama.cpp', join(folder, 'file'));
    expect(problems).toEqual([`${join(folder, 'file')} cannot be read (ENOTDIR).`]);
  });
});

describe('where caches are', () => {
  const folders = (env: Record<string, string>, platform: NodeJS.Platform = 'linux') =>
    modelCaches({ env, home: '/home/ann', platform }).map(({ name, folder }) => `${name}: ${folder}`);

  it('is as the programs say, or as their variables do', () => {
    expect(folders({})).toEqual([
      'Hugging Face: /home/ann/.cache/huggingface/hub',
      'LM Studio: /home/ann/.lmstudio/models',
      'LM Studio: /home/ann/.cache/lm-studio/models',
      'Ollama: /home/ann/.ollama/models',
      'Ollama: /usr/share/ollama/.ollama/models',
      'llama.cpp: /home/ann/.cache/llama.cpp',
    ]);
    expect(folders({ HF_HOME: '/hf', OLLAMA_MODELS: '/o', LLAMA_CACHE: '/l' })).toEqual(
      expect.arrayContaining(['Hugging Face: /hf/hub', 'Ollama: /o', 'llama.cpp: /l']),
    );
    expect(folders({ HF_HUB_CACHE: '/hub', HF_HOME: '/hf' })).toContain('Hugging Face: /hub');
    expect(folders({}, 'darwin')).toContain('llama.cpp: /home/ann/Library/Caches/llama.cpp');
  });
});
