import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  checkpointSteps,
  findRuns,
  folderChanges,
  lastRewardStep,
  type OpenRun,
  rewardSteps,
} from '../../../src/run/find';
import { createRunFolder, runPaths, writeState } from '../../../src/run/folder';
import { moveToTrash } from '../../../src/run/trash';
import { runConfig, runState } from './samples';
import { temporaryFolder } from './temporaryFolder';

const newRun = async (): Promise<string> => createRunFolder(await temporaryFolder(), runConfig());

describe('findRuns', () => {
  it('lists runs with the newest first, separates unreadable ones, and ignores other folders', async () => {
    const parent = await temporaryFolder();
    const older = await createRunFolder(parent, runConfig({ created: 1e12 }));
    const newer = await createRunFolder(parent, runConfig({ created: 2e12 }));
    const future = await createRunFolder(parent, runConfig({ version: 99 }));
    await mkdir(join(parent, 'something else'));
    writeState(newer, runState({ status: 'done' }));
    const { runs, unreadable } = await findRuns([parent, join(parent, 'missing')]);
    expect(runs.map(({ folder, status, name }) => [folder, status, name])).toEqual([
      [newer, 'done', 'sample'],
      [older, 'stopped', 'sample'],
    ]);
    expect(unreadable.map(({ folder, error }) => [folder, error.code])).toEqual([[future, 'newer-version']]);
  });

  it('finds new run folders, but no known ones, no other folders and none that is being created', async () => {
    const parent = await temporaryFolder();
    const [known, fresh] = [await createRunFolder(parent, runConfig()), await createRunFolder(parent, runConfig())];
    await mkdir(join(parent, 'being made'));
    const { appeared } = await folderChanges([parent, join(parent, 'missing')], new Set([known]));
    expect(appeared).toEqual([fresh]);
  });

  it('finds known folders that are gone, but says nothing of those in folders that it does not list', async () => {
    const [parent, other] = [await temporaryFolder(), await temporaryFolder()];
    const [kept, gone] = [await createRunFolder(parent, runConfig()), await createRunFolder(parent, runConfig())];
    const elsewhere = await createRunFolder(other, runConfig());
    const known = new Set([kept, gone, elsewhere]);
    expect(await folderChanges([parent], known)).toEqual({ appeared: [], vanished: [] });
    await moveToTrash(gone);
    await rm(elsewhere, { recursive: true });
    expect(await folderChanges([parent], known)).toEqual({ appeared: [], vanished: [gone] });
    await rm(parent, { recursive: true });
    expect((await folderChanges([parent], known)).vanished).toEqual([kept, gone]);
  });

  it('finds the finished rewards and checkpoints of a run', async () => {
    const folder = await newRun();
    for (const step of [100, 20]) await writeFile(runPaths.rewards(folder, step), '');
    await writeFile(`${runPaths.rewards(folder, 30)}.tmp`, '');
    await mkdir(runPaths.checkpoint(folder, 20));
    expect([await rewardSteps(folder), await checkpointSteps(folder)]).toEqual([[20, 100], [20]]);
  });
});

describe('the final rewards of a run', () => {
  const run = (change: Partial<OpenRun>, load: boolean): OpenRun => {
    const state = runState({ best: { step: 20, metric: 'eval_loss', value: 1 } });
    const config = runConfig();
    return {
      folder: '',
      name: '',
      created: 0,
      remarks: [],
      status: 'done',
      state,
      scoring: null,
      config: { ...config, config: { ...config.config, load_best_model_at_end: load } },
      ...change,
    };
  };

  it('are the newest, or those of its best evaluation if it ended on that', () => {
    expect(lastRewardStep([0, 20, 40], run({}, true))).toBe(20);
    expect(lastRewardStep([0, 20, 40], run({}, false))).toBe(40);
    expect(lastRewardStep([0, 20, 40], run({ status: 'stopped' }, true))).toBe(40);
    expect(lastRewardStep([0], run({}, true))).toBe(0);
    expect(lastRewardStep([], run({}, true))).toBeUndefined();
  });
});
