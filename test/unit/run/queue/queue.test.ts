import { randomUUID } from 'node:crypto';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { makeFolder } from '../../../../src/base/node/makeFolder';
import { thisMachine } from '../../../../src/base/node/thisMachine';
import { readRun } from '../../../../src/run/find';
import { createRunFolder, readState, runPaths, writeState } from '../../../../src/run/folder';
import { RunLock } from '../../../../src/run/lock';
import { enqueueRun, moveInQueue, readQueue, takeOutOfQueue } from '../../../../src/run/queue/queue';
import { isBusy, queueFolder, workQueue } from '../../../../src/run/queue/workQueue';
import { runConfig, runState } from '../samples';
import { temporaryFolder } from '../temporaryFolder';

const patience = { timeout: 60_000, interval: 50 };

/**
 * A program instead of the trainer: it writes when it starts and ends, and refuses a second lock as the trainer does by
 * living until it is done.
 */
async function trainer(work = ''): Promise<{ trainer: string; node: string; journal: string }> {
  const dir = await temporaryFolder();
  const journal = join(dir, 'journal.txt');
  const source = `
    const { appendFileSync, writeFileSync, readFileSync } = require('node:fs');
    const folder = process.argv[2];
    appendFileSync(${JSON.stringify(journal)}, 'start ' + folder + ' ' + (process.argv[3] ?? '') + '\\n');
    ${work}
    setTimeout(() => {
      const state = JSON.parse(readFileSync(folder + '/state.json', 'utf8'));
      writeFileSync(folder + '/state.json', JSON.stringify({ ...state, status: 'done' }));
      appendFileSync(${JSON.stringify(journal)}, 'end ' + folder + '\\n');
    }, 50);`;
  await writeFile(join(dir, 'trainer.cjs'), source);
  return { trainer: join(dir, 'trainer.cjs'), node: process.execPath, journal };
}

async function queueOf(count: number): Promise<{ dir: string; runs: string[] }> {
  const dir = await temporaryFolder();
  const runs: string[] = [];
  for (let i = 0; i < count; i++) {
    const folder = await createRunFolder(dir, runConfig({ name: `run ${i}` }));
    await enqueueRun(folder);
    runs.push(folder);
  }
  return { dir, runs };
}

const foldersOf = async (dir: string): Promise<string[]> => (await readQueue(dir)).map(({ folder }) => folder);
const quiet = (): void => undefined;

describe('the queue of a runs folder', () => {
  it('has the runs in the order in which they were added', async () => {
    const { dir, runs } = await queueOf(3);
    expect(await foldersOf(dir)).toEqual(runs);
    expect(await readRun(runs[0] ?? '')).toMatchObject({ status: 'queued' });
  });

  it('moves a run up and down, and not beyond its ends', async () => {
    const { dir, runs } = await queueOf(3);
    const [a = '', b = '', c = ''] = runs;
    await moveInQueue(c, 'up');
    expect(await foldersOf(dir)).toEqual([a, c, b]);
    await moveInQueue(a, 'down');
    expect(await foldersOf(dir)).toEqual([c, a, b]);
    await moveInQueue(c, 'up');
    await moveInQueue(b, 'down');
    expect(await foldersOf(dir)).toEqual([c, a, b]);
  });

  it('lets a run out, which is stopped then, and refuses to do it twice', async () => {
    const { dir, runs } = await queueOf(2);
    const [a = '', b = ''] = runs;
    await takeOutOfQueue(a);
    expect(await foldersOf(dir)).toEqual([b]);
    expect(await readState(a)).toMatchObject({ status: 'stopped' });
    await expect(takeOutOfQueue(a)).rejects.toMatchObject({ code: 'not-queued' });
    await expect(moveInQueue(a, 'up')).rejects.toMatchObject({ code: 'not-queued' });
  });

  it('keeps a run whose place is damaged, as the last', async () => {
    const { dir, runs } = await queueOf(2);
    const [a = '', b = ''] = runs;
    await writeFile(join(a, 'queued.json'), '{"place": tw');
    expect(await foldersOf(dir)).toEqual([b, a]);
  });

  it('refuses a run that trains', async () => {
    const { runs } = await queueOf(1);
    const [a = ''] = runs;
    writeState(a, runState({ status: 'starting', pid: 0 }));
    await expect(enqueueRun(a)).rejects.toMatchObject({ code: 'run-alive' });
  });
});

describe('working on the queue', () => {
  const lines = async (journal: string): Promise<string[]> => (await readFile(journal, 'utf8')).trim().split('\n');

  it('starts one run after another, in order, until the queue is empty', async () => {
    const { dir, runs } = await queueOf(3);
    const { journal, ...program } = await trainer();
    await workQueue(dir, { ...program, log: quiet });
    await vi.waitFor(async () => expect(await lines(journal)).toHaveLength(6), patience);
    expect(await lines(journal)).toEqual(runs.flatMap((run) => [`start ${run} `, `end ${run}`]));
    expect(await foldersOf(dir)).toEqual([]);
  });

  it('resumes a run that has begun before', async () => {
    const { dir, runs } = await queueOf(1);
    await appendFile(runPaths.events(runs[0] ?? ''), '');
    const { journal, ...program } = await trainer();
    await workQueue(dir, { ...program, log: quiet });
    expect((await lines(journal))[0]).toBe(`start ${runs[0]} --resume`);
  });

  it('waits while another run trains on this machine, and starts nothing that was taken out meanwhile', async () => {
    const { dir, runs } = await queueOf(2);
    const [a = '', b = ''] = runs;
    const other = await createRunFolder(dir, runConfig({ name: 'other' }));
    const lock = await RunLock.acquire(other, 'training');
    expect(await isBusy(dir)).toBe(true);
    const { journal, ...program } = await trainer();
    const working = workQueue(dir, { ...program, log: quiet });
    await takeOutOfQueue(a);
    await expect(readFile(journal)).rejects.toThrow();
    lock.release();
    await working;
    expect(await lines(journal)).toEqual([`start ${b} `, `end ${b}`]);
  });

  it('lets only one process work on a queue', async () => {
    const { dir, runs } = await queueOf(2);
    const { journal, ...program } = await trainer();
    const options = { ...program, log: quiet };
    await Promise.all([workQueue(dir, options), workQueue(dir, options), workQueue(dir, options)]);
    expect((await lines(journal)).filter((line) => line.startsWith('start'))).toHaveLength(runs.length);
  });

  it('goes on after a run that fails, with the reason in its state', async () => {
    const { dir, runs } = await queueOf(2);
    const [a = '', b = ''] = runs;
    await rm(runPaths.config(a));
    const { journal, ...program } = await trainer();
    await workQueue(dir, { ...program, log: quiet });
    expect(await readState(a)).toMatchObject({ status: 'failed', error: { code: 'not-a-run' } });
    expect((await lines(journal))[0]).toBe(`start ${b} `);
  });

  it('goes on after a crash: the lock of the dead process does not stop another one', async () => {
    const { dir, runs } = await queueOf(1);
    const { journal, ...program } = await trainer();
    await makeFolder(queueFolder(dir));
    const dead = { purpose: 'queueing', pid: 999_999_999, birth: '1', machine: thisMachine(), since: 0 };
    await writeFile(join(queueFolder(dir), `lock-${randomUUID()}.json`), JSON.stringify(dead));
    await workQueue(dir, { ...program, log: quiet });
    expect((await lines(journal))[0]).toBe(`start ${runs[0]} `);
  });
});
