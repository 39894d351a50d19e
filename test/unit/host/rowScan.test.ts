import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RowScan } from '../../../src/host/pairEditor/rowScan';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { detectAll } from '../../../src/pairs/reading';
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
  const scan = new RowScan(lines, () => detectAll, checksHere, none, none);
  await expect.poll(() => scan.isComplete).toBe(true);
  expect(scan.identityAt(0)).toBe(null);
  // A search by margin that went on now would take all rows for rows without a reward.
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
