import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runPaths } from '../../../src/run/folder';
import type { RunEvent } from '../../../src/run/types';
import { readTracked } from '../../../src/trackers/readTracked';
import { madeRun } from '../run/compared/madeRun';
import { temporaryFolder } from '../run/temporaryFolder';
import { CommandLine } from './commandLine';

const program = new CommandLine();

const events = (loss: number, accuracy: number): readonly RunEvent[] => [
  { t: 1000, step: 1, kind: 'train', metrics: { loss: 0.69 } },
  { t: 2000, step: 10, kind: 'train', metrics: { loss } },
  { t: 2000, step: 10, kind: 'eval', metrics: { eval_loss: loss, 'eval_rewards/accuracies': accuracy } },
];

/** A folder with three runs. */
async function threeRuns(): Promise<string> {
  const cwd = await temporaryFolder();
  const runs = join(cwd, '.margin', 'runs');
  const config = { test_split_size: 0.1 };
  await madeRun(runs, {
    name: 'plain',
    events: events(0.26, 0.899),
    config,
    notes: { baseline: true },
    scored: { 10: [1, 2, 3, 4].map((key) => [key, key - 2.5]) },
  });
  await madeRun(runs, {
    name: 'strong',
    events: events(0.12, 0.842),
    config: { ...config, beta: 0.01 },
    notes: { tags: ['sweep:beta'], note: 'forgets' },
    scored: { 10: [1, 20, 3, 4, 5].map((key) => [key, 1]) },
  });
  await madeRun(runs, { name: 'short' });
  return cwd;
}

describe('margin runs', () => {
  it('sorts by any metric or key, the best first, and runs without it last', async () => {
    const cwd = await threeRuns();
    const names = async (...args: readonly string[]): Promise<unknown[]> =>
      (await program.runHere(['runs', '--json', ...args], cwd)).json().map(({ name }) => name);
    expect(await names('--sort', 'eval_loss')).toEqual(['strong', 'plain', 'short']);
    expect(await names('--sort', 'accuracy')).toEqual(['plain', 'strong', 'short']);
    expect(await names('--sort', 'accuracy', '--reverse')).toEqual(['strong', 'plain', 'short']);
    expect((await names('--sort', 'beta'))[0]).toBe('strong');
    expect(await names('--tag', 'sweep:beta')).toEqual(['strong']);
  });

  it('prints a table with the asked columns, tags and the baseline', async () => {
    const cwd = await threeRuns();
    const { code, out } = await program.runHere(['runs', '--columns', 'beta,accuracy', '--sort', 'eval_loss'], cwd);
    expect(code).toBe(0);
    const [head, first, second] = out.split('\n');
    expect(head).toMatch(/^status +step +beta +accuracy +eval_loss +best +name +folder$/);
    expect(first).toMatch(/^done +10\/10 +0\.01 +84\.2 % +0\.12 +strong #sweep:beta/);
    expect(second).toMatch(/plain \(baseline\)/);
  });

  it('prints numbers as JSON', async () => {
    const { json } = await program.runHere(['runs', '--json', '--sort', 'eval_loss'], await threeRuns());
    expect(json()[0]).toMatchObject({
      name: 'strong',
      status: 'done',
      step: 10,
      tags: ['sweep:beta'],
      note: 'forgets',
      baseline: false,
      columns: { eval_loss: 0.12, accuracy: 0.842 },
      metrics: { loss: 0.12 },
    });
  });

  it('names a column that no run has, and one that is near', async () => {
    const { code, err } = await program.runHere(['runs', '--sort', 'eval_los'], await threeRuns());
    expect([code, err]).toEqual([2, expect.stringContaining('Did you mean eval_loss?')]);
  });
});

describe('margin runs diff', () => {
  it('says what differs: keys, pairs, margins with McNemar’s test, and what the curves show', async () => {
    const { code, out } = await program.runHere(['runs', 'diff', 'plain', 'strong'], await threeRuns());
    expect(code).toBe(0);
    expect(out).toMatch(/^beta +0\.1 \(default\) +0\.01$/m);
    expect(out).toContain('Pairs: 3 the same, 1 added, 0 removed, 1 changed.');
    expect(out).toContain('  changed row 2\n  added row 5');
    expect(out).toMatch(/^plain +10 +66\.7 %/m);
    expect(out).toContain(
      'On the 3 pairs that both trained on. Only plain is right on 0 pairs, only strong on 1 pair.',
    );
    expect(out).toMatch(/^ +1 +-1\.5000 +1\.0000 +2\.5000 /m);
  });

  it('prints a line of JSON for each key and pair', async () => {
    const { json } = await program.runHere(['runs', 'diff', 'plain', 'strong', '--json'], await threeRuns());
    const lines = json();
    expect(lines).toContainEqual({ key: 'beta', values: ['0.1', '0.01'] });
    expect(lines.filter(({ change }) => change !== undefined)).toEqual([
      { change: 'changed', first: { row: 2, key: '0000000200000000' }, second: { row: 2, key: '0000001400000000' } },
      { change: 'added', first: null, second: { row: 5, key: '0000000500000000' } },
    ]);
    expect(lines).toContainEqual({ held_out: { reason: expect.stringContaining('plain has no rewards of single') } });
    expect(lines.at(-1)).toMatchObject({ only_first: 0, only_second: 1, p: 1, pairs: 3 });
  });

  it('says which run has no rewards', async () => {
    const { out } = await program.runHere(['runs', 'diff', 'plain', 'short'], await threeRuns());
    expect(out).toContain('Pairs are not compared: short has no rewards.');
  });

  it('refuses a folder that is no run, and one run alone', async () => {
    const cwd = await threeRuns();
    await rm(runPaths.config(join(cwd, '.margin', 'runs', 'short')));
    await writeFile(join(cwd, 'file'), '');
    expect(await program.runHere(['runs', 'diff', 'plain', 'short'], cwd)).toMatchObject({ code: 1 });
    expect(await program.runHere(['runs', 'diff', 'plain'], cwd)).toMatchObject({ code: 2 });
  });
});

describe('margin runs export', () => {
  it('writes runs that TensorBoard and Trackio show, under their names for metrics', async () => {
    const cwd = await threeRuns();
    const write = (...args: readonly string[]): ReturnType<CommandLine['runHere']> =>
      program.runHere(['runs', 'export', ...args], cwd);
    const { json } = await write('plain', 'strong', '--format', 'trackio', '--out', 'both.db', '--json');
    expect(json()[0]).toMatchObject({ runs: ['plain', 'strong'], points: 6 });
    await write('plain', '--format', 'tensorboard', '--out', 'logs');
    const [inTrackio, inTensorBoard] = [await readTracked(join(cwd, 'both.db')), await readTracked(join(cwd, 'logs'))];
    expect(inTrackio.map(({ name }) => name)).toEqual(['plain', 'strong']);
    expect(inTrackio[1]?.config).toMatchObject({ beta: 0.01 });
    expect(inTrackio[0]?.events).toEqual(events(0.26, 0.899));
    expect(inTensorBoard[0]?.events.map(({ step, kind }) => [step, kind])).toEqual(
      events(0, 0).map(({ step, kind }) => [step, kind]),
    );
  });

  it('refuses a format, a name and a file that cannot be right', async () => {
    const cwd = await threeRuns();
    const err = async (...args: readonly string[]): Promise<string> =>
      (await program.runHere(['runs', 'export', ...args], cwd)).err;
    expect(await err()).toContain('export which runs?');
    expect(await err('plain', '--format', 'wandb', '--out', 'a')).toContain('must be one of tensorboard, trackio');
    expect(await err('plain', '--format', 'trackio', '--out', 'a')).toContain('must end in .db');
    expect(await err('nothing', '--format', 'trackio', '--out', 'a.db')).toContain('nothing');
  });
});

describe('margin runs --with', () => {
  it('lists runs of other programs beside its own, sorted by what both have', async () => {
    const cwd = await threeRuns();
    const recorded = resolve('test/golden/trackers');
    const given = ['--with', join(recorded, 'dpo'), '--with', join(recorded, 'trackio/sample.db')];
    const listed = (await program.runHere(['runs', '--json', '--sort', 'eval_loss', ...given], cwd)).json();
    expect(listed.map(({ name, program: by }) => `${String(name)} ${String(by)}`)).toEqual([
      'strong null',
      'plain null',
      'dpo TRL',
      'dpo-sample Trackio',
      'short null',
    ]);
    expect(listed[3]).toMatchObject({
      status: 'logged',
      step: 4,
      steps: 0,
      columns: { eval_loss: 0.6917725205421448 },
    });
    const { out } = await program.runHere(['runs', '--columns', 'beta,accuracy', ...given], cwd);
    expect(out).toMatch(/^TRL +4 +50\.0 % +dpo /m);
    expect(out).toMatch(/^Trackio +4 +0\.2 +50\.0 % +dpo-sample /m);
  });

  it('names what it does not find', async () => {
    const { code, err } = await program.runHere(['runs', '--with', 'nowhere'], await threeRuns());
    expect(code).toBe(1);
    expect(err).toContain('nowhere');
  });
});
