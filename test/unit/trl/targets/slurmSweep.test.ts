import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { must } from '../../../../src/base/pure/must';
import { readRun } from '../../../../src/run/find';
import { readState, runPaths } from '../../../../src/run/folder';
import { readSweep } from '../../../../src/run/sweep/files';
import { readHandle } from '../../../../src/trl/targets/handle';
import type { TargetHandle } from '../../../../src/trl/targets/types';
import { Program } from '../../cli/program';
import { temporaryFolder } from '../../run/temporaryFolder';
import { SlurmCluster, whyNoSlurm } from './cluster';

const reason = whyNoSlurm();
const patience = { timeout: 60_000, interval: 100 };
const runner = join(import.meta.dirname, 'standInRunner.cjs');
const program = new Program();

/**
 * A workspace with a config and a target, whose `python` stands in for TRL. Each trial takes the whole node.
 *
 * @param ms the time of a step
 */
async function workspace(steps: number, ms: number): Promise<string> {
  const folder = await temporaryFolder();
  const bin = await temporaryFolder();
  const python = `#!/bin/bash\nexec '${process.execPath}' '${runner}' ${steps} ${ms}\n`;
  await writeFile(join(bin, 'python'), python, { mode: 0o755 });
  const keys = {
    model_name_or_path: resolve('media/sample/model'),
    train_file: resolve('media/sample/heldout.jsonl'),
    test_split_size: 0.3,
    use_peft: true,
    lora_r: 4,
    backend: 'trl',
    target: 'cluster',
  };
  await writeFile(join(folder, 'a.train.json'), JSON.stringify(keys));
  await mkdir(join(folder, '.margin'));
  const settings = { cpus: cpus().length, setup: `PATH='${bin}':$PATH` };
  await writeFile(
    join(folder, '.margin', 'targets.json'),
    JSON.stringify({ cluster: { template: 'slurm', settings } }),
  );
  expect((await program.run(['targets', 'trust', 'cluster'], folder)).code).toBe(0);
  return folder;
}

const sweepOf = (folder: string): string => join(folder, '.margin', 'sweeps', 's');
const sweepArgs = ['sweep', 'a.train.json', '--grid', 'beta=0.25,0.5,0.75', '--name', 's'];
const resumeArgs = (folder: string): string[] => ['sweep', '--resume', sweepOf(folder)];

const runsOf = async (folder: string): Promise<string[]> =>
  (await readSweep(sweepOf(folder))).trials.map(({ run }) => must(run, 'the run of a trial'));
const handlesOf = async (folder: string): Promise<TargetHandle[]> =>
  Promise.all((await runsOf(folder)).map((run) => readHandle(run)));

/** Waits until the first trial trains. @returns its run folder */
async function firstRunning(folder: string): Promise<string> {
  return vi.waitFor(async () => {
    const run = must((await runsOf(folder))[0], 'the first run');
    expect((await readState(run))?.step).toBeGreaterThan(1);
    return run;
  }, patience);
}

describe.skipIf(reason !== null)(`a sweep on Slurm${reason === null ? '' : ` (${reason})`}`, () => {
  let cluster: SlurmCluster;
  beforeAll(async () => {
    cluster = await SlurmCluster.start();
    for (const [name, value] of Object.entries(cluster.environment)) vi.stubEnv(name, value);
  }, 120_000);
  afterAll(async () => {
    await cluster.end();
    vi.unstubAllEnvs();
  }, 60_000);

  it('is one job of the cluster, and its results are in the table of any sweep', async () => {
    const folder = await workspace(4, 50);
    const { code, out, err } = await program.run(sweepArgs, folder);
    expect([code, err]).toEqual([0, expect.stringMatching(/Submitted 3 trials to cluster as job \d+\./)]);
    expect(out).toContain('Best: trial 3, beta 0.75: eval_rewards/accuracies');
    expect(out).toContain('95 % interval');
    const { trials } = await readSweep(sweepOf(folder));
    expect(trials.map(({ state, result }) => [state, result])).toEqual(
      [0.25, 0.5, 0.75].map((value) => ['done', { step: 4, value }]),
    );
    const [first, ...others] = await handlesOf(folder);
    expect([first?.job, first?.word]).toEqual([`${first?.array}_0`, 'COMPLETED']);
    expect(others.map(({ job }) => job)).toEqual([`${first?.array}_1`, `${first?.array}_2`]);
  }, 120_000);

  it('is canceled as one: the trial that trains saves, those that wait never begin; a resume trains them', async () => {
    const folder = await workspace(30, 100);
    const { child, ended } = program.start(sweepArgs, folder);
    const first = await firstRunning(folder);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 1, err: expect.stringContaining('Stopped. Go on with') as string });
    expect(await cluster.call('squeue', '--noheader', '--states=PENDING,RUNNING')).toBe('');
    const runs = await Promise.all((await runsOf(folder)).map(readRun));
    expect(runs.map(({ status }) => status)).toEqual(['stopped', 'stopped', 'stopped']);
    expect((await handlesOf(folder)).slice(1).map(({ cancelled }) => cancelled)).toEqual([true, true]);
    const again = await program.run(resumeArgs(folder), folder);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('Best: trial 3') as string });
    expect(await readFile(runPaths.log(first), 'utf8')).toMatch(/begins at step 0[^]*begins at step [1-9]/);
  }, 240_000);

  it('goes on without a trial whose task somebody cancels before it begins', async () => {
    const folder = await workspace(10, 100);
    const { ended } = program.start(sweepArgs, folder);
    await firstRunning(folder);
    const waiting = must((await handlesOf(folder)).at(-1)?.job, 'the job of the last trial');
    await cluster.call('scancel', waiting);
    const { out } = await ended;
    expect(out).toContain('Best so far: trial 2');
    const runs = await Promise.all((await runsOf(folder)).map(readRun));
    expect(runs.map(({ status }) => status)).toEqual(['done', 'done', 'stopped']);
    expect((await handlesOf(folder)).map(({ phase }) => phase)).toEqual(['done', 'done', 'cancelled']);
  }, 240_000);

  it('goes on when its process is killed; a resume finds the same job', async () => {
    const folder = await workspace(10, 100);
    const { child, ended } = program.start(sweepArgs, folder);
    await firstRunning(folder);
    child.kill('SIGKILL');
    await ended;
    const before = await handlesOf(folder);
    const again = await program.run(resumeArgs(folder), folder);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('Best: trial 3') as string });
    expect((await handlesOf(folder)).map(({ job }) => job)).toEqual(before.map(({ job }) => job));
  }, 240_000);

  it('is refused where the target cannot do it, before a run is made', async () => {
    const folder = await workspace(4, 50);
    const plan = await program.run([...sweepArgs, '--dry_run', '--json'], folder);
    expect(plan.json().at(-1)).toEqual({ array: 'cluster' });
    const halving = await program.run([...sweepArgs, '--halving', '--max_steps', '4'], folder);
    expect([halving.code, halving.err]).toEqual([1, expect.stringContaining('Successive halving stops each trial')]);
    const mixed = await program.run([...sweepArgs, '--grid', 'target=cluster,local'], folder);
    expect([mixed.code, mixed.err]).toEqual([1, expect.stringContaining('need the same target')]);
  }, 120_000);
});
