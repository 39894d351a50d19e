import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { otherBase } from '../../../src/model/otherBase';
import { temporaryFolder } from '../run/temporaryFolder';

async function adapterOn(base: unknown): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'adapter_config.json'), JSON.stringify({ base_model_name_or_path: base }));
  return folder;
}

describe('an adapter’s base', () => {
  it.each([
    ['HuggingFaceTB/SmolLM2-135M', '/models/smollm2-135m'],
    ['HuggingFaceTB/SmolLM2-135M', '/hub/models--HuggingFaceTB--SmolLM2-135M/snapshots/12fd'],
    ['someone/SmolLM2-135M', 'HuggingFaceTB/SmolLM2-135M'],
    ['HuggingFaceTB/SmolLM2-135M', '/models/SmolLM2-135M-Q8_0.gguf'],
    ['/models/SmolLM2-135M-Q8_0.gguf', '/models/SmolLM2-135M'],
    ['/gone/SmolLM2-135M/', '/models/SmolLM2-135M'],
    [null, '/models/SmolLM2-135M'],
    ['', '/models/SmolLM2-135M'],
  ])('%j may be the model at %s', async (named, path) => {
    expect(await otherBase(await adapterOn(named), { path, folder: path })).toBeNull();
  });

  it.each([
    ['HuggingFaceTB/SmolLM2-135M', '/models/SmolLM2-135M-Instruct'],
    ['HuggingFaceTB/SmolLM2-135M-Instruct', '/hub/models--HuggingFaceTB--SmolLM2-135M/snapshots/12fd'],
    ['Qwen/Qwen3-0.6B', '/models/SmolLM2-135M-Q8_0.gguf'],
    ['/gone/base', '/models/SmolLM2-135M'],
  ])('%j is not the model at %s', async (named, path) => {
    expect(await otherBase(await adapterOn(named), { path, folder: path })).toBe(named);
  });

  it('is the model under any name if both paths lead to one folder', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'model'));
    await symlink(join(folder, 'model'), join(folder, 'linked'), 'junction');
    const opened = { path: 'model', folder: join(folder, 'model') };
    expect(await otherBase(await adapterOn(join(folder, 'linked')), opened)).toBeNull();
    expect(await otherBase(await adapterOn(folder), opened)).toBe(folder);
  });
});
