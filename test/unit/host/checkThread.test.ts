import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CheckThreads } from '../../../src/host/pairEditor/node/checkThreads';
import { LineFile } from '../../../src/jsonl/node/lineFile';
import type { RowRun } from '../../../src/pairs/pieceTable';
import { readPair } from '../../../src/pairs/readPair';
import { detectAll } from '../../../src/pairs/reading';
import { packed, unpacked } from '../../../src/pairs/reportBatch';
import { reportOf } from '../../../src/pairs/rowReport';
import { temporaryFolder } from '../jsonl/temporaryFolder';
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

const asked = { reading: detectAll, keys: true };

describe('threads that check rows', () => {
  const threads = new CheckThreads(resolve('dist/checkThread.js'), 2);
  const folder = temporaryFolder();
  afterAll(() => threads.close());

  async function opened(keep: boolean): Promise<LineFile> {
    const path = join(folder, 'rows.jsonl');
    await writeFile(path, lines.join('\n'));
    const file = await LineFile.open(path, { keep });
    await file.readIndex();
    return file;
  }
  const page = (from: number, count: number): RowRun[] => [
    { kind: 'base', start: from, count },
    { kind: 'text', base: null, line: '{"prompt": "Why?", "chosen": "Because.", "rejected": "\\u00fc", "wombat": ' },
  ];

  it.each([true, false])('find what a check in this thread finds, with the file in memory: %s', async (keep) => {
    const file = await opened(keep);
    const requests = lines.map((_, i) => page(i, lines.length - i));
    for (const keys of [true, false]) {
      const found = await Promise.all(requests.map((some) => threads.check(file, some, { ...asked, keys })));
      const here = await Promise.all(requests.map((some) => checksHere.check(file, some, { ...asked, keys })));
      expect(found).toEqual(here);
    }
    await file.close();
  });

  it('find the same without keys, for which rows are parsed', async () => {
    const file = await opened(false);
    const all = page(0, lines.length);
    const [parsed, quick] = [
      await checksHere.check(file, all, asked),
      await checksHere.check(file, all, { ...asked, keys: false }),
    ];
    expect({ ...quick, keys: null }).toEqual({ ...parsed, keys: null });
    await file.close();
  });

  it('start again after they were ended', async () => {
    const file = await opened(true);
    threads.close();
    expect((await threads.check(file, page(0, 2), asked)).shape).toMatch(/^prompt, chosen, rejected/);
    await file.close();
  });

  it('that cannot start reject the request', async () => {
    const file = await opened(true);
    const missing = new CheckThreads(resolve('dist/missing.js'), 1);
    await expect(missing.check(file, page(0, 2), asked)).rejects.toThrow(/missing/);
    await file.close();
  });
});

it('reports of rows come out of a batch as they went in', () => {
  const reports = lines.map((line) => reportOf(readPair(line, detectAll), detectAll.levels));
  const unknownText = 'wombat';
  expect([...unpacked(packed(reports))]).toEqual(reports.map((report) => ({ ...report, unknownText })));
});
