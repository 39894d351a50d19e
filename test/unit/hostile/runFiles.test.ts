import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../../src/base/node/makeFolder';
import { lastTrainMetrics } from '../../../src/run/events';
import { hashFile } from '../../../src/base/node/fileHash';
import { findRuns, readRun } from '../../../src/run/find';
import { createRunFolder, readRunConfig, runPaths } from '../../../src/run/folder';
import { resolveRun } from '../../../src/run/resolve';
import { readTrainConfig } from '../../../src/run/trainConfig';
import { Program } from '../cli/program';
import { failureOf } from '../model/files';
import { runConfig } from '../run/samples';
import { temporaryFolder } from '../run/temporaryFolder';
import { sampleRun } from '../train/sampleRun';
import { hasFifos, makeFifo } from './fifo';

const program = new Program();

describe.skipIf(!hasFifos)('a file that a config names', () => {
  it.each(['train_file', 'eval_file'] as const)('is refused at once if %s is a pipe or a device', async (field) => {
    const pipe = join(await temporaryFolder(), 'pairs.jsonl');
    makeFifo(pipe);
    for (const path of [pipe, '/dev/zero']) {
      const error = await failureOf(sampleRun({ [field]: path }).then((config) => resolveRun(config, {})));
      expect(error).toMatchObject({
        code: 'config-file',
        message: expect.stringMatching(new RegExp(`^${field}: ${path} is not a regular file`)),
      });
    }
  });

  it('is refused at once if the model’s weights are a pipe', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'config.json'), '{}');
    makeFifo(join(folder, 'model.safetensors'));
    const error = await failureOf(sampleRun({ model_name_or_path: folder }).then((config) => resolveRun(config, {})));
    expect(error).toMatchObject({
      code: 'config-file',
      message: expect.stringMatching(/^model_name_or_path: .*model\.safetensors is not a regular file/),
    });
  });

  it('must be a regular file, and so must the config itself', async () => {
    const folder = await temporaryFolder();
    const config = join(folder, 'pairs.train.json');
    makeFifo(config);
    expect(await failureOf(readTrainConfig(config))).toMatchObject({ code: 'not-a-file' });
    expect(await failureOf(hashFile(config))).toMatchObject({ code: 'not-a-file' });
    const { code, err } = await program.run(['train', config], folder);
    expect([code, err]).toEqual([1, expect.stringContaining(`${config} is not a regular file`)]);
  });

  it.skipIf(!existsSync('/proc/self'))('is refused at once if the system makes no folders in output_dir', async () => {
    for (const path of ['/proc/margin/runs', '/proc/self/fd/runs', '/sys/margin/a/b']) {
      const error = await failureOf(createRunFolder(path, runConfig()));
      expect(error.code).toMatch(/^(not-writable|not-a-folder)$/);
      expect(error.message).toContain(path.split('/').slice(0, 3).join('/'));
    }
  });
});

describe('making a folder', () => {
  it('makes missing parents, and accepts an existing folder', async () => {
    const folder = join(await temporaryFolder(), 'a', 'b', 'c');
    await makeFolder(folder);
    await makeFolder(folder);
    expect(existsSync(folder)).toBe(true);
  });

  it('names the file in the way', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    expect(await failureOf(makeFolder(join(file, 'a', 'b')))).toMatchObject({ code: 'not-a-folder' });
  });
});

describe('a list of runs', () => {
  it('has all runs, even if the events.jsonl of one is a folder', async () => {
    const parent = join(await temporaryFolder(), 'runs');
    const [whole, odd] = [await createRunFolder(parent, runConfig()), await createRunFolder(parent, runConfig())];
    await mkdir(runPaths.events(odd));
    expect((await findRuns([parent])).runs.map(({ folder }) => folder).sort()).toEqual([whole, odd].sort());
    expect(await failureOf(lastTrainMetrics(odd))).toMatchObject({
      code: 'not-a-file',
      message: expect.stringContaining(runPaths.events(odd)),
    });
    const { out, err } = await program.run(['runs', parent], dirname(parent));
    expect(err).toContain(runPaths.events(odd));
    for (const folder of [whole, odd]) expect(out).toContain(basename(folder));
  });

  it('names a folder of runs that cannot be listed, and lists the others', async () => {
    const parent = await temporaryFolder();
    const whole = await createRunFolder(join(parent, 'runs'), runConfig());
    const { runs, unreadable } = await findRuns([join(parent, 'runs'), `${parent}/${'x'.repeat(300)}`]);
    expect(runs.map(({ folder }) => folder)).toEqual([whole]);
    expect(unreadable).toHaveLength(1);
  });
});

describe('the config.json of a stranger’s run', () => {
  async function withConfig(change: object): Promise<string> {
    const folder = await createRunFolder(await temporaryFolder(), runConfig());
    await writeFile(runPaths.config(folder), JSON.stringify({ ...runConfig(), ...change }));
    return folder;
  }
  const { config } = runConfig();

  it.each<readonly [string, object, RegExp]>([
    ['a name that is not text', { name: { toString: 'x' } }, /name must be a string/],
    ['a time that no calendar has', { created: 1e300 }, /created must be a time/],
    ['a rank that is text', { config: { ...config, lora_r: '16' } }, /config\.lora_r must be a whole number/],
    ['a path that is a list', { config: { ...config, train_file: ['a'] } }, /config\.train_file must be a path/],
    [
      'an objective that is none',
      { config: { ...config, loss_type: ['constructor'] } },
      /config\.loss_type must be one or a list of/,
    ],
    ['no data', { data: null }, /data must be an object/],
    ['versions that are not text', { versions: { margin: 1 } }, /versions must be/],
  ])('with %s is named with its field', async (_, change, says) => {
    const folder = await withConfig(change);
    const error = await failureOf(readRunConfig(folder));
    expect(error).toMatchObject({ code: 'corrupt', message: expect.stringMatching(says) });
    expect(error.message).toContain(runPaths.config(folder));
  });

  it('keeps keys that Margin does not know, and names them', async () => {
    const folder = await withConfig({ config: { ...config, of_a_newer_margin: 1 } });
    const run = await readRun(folder);
    expect(run.config.config).toHaveProperty('of_a_newer_margin', 1);
    expect(run.remarks).toEqual([
      expect.stringMatching(/config\.json has keys that this Margin ignores: of_a_newer_margin/),
    ]);
  });
});
