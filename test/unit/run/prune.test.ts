import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { must } from '../../../src/base/pure/must';
import { RunLock } from '../../../src/run/lock';
import { runPaths } from '../../../src/run/folder';
import { planPrune, stepsBeyond } from '../../../src/run/prune';
import type { RunState } from '../../../src/run/types';
import { CommandLine } from '../cli/commandLine';
import { madeRun } from './compared/madeRun';
import { temporaryFolder } from './temporaryFolder';

const program = new CommandLine();

/** A run with checkpoints of 1000 bytes at the steps 2, 4, 6, 8 and 10; the best is 4. */
async function prunable(state: Partial<RunState> = {}): Promise<string> {
  const runs = join(await temporaryFolder(), '.margin', 'runs');
  const best = { step: 4, metric: 'eval_loss', value: 0.5 };
  const run = await madeRun(runs, { name: 'long', state: { best, ...state } });
  for (const step of [2, 4, 6, 8, 10]) {
    await mkdir(runPaths.checkpoint(run, step), { recursive: true });
    await writeFile(join(runPaths.checkpoint(run, step), 'weights'), 'x'.repeat(1000));
  }
  return run;
}

const left = async (run: string): Promise<string[]> => (await readdir(join(run, 'checkpoints'))).sort();
const steps = (found: readonly { readonly step: number }[]): number[] => found.map(({ step }) => step);

describe('checkpoints beyond a limit', () => {
  it('are the oldest, and neither the newest nor the best', () => {
    expect(stepsBeyond([2, 4, 6, 8, 10], 4, 0)).toEqual([2, 6, 8]);
    expect(stepsBeyond([2, 4, 6, 8, 10], 4, 3)).toEqual([2, 6]);
    expect(stepsBeyond([2, 4, 6, 8, 10], null, 2)).toEqual([2, 4, 6]);
    expect(stepsBeyond([2, 4], 2, 9)).toEqual([]);
    expect(stepsBeyond([], null, 1)).toEqual([]);
  });
});

describe('the plan', () => {
  it('keeps a checkpoint from which another run starts, and says so', async () => {
    const run = await prunable();
    await madeRun(join(run, '..'), {
      name: 'next',
      config: { adapter_name_or_path: runPaths.checkpoint(run, 6) },
    });
    const plan = await planPrune(run, 0);
    expect(steps(plan.removed)).toEqual([2, 8]);
    expect(plan.removed[0]).toEqual({ step: 2, path: runPaths.checkpoint(run, 2), bytes: 1000 });
    expect(plan.kept).toEqual([
      { step: 4, why: 'the best' },
      { step: 6, why: 'next starts from it' },
      { step: 10, why: 'the newest' },
    ]);
  });

  it('is refused if it is not known which checkpoint is the best, or in use', async () => {
    const run = await prunable();
    await writeFile(runPaths.state(run), '{');
    await expect(planPrune(run, 0)).rejects.toMatchObject({ code: 'corrupt' });
    const other = await prunable();
    await mkdir(join(other, '..', 'damaged'));
    await writeFile(join(other, '..', 'damaged', 'config.json'), '{');
    await expect(planPrune(other, 0)).rejects.toMatchObject({ code: 'corrupt' });
  });
});

describe('margin runs prune', () => {
  it('says what it removes, and removes checkpoints only', async () => {
    const run = await prunable();
    const before = await readdir(run);
    const dry = await program.runHere(['runs', 'prune', run, '--dry_run']);
    expect([dry.code, await left(run)]).toEqual([0, expect.objectContaining({ length: 5 })]);
    expect(dry.out).toContain('would remove 3 of 5 checkpoints, 0.0 MB\n  remove  step-000002');
    const { code, out } = await program.runHere(['runs', 'prune', run, '--keep', '3']);
    expect([code, await left(run)]).toEqual([0, ['step-000004', 'step-000008', 'step-000010']]);
    expect(out).toMatch(
      /removes 2 of 5 checkpoints[^]*keep +step-000004 +the best\n +keep +step-000008 +within --keep/,
    );
    const { json } = await program.runHere(['runs', 'prune', run, '--json']);
    expect(json()).toMatchObject([{ run, bytes: 1000, removed: [{ step: 8 }], kept: [{ step: 4 }, { step: 10 }] }]);
    expect(await left(run)).toEqual(['step-000004', 'step-000010']);
    expect((await readdir(run)).sort()).toEqual(before.sort());
  });

  it('refuses a run that trains, a folder that is no run, and wrong usage', async () => {
    const run = await prunable();
    const lock = await RunLock.acquire(run, 'training');
    expect(await program.runHere(['runs', 'prune', run])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/train/),
    });
    lock.release();
    expect(await left(run)).toHaveLength(5);
    const none = await temporaryFolder();
    expect((await program.runHere(['runs', 'prune', none])).code).toBe(1);
    expect(await readdir(none)).toEqual([]);
    expect((await program.runHere(['runs', 'prune'])).code).toBe(2);
    expect((await program.runHere(['runs', 'prune', run, '--keep', '0'])).code).toBe(2);
    expect(existsSync(runPaths.checkpoint(run, 2))).toBe(true);
  });
});

describe('margin runs --columns disk', () => {
  it('shows what each run takes, as text and in bytes', async () => {
    const run = await prunable();
    const folder = join(run, '..');
    const { out } = await program.runHere(['runs', folder, '--columns', 'disk']);
    expect(out).toMatch(/^status +step +disk .*\ndone +10\/10 +0\.0 MB /);
    const [row] = (await program.runHere(['runs', folder, '--sort', 'disk', '--json'])).json();
    const { disk } = must(row, 'the run')['columns'] as { disk: unknown };
    expect(disk).toBeGreaterThan(5000);
  });
});
