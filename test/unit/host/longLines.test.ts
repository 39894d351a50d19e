import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checksOf } from '../../../src/host/pairEditor/pageWork';
import { RowScan } from '../../../src/editor/rowScan';
import { detailOf, summaryOf } from '../../../src/editor/rowView';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { nothingIgnored } from '../../../src/pairs/rowReport';
import { detectAll } from '../../../src/pairs/reading';
import { checksHere } from './checksHere';

const folder = mkdtempSync(join(tmpdir(), 'margin-long-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('a line of 100 MB and a million empty lines are shown, and checked', async () => {
  const file = join(folder, 'long.jsonl');
  const handle = openSync(file, 'w');
  writeSync(handle, '{"prompt": "Why?", "chosen": "');
  for (let megabyte = 0; megabyte < 100; megabyte++) writeSync(handle, 'x'.repeat(999_999));
  writeSync(handle, '", "rejected": "No."}\n');
  writeSync(handle, '\n'.repeat(1_000_000));
  writeSync(handle, '{"prompt": "Why?", "chosen": "Because.", "rejected": "No."}\n');
  closeSync(handle);
  const lines = await LinesDocument.open(file);
  await lines.whenIndexed();
  expect(lines.rowCount).toBe(1_000_002);
  const [long = ''] = await lines.lines(0, 1);
  const place = {
    row: 0,
    reading: detectAll,
    edited: false,
    related: [],
    ignoredRelated: [],
    ignoredIn: nothingIgnored,
    mark: null,
    change: [],
  };
  const none = (): undefined => undefined;
  const unscored = (): [] => [];
  expect(summaryOf(long, place, unscored)).toMatchObject({ kind: 'not-a-pair', severity: 'info' });
  expect(detailOf(long, place, 1, unscored).raw?.length).toBeLessThan(100_000);
  const scan = new RowScan(lines, () => detectAll, checksOf(lines, checksHere), none, none);
  await expect.poll(() => scan.isComplete, { timeout: 20_000 }).toBe(true);
  expect(scan.facts.problemRows).toBe(1);
  scan.close();
  await lines.close();
}, 30_000);
