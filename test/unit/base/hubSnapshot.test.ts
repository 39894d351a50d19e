import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRunConfig } from '../../../src/run/folder';
import { createRun } from '../../../src/run/resolve';
import { copyOf } from '../model/files';
import { hubWith } from '../model/hubCache';
import { ofKind, onlySteps, train } from '../train/runs';
import { sampleFolder, sampleRun } from '../train/sampleRun';
import { temporaryFolder } from '../run/temporaryFolder';

async function cached(): Promise<string> {
  return join(await hubWith('models--margin--sample'), 'models--margin--sample');
}

async function runOn(model: string): Promise<string> {
  return createRun(
    { ...(await sampleRun({ model_name_or_path: model, max_steps: 1 }, 4)), output_dir: await temporaryFolder() },
    {},
  );
}

describe('a run on a folder of the Hugging Face cache', () => {
  it('keeps the snapshot that main named when the run was made', async () => {
    const folder = await cached();
    const run = await runOn(folder);
    await writeFile(join(folder, 'refs', 'main'), 'def456');
    const { config, model } = await readRunConfig(run);
    const snapshot = join(folder, 'snapshots', 'abc123');
    expect(config.model_name_or_path).toBe(snapshot);
    expect(model.map(({ path }) => path)).toContain(join(snapshot, 'model.safetensors'));
    expect(ofKind(await train(run, onlySteps), 'train').map(({ metrics }) => metrics.loss)).toEqual([
      expect.closeTo(Math.LN2, 6),
    ]);
  });

  it('may start from an adapter there', async () => {
    const adapter = join(await temporaryFolder(), 'models--margin--adapter');
    const snapshot = join(adapter, 'snapshots', 'fed321');
    await mkdir(snapshot, { recursive: true });
    await writeFile(join(snapshot, 'adapter_config.json'), '{}');
    const run = await createRun(
      { ...(await sampleRun({ adapter_name_or_path: adapter }, 4)), output_dir: await temporaryFolder() },
      {},
    );
    expect((await readRunConfig(run)).config.adapter_name_or_path).toBe(snapshot);
  });

  it('takes the only snapshot if there is no main', async () => {
    const folder = await cached();
    await rm(join(folder, 'refs'), { recursive: true });
    expect((await readRunConfig(await runOn(folder))).config.model_name_or_path).toBe(
      join(folder, 'snapshots', 'abc123'),
    );
  });

  it('is refused if several snapshots are possible, or none exists', async () => {
    const folder = await cached();
    await rm(join(folder, 'refs'), { recursive: true });
    await mkdir(join(folder, 'snapshots', 'def456'));
    await expect(runOn(folder)).rejects.toMatchObject({
      code: 'config-file',
      message: expect.stringMatching(/model_name_or_path: .*2 snapshots.*give one of the folders/),
    });
    await rm(join(folder, 'snapshots'), { recursive: true });
    await mkdir(join(folder, 'snapshots'));
    await expect(runOn(folder)).rejects.toMatchObject({
      code: 'config-file',
      message: expect.stringContaining('no snapshot'),
    });
  });

  it('whose main was only partly downloaded is refused', async () => {
    const folder = await cached();
    await writeFile(join(folder, 'refs', 'main'), '../../etc');
    await expect(runOn(folder)).rejects.toMatchObject({
      message: expect.stringContaining('none is the one that refs/main names'),
    });
  });
});

describe('any other folder', () => {
  it('is used as it is', async () => {
    const config = await sampleRun({}, 4);
    const run = await createRun({ ...config, output_dir: await temporaryFolder() }, {});
    expect((await readRunConfig(run)).config.model_name_or_path).toBe(config.model_name_or_path);
  });

  it('is used as it is, even if it holds a folder named snapshots', async () => {
    const model = await copyOf(join(sampleFolder, 'model'));
    await mkdir(join(model, 'snapshots', 'one'), { recursive: true });
    expect((await readRunConfig(await runOn(model))).config.model_name_or_path).toBe(model);
  });
});
