import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRun } from '../../../src/run/find';
import { createRunFolder } from '../../../src/run/folder';
import { holderOf, RunLock } from '../../../src/run/lock';
import {
  expiredRuns,
  folderBytes,
  listTrash,
  moveToTrash,
  removeForGood,
  restoreRun,
  trashFolder,
} from '../../../src/run/trash';
import { CommandLine } from '../cli/commandLine';
import { runConfig } from './samples';
import { temporaryFolder } from './temporaryFolder';

const program = new CommandLine();

async function newRun(): Promise<string> {
  return createRunFolder(join(await temporaryFolder(), '.margin', 'runs'), runConfig());
}

describe('the trash of runs', () => {
  it('takes a run, and gives it back whole and unlocked', async () => {
    const run = await newRun();
    const before = await readdir(run);
    const trashed = await moveToTrash(run);
    expect([existsSync(run), dirname(trashed)]).toEqual([false, trashFolder(dirname(run))]);
    expect(await listTrash(dirname(trashed))).toMatchObject([{ folder: trashed, from: run }]);
    expect(await restoreRun(trashed)).toBe(run);
    expect(await readdir(run)).toEqual(before);
    expect([await holderOf(run), (await readRun(run)).name]).toEqual([null, 'sample']);
  });

  it('keeps runs of one name apart, and never overwrites a folder that is there', async () => {
    const run = await newRun();
    const first = await moveToTrash(run);
    await mkdir(run);
    await expect(restoreRun(first)).rejects.toMatchObject({ code: 'exists' });
    expect(await moveToTrash(run)).toBe(`${first}-2`);
    await expect(restoreRun(dirname(first))).rejects.toMatchObject({ code: 'not-in-trash' });
  });

  it('gives a run back beside itself, whatever path its record has', async () => {
    const run = await newRun();
    const trashed = await moveToTrash(run);
    const home = await temporaryFolder();
    await writeFile(join(trashed, 'trashed.json'), JSON.stringify({ from: join(home, '.config', 'autostart'), at: 1 }));
    expect(await restoreRun(trashed)).toBe(join(dirname(dirname(run)), '.config', 'autostart'));
    expect(await readdir(home)).toEqual([]);
    const again = await moveToTrash(await newRun());
    await writeFile(join(again, 'trashed.json'), JSON.stringify({ from: '/a/..', at: 1 }));
    await expect(restoreRun(again)).rejects.toMatchObject({ code: 'not-in-trash' });
  });

  it('refuses a run that a process holds', async () => {
    const run = await newRun();
    const lock = await RunLock.acquire(run, 'training');
    await expect(moveToTrash(run)).rejects.toMatchObject({ code: 'run-locked' });
    lock.release();
    expect(existsSync(run)).toBe(true);
  });

  it('is emptied of what is old enough, and of nothing else', async () => {
    const run = await newRun();
    const trashed = await moveToTrash(run);
    const bin = dirname(trashed);
    await mkdir(join(bin, 'foreign'));
    const tomorrow = Date.now() + 86_400_000;
    expect(await expiredRuns(bin, 2, tomorrow)).toEqual([]);
    const old = await expiredRuns(bin, 1, tomorrow);
    expect(old.map(({ folder }) => folder)).toEqual([trashed]);
    await removeForGood(old);
    expect(await readdir(bin)).toEqual(['foreign']);
  });

  it('margin trash adds, shows with sizes, restores and empties, and says first what it would delete', async () => {
    const run = await newRun();
    await writeFile(join(run, 'log.txt'), 'x'.repeat(5000));
    expect(await folderBytes(run)).toBeGreaterThan(5000);
    const folder = dirname(dirname(dirname(run)));
    const here = (...args: string[]) => program.runHere(['trash', ...args], folder);
    const trashed = (await here('add', run)).out.trim();
    expect((await here('--json')).json()).toMatchObject([{ folder: trashed, from: run, bytes: expect.any(Number) }]);
    expect((await here('empty', '--days', '0', '--dry_run')).out).toContain(trashed);
    expect((await here('restore', trashed)).out.trim()).toBe(run);
    await here('add', run);
    expect((await here('empty')).out).toContain('No such runs');
    await here('empty', '--days', '0');
    expect((await here()).out).toContain('No such runs');
    expect([existsSync(run), existsSync(trashed)]).toEqual([false, false]);
  });
});
