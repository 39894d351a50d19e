import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { birthOf, thisMachine } from '../../../src/base/node/thisMachine';
import { errorCode } from '../../../src/base/pure/marginError';
import { derivedStatus } from '../../../src/run/alive';
import { readRun } from '../../../src/run/find';
import { createRunFolder, readState, writeState } from '../../../src/run/folder';
import { holderOf, type LockHolder, RunLock } from '../../../src/run/lock';
import { startRun } from '../../../src/run/start';
import { runConfig, runState } from '../run/samples';
import { temporaryFolder } from '../run/temporaryFolder';

const newRun = async (): Promise<string> => createRunFolder(await temporaryFolder(), runConfig());
const locks = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.startsWith('lock-'));
const codeOf = (error: unknown): unknown => errorCode(error) ?? error;

/** A lock file as another process would have made it, last touched some milliseconds ago. */
async function foreignLock(folder: string, holder: Partial<LockHolder>, age = 0): Promise<string> {
  const whole = { purpose: 'training', pid: 1, birth: null, machine: thisMachine(), since: Date.now(), ...holder };
  const path = join(folder, `lock-${crypto.randomUUID()}.json`);
  await writeFile(path, JSON.stringify(whole));
  const touched = new Date(Date.now() - age);
  await utimes(path, touched, touched);
  return path;
}

async function idle(): Promise<{ pid: number; kill(): Promise<void> }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const gone = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  return { pid: child.pid ?? 0, kill };
}

describe('the lock of a run folder', () => {
  it('goes to at most one of many processes that request it at once, and to one that requests it later', async () => {
    const folder = await newRun();
    for (let round = 0; round < 10; round++) {
      const asked = await Promise.allSettled(Array.from({ length: 6 }, () => RunLock.acquire(folder, 'starting')));
      const held = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(held.length).toBeLessThanOrEqual(1);
      for (const one of asked) if (one.status === 'rejected') expect(codeOf(one.reason)).toBe('run-locked');
      for (const lock of held) lock.release();
      const later = await RunLock.acquire(folder, 'training');
      expect(await locks(folder)).toHaveLength(1);
      later.release();
      expect(await locks(folder)).toEqual([]);
    }
  });

  it('names its holder', async () => {
    const folder = await newRun();
    const lock = await RunLock.acquire(folder, 'scoring');
    await expect(RunLock.acquire(folder, 'deleting')).rejects.toMatchObject({
      code: 'run-locked',
      message: expect.stringMatching(new RegExp(`in use: process ${process.pid} is scoring this run`)),
    });
    expect(await holderOf(folder)).toMatchObject({ pid: process.pid, purpose: 'scoring' });
    lock.release();
    expect(await holderOf(folder)).toBeNull();
  });

  it('is taken over from a process that has ended, or whose id now belongs to another process', async () => {
    const folder = await newRun();
    const { pid, kill } = await idle();
    await foreignLock(folder, { pid, birth: birthOf(pid) });
    await expect(RunLock.acquire(folder, 'training')).rejects.toMatchObject({ code: 'run-locked' });
    await kill();
    (await RunLock.acquire(folder, 'training')).release();
    if (birthOf(process.pid) !== null) await foreignLock(folder, { pid: process.pid, birth: '1' });
    (await RunLock.acquire(folder, 'training')).release();
    expect(await locks(folder)).toEqual([]);
  });

  it('of another machine is respected while its heartbeat is recent', async () => {
    const machine = { host: 'elsewhere', boot: null, namespace: null };
    const folder = await newRun();
    await foreignLock(folder, { machine, pid: 999_999_999 }, 60_000);
    await expect(RunLock.acquire(folder, 'training')).rejects.toMatchObject({
      message: expect.stringContaining('on elsewhere'),
    });
    const silent = await newRun();
    await foreignLock(silent, { machine, pid: process.pid }, 600_000);
    (await RunLock.acquire(silent, 'training')).release();
  });

  it('that is damaged is respected as long as a process may need to write it', async () => {
    for (const text of ['', '{"pid": "x"}', 'null', '[[[[']) {
      const folder = await newRun();
      const path = await foreignLock(folder, {});
      await writeFile(path, text);
      await expect(RunLock.acquire(folder, 'training')).rejects.toMatchObject({ code: 'run-locked' });
      await utimes(path, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
      (await RunLock.acquire(folder, 'training')).release();
    }
  });

  it('is handed over by its token', async () => {
    const folder = await newRun();
    const lock = await RunLock.acquire(folder, 'starting');
    const same = await RunLock.acquire(folder, 'training', lock.token);
    expect(await holderOf(folder)).toMatchObject({ purpose: 'training' });
    same.release();
    expect(await locks(folder)).toEqual([]);
  });
});

describe('a lock that is handed over', () => {
  it('is never lost to other processes that request it at the same time', async () => {
    const folder = await newRun();
    for (let round = 0; round < 5; round++) {
      const starter = await RunLock.acquire(folder, 'starting');
      const others = Array.from({ length: 4 }, () => RunLock.acquire(folder, 'deleting'));
      const heir = RunLock.acquire(folder, 'training', starter.token);
      for (const one of await Promise.allSettled(others)) expect(one.status).toBe('rejected');
      (await heir).release();
    }
  });
});

describe('two resumes of a run at once', () => {
  it('start one trainer, and the other says why not; no lock remains after the run', async () => {
    const trainer = join(await temporaryFolder(), 'trainer.cjs');
    await writeFile(trainer, 'setTimeout(() => {}, 1500)');
    for (let round = 0; round < 3; round++) {
      const folder = await newRun();
      writeState(folder, runState({ status: 'stopped' }));
      const options = { trainer, node: process.execPath, resume: true };
      const both = await Promise.allSettled([startRun(folder, options), startRun(folder, options)]);
      const started = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      const refused = both.flatMap((one) => (one.status === 'rejected' ? [codeOf(one.reason)] : []));
      expect(started).toHaveLength(1);
      for (const code of refused) expect(['run-locked', 'run-alive']).toContain(code);
      await expect(startRun(folder, options)).rejects.toThrow(/in use|running already/);
      for (const { pid, exited } of started) {
        process.kill(pid, 'SIGKILL');
        await exited;
      }
      await sleep(10);
      expect(await locks(folder)).toEqual([]);
    }
  });
});

describe('a run of another machine', () => {
  const machine = { host: 'elsewhere', boot: 'b', namespace: 'pid:[1]' };
  const at = (age: number) => runState({ machine, pid: 999_999_999, heartbeat: Date.now() - age });

  it('is alive while its heartbeat is recent, even if another process on this machine has its id', async () => {
    expect(await derivedStatus('/nowhere', at(30_000), Date.now())).toBe('running');
    expect(await derivedStatus('/nowhere', at(600_000), Date.now())).toBe('lost');
    expect(await derivedStatus('/nowhere', { ...at(600_000), pid: process.pid }, Date.now())).toBe('lost');
    expect(await derivedStatus('/nowhere', at(-3_600_000), Date.now()), 'a clock that goes wrong').toBe('lost');
  });

  it('is not resumed, and the message names the machine', async () => {
    const folder = await newRun();
    writeState(folder, at(5000));
    expect(await readRun(folder)).toMatchObject({ status: 'running' });
    const starting = startRun(folder, { trainer: '/nowhere.js', node: process.execPath, resume: true });
    await expect(starting).rejects.toMatchObject({
      code: 'run-alive',
      message: expect.stringContaining('on elsewhere'),
    });
    expect(await readState(folder)).toMatchObject({ machine });
  });
});
