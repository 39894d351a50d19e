import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { readSuspects, saveSuspects, suspectPaths } from '../../../../src/jsonl/node/suspects/suspectsFile';
import { keyNumber } from '../../../../src/pairs/keyNumber';
import type { Suspect } from '../../../../src/pairs/suspects/findSuspects';
import type { SuspectsSummary } from '../../../../src/pairs/suspects/savedSuspects';
import { markedMeasurements, stalenessOf } from '../../../../src/run/measuredRewards';
import { temporaryFolder } from '../temporaryFolder';

const folder = temporaryFolder();
const key = '0123456789abcdef';
const keyOf = (i: number): string => i.toString(16).padStart(13, '0').padEnd(16, '0');
const row: Suspect = {
  row: 0,
  line: 1,
  key,
  verdict: 'flipped',
  probability: 0.9,
  margin: -1,
  reasons: ['why'],
  spread: 0.1,
  margins: [-1, null],
};
const noise = { rate: 0.1, low: 0.05, high: 0.15, rows: 3000, flipped: 3000, ties: 0, groups: [] };
const summary: SuspectsSummary = { noise, measurements: [], unscored: { count: 2 }, others: 1 };

it('keeps a search beside its data file, under one name for all kinds of files', () => {
  expect(suspectPaths('/data/prefs.jsonl.gz').found).toBe(join('/data', '.margin', 'suspects', 'prefs.jsonl'));
  expect(suspectPaths('/data/prefs.csv').cleaning).toBe(join('/data', '.margin', 'suspects', 'prefs.cleaning.json'));
});

it('reads what it saved, also of many rows', async () => {
  const file = join(folder, 'prefs.jsonl');
  const many = Array.from({ length: 3000 }, (_, i) => ({ ...row, key: keyOf(i) }));
  await saveSuspects(file, many, summary);
  const { book, noise: rate, unscored, others } = await readSuspects(file);
  expect({ rate, unscored, others }).toEqual({ rate: noise, unscored: { count: 2 }, others: 1 });
  const identity = { key: keyNumber(keyOf(2999)), exchanged: 1, judgedGood: null };
  expect(book.of(identity)).toHaveLength(1);
});

it('names the line of a damaged file, and a file that ends too early', async () => {
  const file = join(folder, 'bad.jsonl');
  const { found } = suspectPaths(file);
  await mkdir(dirname(found), { recursive: true });
  const write = (...lines: object[]): Promise<void> =>
    writeFile(found, lines.map((one) => JSON.stringify(one)).join('\n'));
  await write(row, { ...row, verdict: 'maybe' }, summary);
  await expect(readSuspects(file)).rejects.toMatchObject({ code: 'corrupt', message: expect.stringContaining(':2 ') });
  await write(row);
  await expect(readSuspects(file)).rejects.toMatchObject({ code: 'corrupt' });
  await write(row, summary, row);
  await expect(readSuspects(file)).rejects.toMatchObject({ code: 'corrupt', message: expect.stringContaining(':3 ') });
  await rm(found);
  await expect(readSuspects(file)).rejects.toMatchObject({ code: 'missing' });
});

it('tells a result whose measurements are not what they were', async () => {
  const rewards = join(folder, 'run', 'rewards');
  await mkdir(rewards, { recursive: true });
  const file = join(rewards, 'step-000010.jsonl');
  await writeFile(file, 'a\n');
  const marked = await markedMeasurements([{ run: 'run', step: 10, file }]);
  expect(await stalenessOf(marked)).toBeNull();
  await writeFile(join(rewards, 'step-000020.jsonl'), 'b\n');
  expect(await stalenessOf(marked)).toBe('newer');
  await utimes(file, 1, 1);
  expect(await stalenessOf(marked)).toBe('changed');
  await rm(file);
  expect(await stalenessOf(marked)).toBe('missing');
});
