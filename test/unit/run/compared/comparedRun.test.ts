import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareValues } from '../../../../src/base/pure/compareValues';
import { must } from '../../../../src/base/pure/must';
import { type ComparedRun, ComparedRuns, readComparedRun } from '../../../../src/run/compared/comparedRun';
import { endMetrics } from '../../../../src/run/compared/endMetrics';
import { formatValue } from '../../../../src/run/compared/formatValue';
import { columnsOf, sortRuns } from '../../../../src/run/compared/runColumns';
import type { RunValue } from '../../../../src/run/compared/types';
import { eventLine } from '../../../../src/run/eventLines';
import { runPaths } from '../../../../src/run/folder';
import type { RunEvent } from '../../../../src/run/types';
import { temporaryFolder } from '../temporaryFolder';
import { madeRun } from './madeRun';

const train = (step: number, loss: number): RunEvent => ({
  t: 1000 * step,
  step,
  kind: 'train',
  metrics: { loss, 'rewards/chosen': -0.5, 'logps/chosen': -10 - step },
});
const evaluation = (step: number, loss: number): RunEvent => ({
  t: 1000 * step,
  step,
  kind: 'eval',
  metrics: {
    eval_loss: loss,
    'eval_rewards/chosen': -0.2,
    'eval_rewards/accuracies': 0.75,
    'eval_rewards/margins': 1.5,
  },
});
const held = { test_split_size: 0.1 };

const value = (run: ComparedRun, id: string): RunValue =>
  must(
    columnsOf([run]).find((column) => column.id === id),
    id,
  ).value(run);

describe('the numbers of a run in a table', () => {
  it('are its newest metrics, keys of its config, and what follows from both', async () => {
    const events = [train(1, 0.7), train(2, 0.5), evaluation(2, 0.6), train(3, 0.4), evaluation(3, 0.55)];
    const folder = await madeRun(await temporaryFolder(), { name: 'a', config: { ...held, beta: 0.1 }, events });
    const run = await readComparedRun(folder);
    expect(
      ['loss', 'eval_loss', 'beta', 'accuracy', 'margin', 'state', 'duration'].map((id) => value(run, id)),
    ).toEqual([...[0.4, 0.55, 0.1, 0.75, 1.5], 'done', 2]);
    expect(value(run, 'chosen_change')).toBeCloseTo(-2);
  });

  it('have none for what the run lacks: no evaluation, no event, no state', async () => {
    const folder = await madeRun(await temporaryFolder(), { name: 'a' });
    await rm(runPaths.state(folder));
    const run = await readComparedRun(folder);
    expect(run.evaluates).toBe(false);
    for (const id of ['accuracy', 'margin', 'step', 'best', 'tags']) expect(value(run, id)).toBeNull();
    expect(value(run, 'state')).toBe('stopped');
  });

  it('without a reference, the change of the chosen answers is that since the first step', async () => {
    const config = { trainer: 'cpo', loss_type: ['simpo'] } as const;
    const folder = await madeRun(await temporaryFolder(), { name: 'a', config, events: [train(1, 1), train(5, 1)] });
    expect(value(await readComparedRun(folder), 'chosen_change')).toBe(-4);
  });

  it('find the last evaluation far before the end of a long run, and the first point at its start', async () => {
    const folder = await madeRun(await temporaryFolder(), { name: 'a', events: [train(1, 9)] });
    const lines = [evaluation(2, 0.5), ...Array.from({ length: 9000 }, (_, i) => train(i + 3, 0.1))];
    await appendFile(runPaths.events(folder), lines.map((event) => `${eventLine(event)}\n`).join(''));
    const { first, last, seconds } = await endMetrics(folder, true);
    expect([first['loss'], last['loss'], last['eval_loss'], seconds]).toEqual([9, 0.1, 0.5, 9001]);
  });

  it('name damaged notes and lines, and stay', async () => {
    const folder = await madeRun(await temporaryFolder(), { name: 'a', events: [train(1, 0.7)] });
    await writeFile(runPaths.notes(folder), '{');
    await appendFile(runPaths.events(folder), 'junk\n{"t":1,"st');
    const { remarks, metrics } = await readComparedRun(folder);
    expect(metrics.last['loss']).toBe(0.7);
    expect(remarks.join('\n')).toMatch(/notes\.json.*damaged[\s\S]*1 damaged line/);
  });
});

describe('a list of runs', () => {
  it('is read again only where files changed, and names folders that cannot be read', async () => {
    const parent = await temporaryFolder();
    const folders = await Promise.all(['a', 'b', 'c'].map((name) => madeRun(parent, { name, events: [train(1, 1)] })));
    const [a = '', b = '', c = ''] = folders;
    const list = new ComparedRuns();
    const before = (await list.read(folders)).runs;
    await appendFile(runPaths.events(b), `${eventLine(train(2, 0.5))}\n`);
    await rm(c, { recursive: true });
    const { runs, unreadable } = await list.read([a, b, c, join(parent, 'none')]);
    expect(runs[0]).toBe(before[0]);
    expect(runs[1]?.metrics.last['loss']).toBe(0.5);
    expect(unreadable.map(({ name, error }) => [name, error.code])).toEqual([
      ['c', 'not-a-run'],
      ['none', 'not-a-run'],
    ]);
  });

  it('of a newer Margin is not read', async () => {
    const parent = await temporaryFolder();
    const folder = await madeRun(parent, { name: 'a', run: { version: 99 } });
    const { unreadable } = await new ComparedRuns().read([folder]);
    expect(unreadable[0]?.error.code).toBe('newer-version');
  });

  it('is sorted by a column; runs without a value are last in both directions', async () => {
    const parent = await temporaryFolder();
    const made = [0.3, null, 0.1].map((loss, i) =>
      madeRun(parent, { name: String(i), events: loss === null ? [] : [train(1, loss)] }),
    );
    const { runs } = await new ComparedRuns().read(await Promise.all(made));
    const column = must(
      columnsOf(runs).find(({ id }) => id === 'loss'),
      'loss',
    );
    expect(sortRuns(runs, column, false).map(({ name }) => name)).toEqual(['2', '0', '1']);
    expect(sortRuns(runs, column, true).map(({ name }) => name)).toEqual(['0', '2', '1']);
  });
});

it.each([
  [1, 2, -1],
  ['run 2', 'run 10', -1],
  [1, 'a', -1],
  [NaN, 5, 1],
  [null, NaN, 0],
])('compares %j with %j', (a, b, order) => {
  expect(Math.sign(compareValues(a, b, false))).toBe(order);
});

it.each([
  [0.00005, 'plain', '5e-5'],
  [0.1, 'plain', '0.1'],
  [0.231456, 'plain', '0.2315'],
  [18, 'plain', '18'],
  [0.9312, 'share', '93.1 %'],
  [1.841, 'change', '+1.84'],
  [-2.1, 'change', '-2.10'],
  [61, 'seconds', '61 s'],
  [7500, 'seconds', '2 h 5 min'],
  [NaN, 'change', 'NaN'],
  [null, 'plain', ''],
] as const)('writes %j (%s) as %j', (number, format, text) => {
  expect(formatValue(number, format)).toBe(text);
});
