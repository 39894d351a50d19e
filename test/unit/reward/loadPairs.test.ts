import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { rowKeys } from '../../../src/jsonl/node/marks/ignoredIn';
import { ignoreLine } from '../../../src/pairs/marks/markLines';
import { detectAll } from '../../../src/pairs/reading';
import { readRow } from '../../../src/pairs/readRow';
import { loadPairs } from '../../../src/reward/loadPairs';
import type { LoadedPairs } from '../../../src/reward/rowCollector';
import { temporaryFolder } from '../run/temporaryFolder';
import { characters } from './characters';
import { heldBytes, slack } from './memory';

async function fileOf(rows: Iterable<object>): Promise<string> {
  const file = join(await temporaryFolder(), 'rows.jsonl');
  await writeFile(file, Array.from(rows, (row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

async function load(file: string, maxLength: number): Promise<LoadedPairs> {
  const loaded = await loadPairs(file, characters, { reading: detectAll, maxLength, prompts: 2 });
  onTestFinished(() => loaded.rows.close());
  return loaded;
}

it('a file of many rows takes one number for each row in memory, whatever happens to the rows', async () => {
  const count = 20_000;
  const texts = (i: number): object => ({
    prompt: `${i} `.padEnd(200, 'p'),
    chosen: `${i} `.padEnd(100, 'c'),
    rejected: `${i} `.padEnd(i % 2 === 0 ? 100 : 400, 'r'),
  });
  const file = await fileOf(Array.from({ length: count }, (_, i) => texts(i)));
  await load(await fileOf([texts(1)]), 400);
  const before = await heldBytes();
  const { rows, truncated, prompts } = await load(file, 400);
  // The texts are 11 MB, and the token ids 44 MB as int32.
  expect((await heldBytes()) - before).toBeLessThan(8 * count + slack);
  expect([rows.count, truncated.count, truncated.first, prompts.size]).toEqual([
    count,
    count / 2,
    [2, 4, 6, 8, 10, 12, 14, 16, 18, 20],
    2,
  ]);
});

it('truncated answers count once for each side, their lines once, and rows that are left out do not count', async () => {
  const { truncated, tooLong } = await load(
    await fileOf([
      { prompt: '12', chosen: 'abcd', rejected: 'efgh' },
      { prompt: '12', chosen: 'a', rejected: 'efgh' },
      { prompt: '12345', chosen: 'a', rejected: 'b' },
    ]),
    5,
  );
  expect(truncated).toMatchObject({ count: 3, lines: 2, first: [1, 2] });
  expect(tooLong).toMatchObject({ count: 1, first: [3] });
  expect(truncated.lineList).toBe('lines 1, 2');
});

it('a run does not repeat a warning whose rule is ignored in its row, and leaves out a row with an error', async () => {
  const asked = { prompt: 'Is it?', chosen: 'Yes.', rejected: 'No.', instruction: 'Answer briefly: is it so?' };
  const rows = [asked, { prompt: 'Was it?', chosen: 'Yes.', rejected: 'No.', weight: -1 }];
  const file = await fileOf(rows);
  const codes = async (): Promise<readonly string[]> => (await load(file, 400)).findings.map(({ code }) => code);
  expect(await codes()).toContain('unread-key');
  const records = rows.flatMap((row) => {
    const keys = rowKeys(readRow(JSON.stringify(row), detectAll));
    return ['unread-key', 'bad-weight'].map((rule) =>
      ignoreLine({ key: keys?.own ?? '', rule, ignored: true, by: 'ann', at: '2026-11-29T12:00:00Z', extra: {} }),
    );
  });
  await writeFile(file.replace('.jsonl', '.marks.jsonl'), `${records.join('\n')}\n`);
  expect(await codes()).not.toContain('unread-key');
  const { rows: kept, unusable } = await load(file, 400);
  expect([kept.count, unusable.reasons.map(([, { count }]) => count)]).toEqual([1, [1]]);
});
