import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { derivedStatus } from '../../../src/run/alive';
import { askRun, askRunAndWait } from '../../../src/run/control';
import { CurveStore } from '../../../src/run/curves';
import { EventWriter } from '../../../src/run/events';
import { readRun } from '../../../src/run/find';
import { createRunFolder, readControl, readState, runPaths, writeState } from '../../../src/run/folder';
import { lostText } from '../../../src/run/lostRun';
import { startRun } from '../../../src/run/start';
import type { RunEvent } from '../../../src/run/types';
import { RunWatch } from '../../../src/run/watch';
import { runConfig, runState, trainEvent } from './samples';
import { temporaryFolder } from './temporaryFolder';

/** A busy machine may be slow. Another test measures the lag in the workbench. */
const patience = { timeout: 10_000, interval: 50 };

const newRun = async (): Promise<string> => createRunFolder(await temporaryFolder(), runConfig());

/** A process that does nothing and ends with the test. */
async function idleProcess(...args: readonly string[]): Promise<{ pid: number; kill(): Promise<void> }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '--', ...args], { stdio: 'ignore' });
  await once(child, 'spawn');
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  return { pid: child.pid ?? 0, kill };
}

/** A program instead of the trainer. These tests only need a process that starts and ends. */
async function program(source: string): Promise<{ trainer: string; node: string }> {
  const trainer = join(await temporaryFolder(), 'program.cjs');
  await writeFile(trainer, source);
  return { trainer, node: process.execPath };
}

describe('the derived status', () => {
  const old = (): number => Date.now() - 60_000;

  it('is lost if the state says that the run is alive and its process is gone', async () => {
    const folder = await newRun();
    const trainer = await idleProcess(folder);
    const state = runState({ pid: trainer.pid });
    expect(await derivedStatus(folder, state, Date.now())).toBe('running');
    await trainer.kill();
    expect(await derivedStatus(folder, state, Date.now())).toBe('lost');
  });

  it('of a killed run says when it was last alive, and what a resume repeats', async () => {
    const folder = await newRun();
    const trainer = await idleProcess(folder);
    writeState(folder, runState({ pid: trainer.pid, step: 7, steps: 20, heartbeat: Date.now() }));
    await mkdir(runPaths.checkpoint(folder, 4), { recursive: true });
    expect(await readRun(folder)).not.toHaveProperty('lost');
    await trainer.kill();
    expect((await readRun(folder)).lost).toMatch(
      /^The process of this run is gone.* last alive at \d{4}-\d\d-\d\d \d\d:\d\d, at step 7 of 20\. Resume continues from its last checkpoint, step 4: the 3 steps after it are trained again\.$/,
    );
  });

  it.each([
    [7, 7, /step 7: nothing is lost\.$/],
    [8, 7, /the step after it is trained again\.$/],
    [5, null, /no checkpoint, so Resume starts from the first step: all 5 steps are trained again\.$/],
    [0, null, /finished no step, so Resume starts it again\.$/],
  ])('of a run that died at step %d with its checkpoint at %j says so', (step, checkpoint, text) => {
    expect(lostText({ heartbeat: 0, step, steps: 20 }, checkpoint)).toMatch(text);
  });

  it('accepts a process with the folder in its arguments, under any path, and no other process with the pid', async () => {
    const folder = await newRun();
    const [own, foreign] = [await idleProcess(folder), await idleProcess('/another/run')];
    expect(await derivedStatus(folder, runState({ pid: own.pid, heartbeat: old() }), Date.now())).toBe('running');
    expect(await derivedStatus(join('/a/link', basename(folder)), runState({ pid: own.pid }), Date.now())).toBe(
      'running',
    );
    expect(await derivedStatus(folder, runState({ pid: foreign.pid, heartbeat: old() }), Date.now())).toBe('lost');
  });

  it('is the status in the state if the run has ended', async () => {
    for (const status of ['done', 'stopped', 'failed'] as const) {
      expect(await derivedStatus('/nowhere', runState({ status, pid: 999_999_999, heartbeat: 0 }), Date.now())).toBe(
        status,
      );
    }
  });

  it('gives a trainer half a minute to write its pid', async () => {
    expect(await derivedStatus('/nowhere', runState({ status: 'starting', pid: 0 }), Date.now())).toBe('starting');
    expect(
      await derivedStatus('/nowhere', runState({ status: 'starting', pid: 0, heartbeat: old() }), Date.now()),
    ).toBe('lost');
  });
});

describe('startRun', () => {
  it('starts a separate process with the folder, which prints to log.txt', async () => {
    const folder = await newRun();
    const { pid, exited } = await startRun(
      folder,
      await program('console.log(process.argv.slice(2).join(" "), process.env.ELECTRON_RUN_AS_NODE, process.pid)'),
    );
    expect(await exited).toBe(0);
    expect(await readFile(runPaths.log(folder), 'utf8')).toBe(`${folder} 1 ${pid}\n`);
  });

  it('clears an old request, and passes --resume if it resumes', async () => {
    const folder = await newRun();
    writeState(folder, runState({ status: 'stopped', step: 7 }));
    await writeFile(runPaths.control(folder), '{"want": "stop"}');
    const { exited } = await startRun(folder, { ...(await program('console.log(process.argv[3])')), resume: true });
    await exited;
    expect(await readControl(folder)).toEqual({ want: 'run' });
    expect(await readState(folder)).toMatchObject({ step: 7, error: { message: expect.stringContaining('--resume') } });
  });

  it('records the death of a trainer that never wrote a state', async () => {
    const folder = await newRun();
    const { exited } = await startRun(folder, await program('throw new Error("no such module")'));
    expect(await exited).toBe(1);
    expect(await readRun(folder)).toMatchObject({
      status: 'failed',
      state: { error: { code: 'trainer-died', message: expect.stringContaining('no such module') } },
    });
  });

  it('refuses a run that is alive', async () => {
    const folder = await newRun();
    writeState(folder, runState({ pid: (await idleProcess(folder)).pid }));
    await expect(startRun(folder, await program(''))).rejects.toMatchObject({ code: 'run-alive' });
  });

  it('names a missing program', async () => {
    const folder = await newRun();
    await expect(
      startRun(folder, { trainer: '/nowhere/trainer.js', node: join(folder, 'no-node') }),
    ).rejects.toMatchObject({ code: 'trainer-missing' });
  });
});

describe('askRun', () => {
  it('refuses a run that is not running, and says how to continue it', async () => {
    const folder = await newRun();
    writeState(folder, runState({ status: 'stopped' }));
    await expect(askRun(folder, 'pause')).rejects.toMatchObject({
      code: 'run-not-alive',
      message: expect.stringContaining('margin runs resume'),
    });
  });

  it('waits until the run obeys', async () => {
    const folder = await newRun();
    const { pid } = await idleProcess(folder);
    writeState(folder, runState({ pid }));
    const answer = askRunAndWait(folder, 'pause', 5000);
    await sleep(300);
    expect(await readControl(folder)).toEqual({ want: 'pause' });
    writeState(folder, runState({ pid, status: 'paused' }));
    expect(await answer).toBe('paused');
  });

  it('gives up after the timeout', async () => {
    const folder = await newRun();
    writeState(folder, runState({ pid: (await idleProcess(folder)).pid }));
    await expect(askRunAndWait(folder, 'stop', 300)).rejects.toMatchObject({ code: 'no-answer' });
  });
});

describe('RunWatch', () => {
  it('brings the existing events, then new ones, each once and before the state that follows it', async () => {
    const folder = await newRun();
    const writer = new EventWriter(folder);
    writer.append(trainEvent(1, { loss: 1 }));
    const seen: RunEvent[] = [];
    const statuses: string[] = [];
    const watch = new RunWatch(folder, {
      events: (events) => seen.push(...events),
      run: ({ status }) => statuses.push(status),
      error: (error) => expect.unreachable(String(error)),
    });
    onTestFinished(() => watch.close());
    await watch.read();
    expect(seen).toHaveLength(1);
    for (let step = 2; step <= 6; step++) {
      writer.append(trainEvent(step, { loss: step }));
      writeState(folder, runState({ step }));
      await sleep(20);
    }
    writeState(folder, runState({ status: 'done' }));
    await vi.waitFor(() => expect(statuses.at(-1)).toBe('done'), patience);
    expect(seen.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(statuses[0]).toBe('stopped');
    watch.close();
    writer.append(trainEvent(7, { loss: 7 }));
    await sleep(600);
    expect(seen).toHaveLength(6);
    writer.close();
  });

  it('starts again if a resumed run removes events after its checkpoint, so curves have each point once', async () => {
    const folder = await newRun();
    const writer = new EventWriter(folder);
    for (const step of [1, 2, 3]) writer.append(trainEvent(step, { loss: 1 }));
    const curves = new CurveStore();
    const watch = new RunWatch(folder, {
      events: (events) => curves.add(events),
      run: () => undefined,
      error: () => undefined,
    });
    onTestFinished(() => watch.close());
    await vi.waitFor(() => expect(curves.length).toBe(3), patience);
    await writer.truncateAfter(1);
    for (const step of [2, 3, 4]) writer.append(trainEvent(step, { loss: 2 }));
    writer.close();
    await vi.waitFor(() => expect(curves.thin(100).series).toEqual({ loss: Float64Array.of(1, 2, 2, 2) }), patience);
    expect([...curves.thin(100).steps]).toEqual([1, 2, 3, 4]);
  });

  it('notices that the process has ended', async () => {
    const folder = await newRun();
    const trainer = await idleProcess(folder);
    writeState(folder, runState({ pid: trainer.pid }));
    const statuses: string[] = [];
    const watch = new RunWatch(folder, {
      events: () => undefined,
      run: ({ status }) => statuses.push(status),
      error: () => undefined,
    });
    onTestFinished(() => watch.close());
    await vi.waitFor(() => expect(statuses).toEqual(['running']), patience);
    await trainer.kill();
    await vi.waitFor(() => expect(statuses).toEqual(['running', 'lost']), patience);
  });

  it('reports an unreadable folder once and continues', async () => {
    const folder = await newRun();
    const config = await readFile(runPaths.config(folder));
    await writeFile(runPaths.config(folder), '{');
    const errors: string[] = [];
    const statuses: string[] = [];
    const watch = new RunWatch(folder, {
      events: () => undefined,
      run: ({ status }) => statuses.push(status),
      error: (error) => errors.push(String(error)),
    });
    onTestFinished(() => watch.close());
    await sleep(1000);
    expect(errors).toHaveLength(1);
    await writeFile(runPaths.config(folder), config);
    writeState(folder, runState({ status: 'done' }));
    await vi.waitFor(() => expect(statuses).toEqual(['done']), patience);
    expect(errors).toHaveLength(1);
  });
});
