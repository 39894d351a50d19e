import { resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CheckedRows } from '../../../src/host/pairEditor/rowChecker';
import { RowThreads } from '../../../src/jsonl/node/rowThreads';
import { readPair } from '../../../src/pairs/readPair';
import { detectAll } from '../../../src/pairs/reading';
import { noLevels } from '../../../src/pairs/rules/levels';
import { unpacked } from '../../../src/pairs/reportBatch';
import { reportOf } from '../../../src/pairs/rowReport';
import { checksHere } from './checksHere';

const lines = [
  '{"prompt": "Why?", "chosen": "Because.", "rejected": "No."}',
  '{"prompt": "Why?", "chosen": "Same.", "rejected": "Same."}',
  '',
  '{"oops"',
  '{"chosen": "Yes.", "rejected": "No.", "wombat": "What?"}',
  '{"prompt": "Why?", "completion": "Because.", "label": true}',
  '{"prompt": "Why?", "completion": "Because.", "label": false}',
  '{"prompt": "Why?", "responses": ["Because.", "No."], "scores": [2, 1]}',
];

describe('threads that check rows', () => {
  const threads = new RowThreads<CheckedRows>(resolve('dist/checkThread.js'), 2);
  afterAll(() => threads.close());

  it('find what a check in this thread finds', async () => {
    const requests = Array.from({ length: lines.length + 1 }, (_, i) => lines.slice(0, i));
    const found = await Promise.all(requests.map((some) => threads.look(some, detectAll)));
    const here = await Promise.all(requests.map((some) => checksHere.look(some, detectAll)));
    expect(found).toEqual(here);
  });

  it('start again after they were ended', async () => {
    threads.close();
    expect((await threads.look(lines, detectAll)).shape).toMatch(/^prompt, chosen, rejected/);
  });

  it('that cannot start reject the request', async () => {
    const missing = new RowThreads<CheckedRows>(resolve('dist/missing.js'), 1);
    await expect(missing.look(lines, detectAll)).rejects.toThrow(/missing/);
  });
});

it('reports of rows come out of a batch as they went in', () => {
  const reports = lines.map((line) => reportOf(readPair(line, detectAll), noLevels));
  const unknownText = 'wombat';
  const batch = checksHere.look(lines, detectAll);
  return batch.then(({ reports: packed }) =>
    expect([...unpacked(packed)]).toEqual(reports.map((report) => ({ ...report, unknownText }))),
  );
});
