import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createRunFolder,
  readControl,
  readRunConfig,
  readState,
  runPaths,
  stepName,
  stepOfName,
  writeControl,
  writeState,
} from '../../../src/run/folder';
import { runVersion } from '../../../src/run/types';
import { runConfig, runState } from './samples';
import { temporaryFolder } from './temporaryFolder';

describe('createRunFolder', () => {
  it('names the folder by local time and name, and never uses a name twice', async () => {
    const parent = join(await temporaryFolder(), 'deep', 'runs');
    const folders = [
      await createRunFolder(parent, runConfig()),
      await createRunFolder(parent, runConfig()),
      await createRunFolder(parent, runConfig()),
    ];
    expect(folders.map((folder) => basename(folder))).toEqual([
      '20261123-1542-sample',
      '20261123-1542-sample-2',
      '20261123-1542-sample-3',
    ]);
  });

  it.each([
    ['a/b\\c: d?', 'a-b-c-d'],
    ['../..', 'run'],
    ['', 'run'],
    ['Prüfung 2', 'Prüfung-2'],
    ['x'.repeat(300), 'x'.repeat(60)],
    [`${'x'.repeat(59)}.tail`, 'x'.repeat(59)],
    ['CON', 'CON'],
  ])('makes a safe name of %j', async (name, safe) => {
    const folder = await createRunFolder(await temporaryFolder(), runConfig({ name }));
    expect(basename(folder)).toBe(`20261123-1542-${safe}`);
  });

  it('creates folders for checkpoints and rewards, and leaves no temporary file', async () => {
    const folder = await createRunFolder(await temporaryFolder(), runConfig());
    expect((await readdir(folder)).sort()).toEqual(['checkpoints', 'config.json', 'rewards']);
  });

  it('reports a file that is in the way of a folder', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(createRunFolder(join(file, 'runs'), runConfig())).rejects.toMatchObject({
      code: 'not-a-folder',
      message: expect.stringContaining(file),
    });
  });
});

describe.skipIf(process.platform === 'win32')('a folder without write permission', () => {
  it('is named with the fix, and nothing is left in it', async () => {
    const parent = await temporaryFolder();
    await chmod(parent, 0o555);
    // Root may write anywhere, so the test becomes another user.
    const root = process.geteuid?.() === 0;
    if (root) process.seteuid?.(65534);
    const error: unknown = await createRunFolder(join(parent, 'runs'), runConfig()).catch((reason: unknown) => reason);
    if (root) process.seteuid?.(0);
    expect(error).toMatchObject({
      code: 'not-writable',
      message: expect.stringMatching(new RegExp(`${parent}.*choose another folder or change its permissions`)),
    });
    expect(await readdir(parent)).toEqual([]);
    await chmod(parent, 0o755);
  });
});

describe('the files of a run folder', () => {
  it('read back as they were written', async () => {
    const folder = await createRunFolder(await temporaryFolder(), runConfig());
    const state = runState({ error: { code: 'x', message: 'y' } });
    writeState(folder, state);
    await writeControl(folder, { want: 'pause' });
    expect(await readRunConfig(folder)).toEqual(runConfig());
    const { ld_alpha: _, ...older } = runConfig().config;
    await writeFile(runPaths.config(folder), JSON.stringify({ ...runConfig(), config: older }));
    expect((await readRunConfig(folder)).config.ld_alpha, 'a key that an older Margin did not write').toBeNull();
    expect(await readState(folder)).toEqual(state);
    expect(await readControl(folder)).toEqual({ want: 'pause' });
    expect((await readdir(folder)).filter((name) => name.endsWith('.margin-tmp'))).toEqual([]);
  });

  it('do not exist in a new run: no state and no request', async () => {
    const folder = await createRunFolder(await temporaryFolder(), runConfig());
    expect(await readState(folder)).toBeNull();
    expect(await readControl(folder)).toEqual({ want: 'run' });
  });

  it('of a newer version are refused, with their name and the fix', async () => {
    const folder = await createRunFolder(await temporaryFolder(), runConfig());
    writeState(folder, runState({ version: runVersion + 1 }));
    await expect(readState(folder)).rejects.toMatchObject({
      code: 'newer-version',
      message: expect.stringMatching(/state\.json.*format 2.*Update Margin/),
    });
    const newer = await createRunFolder(await temporaryFolder(), runConfig({ version: 99 }));
    await expect(readRunConfig(newer)).rejects.toMatchObject({
      code: 'newer-version',
      message: expect.stringContaining('config.json'),
    });
  });

  it.each(['', '{"version": 1', '[]', '{"version": 1}'])('are named if they are damaged: %j', async (text) => {
    const folder = await createRunFolder(await temporaryFolder(), runConfig());
    await writeFile(runPaths.state(folder), text);
    await expect(readState(folder)).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('state.json'),
    });
  });

  it('show whether a folder is a run', async () => {
    const folder = await temporaryFolder();
    await expect(readRunConfig(folder)).rejects.toMatchObject({
      code: 'not-a-run',
      message: expect.stringContaining(folder),
    });
  });

  it.each(['{"want": "st', '{"want": "sleep"}', '{}'])('do not end a run if control.json is %j', async (text) => {
    const folder = await temporaryFolder();
    await writeFile(runPaths.control(folder), text);
    expect(await readControl(folder)).toEqual({ want: 'run' });
  });

  it('stay as they were if the new content cannot be written', async () => {
    const folder = await createRunFolder(await temporaryFolder(), runConfig());
    await mkdir(runPaths.state(folder));
    await writeFile(join(runPaths.state(folder), 'in the way'), '');
    expect(() => writeState(folder, runState())).toThrow(/Cannot write .*state\.json/);
    expect((await readdir(folder)).filter((name) => name.endsWith('.margin-tmp'))).toEqual([]);
    expect(await readFile(runPaths.config(folder), 'utf8')).toContain('"sample"');
  });
});

it('step names sort like numbers and read back', () => {
  expect([2, 10, 1_234_567].map(stepName)).toEqual(['step-000002', 'step-000010', 'step-1234567']);
  expect(['step-000050', 'step-000050.jsonl', 'step-000050.jsonl.tmp', 'step-5', 'x'].map(stepOfName)).toEqual([
    50,
    50,
    null,
    null,
    null,
  ]);
});
