import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answered } from '../../../../src/host/runPanel/rewards/pairHandlers';
import { RunRewards } from '../../../../src/host/runPanel/rewards/runRewards';
import { readingStopped } from '../../../../src/host/runPanel/rewards/slowReading';
import { SuspectBook } from '../../../../src/pairs/suspects/suspectBook';
import type { PairsQuery } from '../../../../src/protocol/runPanel';
import { runPaths } from '../../../../src/run/folder';
import { failureOf } from '../../model/files';
import { rewardLine, rewardText } from '../../run/rewardLines';
import { temporaryFolder } from '../../run/temporaryFolder';

const query: PairsQuery = {
  step: 20,
  before: null,
  beforeRun: null,
  sort: 'line',
  descending: false,
  filter: '',
  histogram: 'margin',
  columns: [],
  from: 0,
  count: 10,
};
const prompts = (pairs: readonly unknown[]): Promise<readonly (string | null)[]> =>
  Promise.resolve(pairs.map(() => 'asked'));

type Margins = Readonly<Record<number, readonly (number | null)[]>>;

/** A run whose pairs have these margins at each step; null: the pair is not scored. */
async function run(margins: Margins, book: SuspectBook | null = null): Promise<RunRewards> {
  return new RunRewards(await runFolder(margins), true, () => Promise.resolve(book));
}

async function runFolder(margins: Margins): Promise<string> {
  const folder = await temporaryFolder();
  for (const [step, ofStep] of Object.entries(margins)) {
    const path = runPaths.rewards(folder, Number(step));
    await mkdir(dirname(path), { recursive: true });
    const lines = ofStep.flatMap((margin, row) => (margin === null ? [] : [rewardLine(row, margin)]));
    await writeFile(path, rewardText(lines));
  }
  return folder;
}

const lines = async (rewards: RunRewards, part: Partial<PairsQuery>): Promise<number[]> => {
  const page = await (await rewards.tableOf({ ...query, ...part })).page({ ...query, ...part }, prompts);
  return page.rows.map(({ line }) => line);
};

describe('the pairs of a run', () => {
  it('are sorted by each number, in both directions', async () => {
    const rewards = await run({ 10: [0.5, -1, 2], 20: [1, -2, 0.25] });
    expect(await lines(rewards, { sort: 'margin' })).toEqual([2, 3, 1]);
    expect(await lines(rewards, { sort: 'margin', descending: true })).toEqual([1, 3, 2]);
    expect(await lines(rewards, { sort: 'rank', descending: true })).toEqual([1, 3, 2]);
    expect(await lines(rewards, { sort: 'delta', before: 10 })).toEqual([3, 2, 1]);
  });

  it('are filtered; the histogram counts all pairs and those that are left', async () => {
    const rewards = await run({ 20: [1, -2, 0.25, -0.5] });
    const table = await rewards.tableOf(query);
    const { rows, shown, total, negative, histogram } = await table.page({ ...query, filter: 'margin:<0' }, prompts);
    expect(rows).toMatchObject([
      { line: 2, prompt: 'asked', margin: -2, before: 0, delta: -2, rankDelta: null, suspect: null },
      { line: 4, margin: -0.5, rank: 2 },
    ]);
    expect([shown, total, negative]).toEqual([2, 4, 2]);
    const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
    expect([sum(histogram.counts), sum(histogram.shown)]).toEqual([4, 2]);
  });

  it('are compared with a step of another run, which may lack some of them', async () => {
    const other = await runFolder({ 5: [null, 3, 0.5] });
    const rewards = await run({ 20: [1, -2, 0.25] });
    const against = { ...query, before: 5, beforeRun: other };
    const { rows } = await (await rewards.tableOf(against)).page(against, prompts);
    expect(rows).toMatchObject([
      { line: 1, before: null, delta: null, rankDelta: null },
      { line: 2, before: 3, delta: -5, rankDelta: -1 },
      { line: 3, before: 0.5, delta: -0.25, rankDelta: 1 },
    ]);
    expect(await lines(rewards, { ...against, filter: 'flipped:yes' })).toEqual([2]);
    expect(await lines(rewards, { filter: 'flipped:yes' })).toEqual([]);
  });

  it('are filtered by nothing that needs their text', async () => {
    const table = await (await run({ 20: [1] })).tableOf(query);
    for (const filter of ['sorry', 'len(chosen)>3', 'kind:pair', 'chosen:/a/', 'edited'])
      expect(await failureOf(table.page({ ...query, filter }, prompts)), filter).toMatchObject({ code: 'needs-text' });
  });

  it('are filtered and sorted by what a search for wrong labels found', async () => {
    const book = new SuspectBook();
    const suspect = { row: 0, line: 1, margin: -1, spread: 0, margins: [], reasons: [] };
    book.add({ ...suspect, key: rewardLine(1, 0).key, verdict: 'flipped', probability: 0.75 });
    book.add({ ...suspect, key: rewardLine(2, 0).key, verdict: 'clean', probability: 0.25 });
    const rewards = await run({ 20: [1, -2, 0.25] }, book);
    expect(await lines(rewards, { filter: 'suspect:>0.5' })).toEqual([2]);
    expect(await lines(rewards, { filter: 'suspected:clean|flipped', sort: 'suspect' })).toEqual([3, 2]);
  });

  it('are located in the order of a query', async () => {
    const table = await (await run({ 20: [1, -2, 0.25] })).tableOf(query);
    const { key } = rewardLine(2, 0.25);
    expect(await table.locate({ ...query, sort: 'margin' }, key)).toBe(1);
    expect(await table.locate({ ...query, filter: 'margin:<0' }, key)).toBeNull();
    expect(await table.locate(query, 'ffffffffffffffff')).toBeNull();
  });

  it('make a scatter of points, or of counts if they are many', async () => {
    const table = await (await run({ 20: [1, -2, 0.25] })).tableOf(query);
    const points = await table.scatter({ ...query, sort: 'margin' }, { x: 'margin', y: 'line', shade: null }, 10, 10);
    expect(points).toMatchObject({ kind: 'points', rangeX: [-2, 1], rangeY: [1, 3] });
    if (points.kind === 'points')
      expect([[...points.x], [...points.index]]).toEqual([
        [-2, 0.25, 1],
        [0, 1, 2],
      ]);
    const many = await (await run({ 20: Array.from({ length: 6000 }, (_, row) => row) })).tableOf(query);
    const grid = await many.scatter(query, { x: 'margin', y: 'line', shade: null }, 3, 2);
    expect(grid).toMatchObject({ kind: 'density', rangeX: [0, 5999] });
    if (grid.kind === 'density') expect([...grid.counts]).toEqual([2000, 1000, 0, 0, 1000, 2000]);
  });

  it('are not read to the end once no view shows the run, and then nothing is answered', async () => {
    const rewards = await run({ 20: Array.from({ length: 500 }, (_, row) => row) });
    const asked = rewards.tableOf(query);
    rewards.close();
    expect(await failureOf(asked)).toMatchObject({ code: 'interrupted' });
    expect(await answered({ rewards }, 'nothing', () => Promise.reject(new Error('stopped')))).toBe('nothing');
    const open = { rewards: { isClosed: false } };
    await expect(answered(open, null, () => Promise.reject(new Error('damaged')))).rejects.toThrow('damaged');
  });

  it('have a trend over the steps, also those that some step does not score', async () => {
    const rewards = await run({ 10: [0.5, null, 2], 20: [1, -2, 0.25] });
    const { steps, margins } = await rewards.trend(rewardLine(1, 0).key);
    expect([steps, [...margins]]).toEqual([
      [10, 20],
      [Number.NaN, -2],
    ]);
  });

  it('that changed most come first', async () => {
    const rewards = await run({ 10: [0, -1, 2, null], 20: [1, -1.5, -9, 3] });
    const movers = await rewards.movers({ ...query, before: 10 }, 2, prompts);
    expect(movers.map(({ row: { line, delta }, trend }) => [line, delta, [...trend.margins]])).toEqual([
      [3, -11, [2, -9]],
      [1, 1, [0, 1]],
    ]);
  });

  it('have no margin before if the start was not scored and is not the reference', async () => {
    const folder = await temporaryFolder();
    const path = runPaths.rewards(folder, 20);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, rewardText([rewardLine(0, 1)]));
    const table = await new RunRewards(folder, false).tableOf(query);
    expect((await table.page(query, prompts)).rows).toMatchObject([{ before: null, delta: null }]);
  });
});

it('reading that a person stops fails as such, tells how far it was, and can begin again', async () => {
  const folder = await runFolder({ 20: Array.from({ length: 40_000 }, (_, row) => row) });
  const told: number[] = [];
  let [reads, stops] = [0, true];
  const rewards = new RunRewards(folder, true, undefined, (_, step, read) => {
    const stop = new AbortController();
    reads++;
    return read((part) => {
      told.push(part);
      if (stops) stop.abort(readingStopped(step));
    }, stop.signal);
  });
  const asked = { ...query, sort: 'margin', descending: true } as const;
  expect(await failureOf(rewards.tableOf(asked))).toMatchObject({ code: 'reading-stopped' });
  expect(told.every((part) => part > 0 && part < 1)).toBe(true);
  stops = false;
  const page = await (await rewards.tableOf(asked)).page(asked, prompts);
  expect([page.total, page.rows[0]?.margin]).toEqual([40_000, 39_999]);
  // Step 20 twice, and step 0, which the run does not have.
  expect(reads).toBe(3);
});
