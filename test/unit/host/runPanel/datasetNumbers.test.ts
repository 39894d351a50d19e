import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  CurrentNumbers,
  DatasetNumbers,
  type NumbersServices,
} from '../../../../src/host/runPanel/rewards/datasetNumbers';
import { RunRewards } from '../../../../src/host/runPanel/rewards/runRewards';
import { columnStopped } from '../../../../src/host/runPanel/rewards/slowColumns';
import { pairKey } from '../../../../src/jsonl/node/pairKey';
import { pairsIn } from '../../../../src/pairs/pairsIn';
import { detectAll } from '../../../../src/pairs/reading';
import { readPair } from '../../../../src/pairs/readPair';
import type { PairsQuery } from '../../../../src/protocol/runPanel';
import { runPaths } from '../../../../src/run/folder';
import { failureOf } from '../../model/files';
import { rewardLine, rewardText } from '../../run/rewardLines';
import { temporaryFolder } from '../../run/temporaryFolder';
import { numbersHere } from './numbersHere';

const query: PairsQuery = {
  step: 20,
  before: null,
  beforeRun: null,
  sort: 'line',
  descending: false,
  filter: '',
  histogram: 'margin',
  columns: ['.score'],
  from: 0,
  count: 10,
};
const prompts = (pairs: readonly unknown[]): Promise<readonly null[]> => Promise.resolve(pairs.map(() => null));

const row = (name: string, more: object = {}): string =>
  JSON.stringify({ prompt: `Q ${name}`, chosen: `good ${name}`, rejected: `bad ${name}`, ...more });
const rows = [
  row('a', { score: 3, meta: { stars: 5 }, note: 'one' }),
  row('b', { score: '1.5', note: 'two' }),
  row('c', { score: null }),
  row('d', { score: 'high' }),
  row('e'),
  row('f', { score: -2, meta: { stars: 1 } }),
];

interface Run {
  readonly file: string;
  readonly rewards: RunRewards;
  readonly numbers: CurrentNumbers;
}

/** A run that has scored the pairs of a dataset, with margins 1, 2, … */
async function scored(lines: readonly string[], services: Partial<NumbersServices> = {}): Promise<Run> {
  const folder = await temporaryFolder();
  const file = join(folder, 'pairs.jsonl');
  await writeFile(file, `${lines.join('\n')}\n`);
  const pairs = lines.flatMap((line, at) => pairsIn(readPair(line, detectAll)).map((pair) => ({ pair, at })));
  const scores = pairs.map(({ pair, at }, i) => ({ ...rewardLine(at, i + 1), key: pairKey(pair) }));
  await mkdir(dirname(runPaths.rewards(folder, 20)), { recursive: true });
  await writeFile(runPaths.rewards(folder, 20), rewardText(scores));
  const make = (stamp: string): DatasetNumbers => new DatasetNumbers(file, stamp, detectAll, numbersHere(services));
  const numbers = new CurrentNumbers(file, make);
  onTestFinished(() => numbers.close());
  return { file, numbers, rewards: new RunRewards(folder, true, async () => null, undefined, numbers) };
}

async function page({ rewards }: Run, part: Partial<PairsQuery> = {}) {
  const asked = { ...query, ...part };
  return (await rewards.tableOf(asked)).page(asked, prompts);
}
const linesOf = async (run: Run, part: Partial<PairsQuery>): Promise<number[]> =>
  (await page(run, part)).rows.map(({ line }) => line);

describe('the columns of the dataset', () => {
  it('are those with numbers, at any depth, also as texts', async () => {
    const { numbers } = await scored(rows);
    expect(await (await numbers.get()).names()).toEqual(['.score', '.meta.stars']);
  });

  it('stand beside the rewards of each pair, and say why a pair has no number', async () => {
    const { rows: shown, columns } = await page(await scored(rows), { columns: ['.score', '.meta.stars'] });
    expect(shown.map(({ file }) => file['.score'])).toEqual([3, 1.5, null, null, null, -2]);
    expect(columns).toEqual([
      { name: '.score', numbers: 3, empty: 2, other: 1, gone: 0 },
      { name: '.meta.stars', numbers: 2, empty: 4, other: 0, gone: 0 },
    ]);
  });

  it('sort, filter, and are counted by the histogram', async () => {
    const run = await scored(rows);
    expect(await linesOf(run, { sort: '.score' })).toEqual([6, 2, 1, 3, 4, 5]);
    expect(await linesOf(run, { sort: '.score', descending: true })).toEqual([1, 2, 6, 3, 4, 5]);
    expect(await linesOf(run, { filter: '.score:>0 margin:<2' })).toEqual([1]);
    expect(await linesOf(run, { filter: 'not .score = .score' })).toEqual([3, 4, 5]);
    expect(await linesOf(run, { filter: '.score - margin > 0' })).toEqual([1]);
    const { histogram } = await page(run, { histogram: '.meta.stars' });
    expect(histogram.edges).toEqual([1, 2, 3, 4, 5, 6]);
    expect(histogram.counts).toEqual([1, 0, 0, 0, 1]);
  });

  it('are axes and shades of the scatter, where a pair needs both axes and no shade', async () => {
    const { rewards } = await scored(rows);
    const axes = { x: '.score', y: 'margin', shade: '.meta.stars' } as const;
    const scatter = await (await rewards.tableOf(query)).scatter(query, axes, 4, 4);
    expect(scatter).toMatchObject({ kind: 'points', rangeX: [-2, 3], shade: { range: [1, 5] } });
    expect([...(scatter.shade?.values ?? [])]).toEqual([5, Number.NaN, 1]);
  });

  it('divide pairs into their values if these are few, else into quarters; pairs without one are a group', async () => {
    const groupOf = (value: number) => ({ by: '.score', range: { low: value, high: value, isClosed: true } });
    const groupsOf = async (run: Run, filter: string) =>
      (await run.rewards.tableOf(query)).groups({ ...query, filter }, '.score');
    expect(await groupsOf(await scored(rows), 'margin:<6')).toEqual([
      { group: groupOf(-2), count: 0, filter: 'margin:<6 .score:-2' },
      { group: groupOf(1.5), count: 1, filter: 'margin:<6 .score:1.5' },
      { group: groupOf(3), count: 1, filter: 'margin:<6 .score:3' },
      { group: { by: '.score', range: null }, count: 3, filter: 'margin:<6 not .score = .score' },
    ]);
    const many = await scored(Array.from({ length: 20 }, (_, i) => row(String(i), { score: i / 2 })));
    const groups = await groupsOf(many, '');
    expect(groups.map(({ filter, count }) => [filter, count])).toEqual([
      ['.score:>=0 .score:<2.5', 5],
      ['.score:>=2.5 .score:<5', 5],
      ['.score:>=5 .score:<7.5', 5],
      ['.score:>=7.5 .score:<=9.5', 5],
    ]);
    const tiny = await scored([row('a', { score: 1e-9 }), row('b', { score: 3 }), row('c', { score: 3 })]);
    const ofTiny = await groupsOf(tiny, '');
    expect(ofTiny.map(({ count }) => count)).toEqual([1, 2]);
    for (const { filter, count } of groups) expect((await page(many, { filter })).shown).toBe(count);
    for (const { filter, count } of ofTiny) expect((await page(tiny, { filter })).shown).toBe(count);
  });

  it('are exported with all digits', async () => {
    const { rewards } = await scored([row('a', { id: 1234567890123 }), row('b', { id: 'none' })]);
    const csv = await (await rewards.tableOf(query)).csv({ ...query, columns: ['.id'] });
    const [head = '', ...lines] = csv.trimEnd().split('\r\n');
    const at = head.split(',').indexOf('.id');
    expect(lines.map((line) => line.split(',')[at])).toEqual(['1234567890123', '']);
  });
});

describe('after an edit of the dataset, its columns', () => {
  it('follow the pairs by their content, and a pair that is gone has none', async () => {
    const run = await scored(rows);
    await page(run);
    const [a, b, , ...others] = rows;
    const edited = row('b', { score: 9, chosen: 'much better' });
    await writeFile(run.file, `${[row('new', { score: 100 }), a, edited, ...others].join('\n')}\n`);
    const { rows: shown, columns } = await page(run);
    expect(b).toBeDefined();
    expect(shown.map(({ file }) => file['.score'])).toEqual([3, null, null, null, null, -2]);
    expect(columns).toEqual([{ name: '.score', numbers: 2, empty: 1, other: 1, gone: 2 }]);
  });

  it('stay those of a pair whose answers were exchanged, and of equal pairs each keeps its own', async () => {
    const run = await scored([row('a', { score: 1 }), row('a', { score: 2 }), row('b', { score: 3 })]);
    expect((await page(run)).rows.map(({ file }) => file['.score'])).toEqual([1, 2, 3]);
    const exchanged = row('b', { chosen: 'bad b', rejected: 'good b', score: 4 });
    await writeFile(run.file, `${[row('a', { score: 1 }), row('a', { score: 2 }), exchanged].join('\n')}\n`);
    expect((await page(run)).rows.map(({ file }) => file['.score'])).toEqual([1, 2, 4]);
  });
});

it('each pair of a list has the numbers of its row', async () => {
  const answers = { prompt: 'Q', responses: ['x', 'y', 'z'], scores: [3, 2, 1], difficulty: 7 };
  const reading = readPair(JSON.stringify(answers), detectAll);
  expect(reading.kind).toBe('list');
  const run = await scored([row('a', { difficulty: 2 }), JSON.stringify(answers)]);
  const { rows: shown } = await page(run, { columns: ['.difficulty'] });
  expect(shown[0]?.file).toEqual({ '.difficulty': 2 });
  expect(new Set(shown.slice(1).map(({ file }) => file['.difficulty']))).toEqual(new Set([7]));
});

it('numbers of a run divide pairs too', async () => {
  const { rewards } = await scored(rows);
  const groups = await (await rewards.tableOf(query)).groups(query, 'chosen');
  expect(groups.map(({ count }) => count)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(groups[0]?.filter).toBe('reward(chosen):1');
});

it('a column whose reading is stopped is an error; the rewards are not, and it is read when it is asked for again', async () => {
  let isStopped = true;
  const slow: NumbersServices['slow'] = async (_file, name, read) => {
    const stop = new AbortController();
    return read(() => isStopped && stop.abort(columnStopped(name)), stop.signal);
  };
  const long = Array.from({ length: 12_000 }, (_, i) => row(`${i} ${'long '.repeat(150)}`, { score: i }));
  const run = await scored(long, { slow });
  expect(await failureOf(page(run))).toMatchObject({ code: 'column-stopped' });
  expect((await page(run, { columns: [] })).total).toBe(long.length);
  isStopped = false;
  expect((await page(run)).columns).toMatchObject([{ numbers: long.length }]);
});

it('a missing dataset is named, and its rewards are shown without columns', async () => {
  const run = await scored(rows);
  const lost = new CurrentNumbers(`${run.file}.gone`, () => {
    throw new Error('not asked for');
  });
  expect(await failureOf(lost.get())).toMatchObject({ code: 'missing' });
  expect(await lost.stamp()).toBe('missing');
});
