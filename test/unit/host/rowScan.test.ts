import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checksOf } from '../../../src/host/pairEditor/pageWork';
import { RowScan } from '../../../src/editor/rowScan';
import { must } from '../../../src/base/pure/must';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { rowKeys } from '../../../src/jsonl/node/marks/ignoredIn';
import { keyNumber } from '../../../src/pairs/keyNumber';
import { ignoredRules } from '../../../src/pairs/marks/ignore';
import { type Reading, detectAll } from '../../../src/pairs/reading';
import { readRow } from '../../../src/pairs/readRow';
import { temporaryFolder } from '../jsonl/temporaryFolder';
import { checksHere } from './checksHere';

const folder = temporaryFolder();
const none = (): undefined => undefined;
const pair = (prompt: string): string => JSON.stringify({ prompt, chosen: 'Because.', rejected: 'No.' });

it('rows have keys only after somebody asked for one; a second scan computes them, and keeps problems', async () => {
  const file = join(folder, 'rows.jsonl');
  await writeFile(file, [pair('Why is the sky blue?'), '{"oops"', pair('And the sea?')].join('\n'));
  const lines = await LinesDocument.open(file);
  await lines.whenIndexed();
  const scan = new RowScan(lines, () => detectAll, checksOf(lines, checksHere), none, none);
  await expect.poll(() => scan.isComplete).toBe(true);
  expect(scan.identityAt(0)).toBe(null);
  // A search by margin that continued now would treat all rows as rows without a reward.
  expect(scan.known).toEqual({ rows: 0, all: false });
  expect(scan.facts.problemsAt(1)).toBe(1);
  await scan.keysKnown();
  expect(scan.known).toEqual({ rows: 3, all: true });
  const keys = [0, 1, 2].map((row) => scan.identityAt(row));
  expect(keys).toEqual([expect.objectContaining({ judgedGood: null }), null, expect.anything()]);
  const found = keys[2];
  expect(found && 'key' in found ? await scan.rowOf(found.key) : null).toBe(2);
  scan.close();
  await lines.close();
});

it('rows whose ignored rules change are checked again, and keep their problems until then', async () => {
  const file = join(folder, 'ignored.jsonl');
  const mail = (prompt: string): string => JSON.stringify({ prompt, chosen: 'Ask jane@posteo.de.', rejected: 'No.' });
  const [first, other] = [mail('Who?'), mail('Who else?')];
  await writeFile(file, [first, other, first].join('\n'));
  const lines = await LinesDocument.open(file);
  await lines.whenIndexed();
  let reading: Reading = detectAll;
  const scan = new RowScan(lines, () => reading, checksOf(lines, checksHere), none, none);
  await scan.keysKnown();
  const problems = (): readonly number[] => [0, 1, 2].map((row) => scan.facts.problemsAt(row));
  expect(problems()).toEqual([1, 1, 1]);
  const key = must(rowKeys(readRow(first, detectAll)), 'a row with answers').own;
  const record = { key, rule: 'personal-data', ignored: true, by: '', at: '2026-11-29T12:00:00Z', extra: {} };
  reading = { ...detectAll, ignored: ignoredRules([record]) };
  expect(scan.recheck(new Set([keyNumber(key)]), [0])).toEqual([0, 2]);
  expect(problems()).toEqual([1, 1, 1]);
  await expect.poll(problems).toEqual([0, 1, 0]);
  expect(scan.facts.problemRows).toBe(1);
  scan.close();
  await lines.close();
});
