import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readAllEvents } from '../../../../src/run/events';
import { findRuns, readRun } from '../../../../src/run/find';
import { createRunFolder, readState, runPaths, writeControl } from '../../../../src/run/folder';
import { submitArray } from '../../../../src/trl/targets/array';
import { findTarget } from '../../../../src/trl/targets/findTargets';
import { followJob } from '../../../../src/trl/targets/follow';
import { readHandle } from '../../../../src/trl/targets/handle';
import { cancelJob } from '../../../../src/trl/targets/job';
import { submitRun } from '../../../../src/trl/targets/submit';
import type { Target, TargetJob } from '../../../../src/trl/targets/types';
import { runConfig } from '../../run/samples';
import { temporaryFolder } from '../../run/temporaryFolder';
import { SlurmCluster, whyNoSlurm } from './cluster';

const reason = whyNoSlurm();
const patience = { timeout: 60_000, interval: 100 };
const quiet = (): void => undefined;
const runner = join(import.meta.dirname, 'standInRunner.cjs');

const job = (steps: number, ms: number): TargetJob => ({
  command: [process.execPath, runner, String(steps), String(ms)],
  environment: { MARGIN_NOTE: `it's "here"` },
  nodes: 1,
});

const newRun = async (): Promise<string> => createRunFolder(join(await temporaryFolder(), 'my runs'), runConfig());
const slurm = async (): Promise<Target> => findTarget(await temporaryFolder(), 'slurm');
const trainEvents = async (folder: string): Promise<unknown[]> =>
  (await readAllEvents(folder)).flatMap((event) => (event.kind === 'train' ? [{ ...event, t: 0 }] : []));
const stepOf = async (folder: string): Promise<number> => (await readState(folder))?.step ?? -1;

describe.skipIf(reason !== null)(`a run on a Slurm cluster of one node${reason === null ? '' : ` (${reason})`}`, () => {
  let cluster: SlurmCluster;
  beforeAll(async () => {
    cluster = await SlurmCluster.start();
    for (const [name, value] of Object.entries(cluster.environment)) vi.stubEnv(name, value);
  }, 120_000);
  beforeEach(async () => void vi.stubEnv('XDG_CACHE_HOME', await temporaryFolder()));
  afterAll(async () => {
    await cluster.end();
    vi.unstubAllEnvs();
  }, 60_000);

  /** Sends the signal of `--signal=B:USR1@120`, and starts the requeued job, which Slurm lets wait for two minutes. */
  async function timeIsUp(id: string): Promise<void> {
    await cluster.call('scancel', '--signal=USR1', '--batch', id);
    const stateOf = (): Promise<string> => cluster.call('squeue', '--noheader', `--jobs=${id}`, '--format=%T');
    await vi.waitFor(async () => expect(await stateOf()).toBe('PENDING'), patience);
    // slurmd refuses a job that begins in the second in which it was ended: "Job credential revoked".
    await vi.waitFor(() => cluster.call('scontrol', 'update', `JobId=${id}`, 'StartTime=now+3'), patience);
  }

  it('is submitted, followed to its end, and has its events and log in the run folder', async () => {
    const folder = await newRun();
    const handle = await submitRun({ folder, job: job(4, 50) }, await slurm());
    expect(handle).toMatchObject({ phase: 'waiting', job: expect.stringMatching(/^\d+$/) as string });
    const log: string[] = [];
    expect(await followJob(folder, (line) => log.push(line))).toMatchObject({ phase: 'done', word: 'COMPLETED' });
    expect(log.at(-1)).toBe(`job ${handle.job}: COMPLETED`);
    expect(await readRun(folder)).toMatchObject({ status: 'done', state: { step: 4, steps: 4 } });
    expect((await readFile(runPaths.events(folder), 'utf8')).trim().split('\n')).toHaveLength(5);
    expect(await readFile(runPaths.log(folder), 'utf8')).toContain('the stand-in begins at step 0');
  }, 90_000);

  it('is canceled: the trainer saves and stops first', async () => {
    const folder = await newRun();
    await submitRun({ folder, job: job(1000, 100) }, await slurm());
    const followed = followJob(folder, quiet);
    await vi.waitFor(async () => expect(await stepOf(folder)).toBeGreaterThan(1), patience);
    expect(await cancelJob(folder)).toBe(true);
    expect(await followed).toMatchObject({ phase: 'cancelled', cancelled: true });
    expect(await readRun(folder)).toMatchObject({ status: 'stopped' });
    expect(await readFile(runPaths.events(folder), 'utf8')).toContain('"kind":"checkpoint"');
  }, 90_000);

  it('goes on from its newest checkpoint after it was requeued, and its follower stays with it', async () => {
    const folder = await newRun();
    const { job: id } = await submitRun({ folder, job: job(40, 100) }, await slurm());
    const followed = followJob(folder, quiet);
    await vi.waitFor(async () => expect(await stepOf(folder)).toBeGreaterThan(1), patience);
    await cluster.call('scontrol', 'requeue', String(id));
    await vi.waitFor(
      async () => expect(await cluster.call('squeue', '--noheader', `--jobs=${id}`, '--format=%T')).toBe('PENDING'),
      patience,
    );
    await vi.waitFor(async () => expect((await readState(folder))?.status).toBe('starting'), patience);
    // Slurm lets it wait for two minutes.
    await cluster.call('scontrol', 'update', `JobId=${id}`, 'StartTime=now');
    expect(await followed).toMatchObject({ phase: 'done' });
    expect(await readRun(folder)).toMatchObject({ status: 'done', state: { step: 40 } });
    expect(await readFile(runPaths.log(folder), 'utf8')).toMatch(/begins at step 0[^]*begins at step [1-9]/);
  }, 240_000);

  it('saves when its time is nearly up, is requeued, and ends as a run without a break', async () => {
    const whole = await newRun();
    await submitRun({ folder: whole, job: job(30, 20) }, await slurm());
    await followJob(whole, quiet);
    const folder = await newRun();
    const { job: id } = await submitRun({ folder, job: job(30, 100) }, await slurm());
    const followed = followJob(folder, quiet);
    await vi.waitFor(async () => expect(await stepOf(folder)).toBeGreaterThan(1), patience);
    await timeIsUp(String(id));
    expect(await followed).toMatchObject({ phase: 'done' });
    expect(await readFile(runPaths.log(folder), 'utf8')).toMatch(/begins at step 0[^]*begins at step [1-9]/);
    expect(await trainEvents(folder)).toEqual(await trainEvents(whole));
  }, 240_000);

  it('is found again by a new follower when the first one is gone', async () => {
    const folder = await newRun();
    await submitRun({ folder, job: job(2, 50) }, await slurm());
    await vi.waitFor(async () => expect(await stepOf(folder)).toBe(2), patience);
    expect(await followJob(folder, quiet)).toMatchObject({ phase: 'done' });
    expect(await readHandle(folder)).toMatchObject({ phase: 'done', word: 'COMPLETED' });
  }, 90_000);

  it('is failed when the job dies without a word', async () => {
    const folder = await newRun();
    await submitRun({ folder, job: { command: ['false'], environment: {}, nodes: 1 } }, await slurm());
    expect(await followJob(folder, quiet)).toMatchObject({ phase: 'failed', word: 'FAILED' });
    const { state } = await readRun(folder);
    expect(state).toMatchObject({ status: 'failed', error: { code: 'target-ended' } });
  }, 90_000);

  it('is stopped while it waits, by the request that stops any run', async () => {
    const folder = await newRun();
    await cluster.call('scontrol', 'update', 'PartitionName=main', 'State=DOWN');
    await submitRun({ folder, job: job(2, 50) }, await slurm());
    const followed = followJob(folder, quiet);
    await vi.waitFor(async () => expect((await readState(folder))?.status).toBe('starting'), patience);
    await vi.waitFor(async () => expect((await readState(folder))?.pid).toBe(process.pid), patience);
    await writeControl(folder, { want: 'stop' });
    expect(await followed).toMatchObject({ phase: 'cancelled' });
    expect(await readRun(folder)).toMatchObject({ status: 'stopped' });
    await cluster.call('scontrol', 'update', 'PartitionName=main', 'State=UP');
  }, 90_000);

  it('is one of an array, which is one job with a task for each run', async () => {
    const folders = [await newRun(), await newRun(), await newRun()];
    const runs = folders.map((folder) => ({ folder, job: job(3, 50) }));
    const handles = await submitArray(runs, await slurm());
    expect(handles.map((handle) => handle.job?.split('_')[1])).toEqual(['0', '1', '2']);
    await Promise.all(folders.map((folder) => followJob(folder, quiet)));
    const found = await findRuns(folders.map((folder) => join(folder, '..')));
    expect(found.runs.map(({ status }) => status)).toEqual(['done', 'done', 'done']);
  }, 90_000);

  it('of an array is requeued alone, also the last one, whose job has the id of the array', async () => {
    const folders = [await newRun(), await newRun()];
    const runs = folders.map((folder) => ({ folder, job: job(30, 100) }));
    await submitArray(runs, await slurm());
    const [first = '', last = ''] = folders;
    const followed = Promise.all(folders.map((folder) => followJob(folder, quiet)));
    await vi.waitFor(async () => expect(await stepOf(last)).toBeGreaterThan(1), patience);
    await timeIsUp(String((await readHandle(last)).job));
    await followed;
    expect(await readFile(runPaths.log(last), 'utf8')).toMatch(/begins at step 0[^]*begins at step [1-9]/);
    expect((await readFile(runPaths.log(first), 'utf8')).match(/begins at step/g)).toHaveLength(1);
  }, 240_000);
});
