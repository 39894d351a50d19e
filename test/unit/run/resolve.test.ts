import { copyFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveRun } from '../../../src/run/resolve';
import { sampleRun } from '../train/sampleRun';
import { temporaryFolder } from './temporaryFolder';

const names = [1, 2, 3].map((part) => `llama-0000${part}-of-00003.gguf`);

describe('the fingerprints of a run', () => {
  it('cover every part of a split .gguf model, whichever part is named, and no other file', async () => {
    const folder = await temporaryFolder();
    for (const name of [...names, 'llama.gguf'])
      await copyFile(join('test', 'unit', 'model', 'gguf', name), join(folder, name));
    const printed = async (name: string): Promise<string[]> =>
      (await resolveRun(await sampleRun({ model_name_or_path: join(folder, name) }), {})).model.map(({ path }) =>
        basename(path),
      );
    expect(await printed('llama-00002-of-00003.gguf')).toEqual(names);
    expect(await printed('llama.gguf')).toEqual(['llama.gguf']);
  });
});

describe('the record of a run whose model is the folder of an adapter', () => {
  const adapterFolder = async (): Promise<string> => {
    const folder = await temporaryFolder();
    for (const name of ['adapter_config.json', 'adapter_model.safetensors']) await writeFile(join(folder, name), '{}');
    return folder;
  };

  it('names that adapter as its start, and its files once', async () => {
    const folder = await adapterFolder();
    const { config, model } = await resolveRun(await sampleRun({ model_name_or_path: folder }), {});
    expect(config).toMatchObject({ model_name_or_path: folder, adapter_name_or_path: folder });
    expect(model.map(({ path }) => basename(path))).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
  });

  it('names another adapter as its start if the config does', async () => {
    const [folder, other] = [await adapterFolder(), await adapterFolder()];
    const { config, model } = await resolveRun(
      await sampleRun({ model_name_or_path: folder, adapter_name_or_path: other }),
      {},
    );
    expect(config).toMatchObject({ model_name_or_path: folder, adapter_name_or_path: other });
    expect(model).toHaveLength(4);
  });
});
