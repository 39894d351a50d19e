import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path, { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planEdits } from '../../../../src/host/bulk/planEdits';
import { everyBatch, someBatches } from '../../../../src/jsonl/node/bulk/rowBatches';
import { ChangesHere, ChangesInThreads, type RowChanges } from '../../../../src/jsonl/node/bulk/rowChanges';
import { LinesDocument } from '../../../../src/jsonl/node/document';
import { SearchHere } from '../../../../src/jsonl/node/search/pageSearch';
import type { RowChange } from '../../../../src/pairs/bulk/rowChange';
import { detectAll } from '../../../../src/pairs/reading';

const count = 5000;
const row = (i: number): object => ({ prompt: `Question ${i}`, chosen: i % 7 === 0 ? 'blue' : 'red', rejected: 'no' });
const search = { text: 'BLUE', isRegex: false, matchCase: false, wholeWord: false, field: 'all' } as const;
const replace: RowChange = { kind: 'replace', search, replacement: 'green' };

describe.each(['here', 'in threads'])('changes of many rows are planned %s', (place) => {
  let folder = '';
  let lines: LinesDocument;
  let changes: RowChanges & { close?: () => void };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'margin-bulk-'));
    changes = place === 'here' ? new ChangesHere() : new ChangesInThreads(path.resolve('dist/bulkThread.js'), 2);
    const texts = [...Array.from({ length: count }, (_, i) => JSON.stringify(row(i))), '{"blue": "BLUE"}', ''];
    await writeFile(join(folder, 'a.jsonl'), texts.join('\n'));
    lines = await LinesDocument.open(join(folder, 'a.jsonl'));
    await lines.whenIndexed();
    const [previous = ''] = await lines.lines(1, 1);
    lines.applyEdit({ op: 'replace', row: 1, line: JSON.stringify({ ...row(1), chosen: 'Blue' }), previous });
  });
  afterAll(async () => {
    changes.close?.();
    await lines.close();
    await rm(folder, { recursive: true });
  });
  const work = (signal = new AbortController().signal): Parameters<typeof planEdits>[2] => {
    return { changes, reading: detectAll, signal, total: count, progress: () => undefined };
  };

  it('for all rows, edited ones too, with and without a search in bytes; refused rows are counted by reason', async () => {
    for (const word of ['blue', null]) {
      const { edits, matches, refused } = await planEdits(everyBatch(lines, new SearchHere(), word), replace, work());
      const rows = edits.map((edit) => (edit.op === 'replace' ? edit.row : -1));
      expect(rows).toEqual([0, 1, ...Array.from({ length: Math.floor((count - 1) / 7) }, (_, i) => 7 * (i + 1))]);
      expect([matches, refused]).toEqual([rows.length, [{ refusal: 'no-pair', rows: 1 }]]);
      expect(edits[1]).toMatchObject({ line: JSON.stringify({ ...row(1), chosen: 'green' }) });
    }
  });

  it('for some rows, in their order', async () => {
    const { edits } = await planEdits(someBatches(lines, [3, 4, 14, 4200]), { kind: 'swap' }, work());
    expect(edits.map((edit) => edit.op === 'replace' && edit.row)).toEqual([3, 4, 14, 4200]);
    expect(edits[3]).toMatchObject({ line: JSON.stringify({ ...row(4200), chosen: 'no', rejected: 'blue' }) });
  });

  it('until they are cancelled', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(planEdits(someBatches(lines, [3]), replace, work(controller.signal))).rejects.toThrow();
  });

  it('and a pattern that takes too long is an error that names its row', async () => {
    const slow: RowChange = { kind: 'find', search: { ...search, text: '^(Q.+)+!$', isRegex: true } };
    const line = JSON.stringify({ ...row(9), prompt: 'Q'.repeat(60) });
    await expect(
      changes.of({ rows: [8, 9], texts: [JSON.stringify(row(8)), line] }, slow, detectAll),
    ).rejects.toMatchObject({ code: 'slow-pattern', details: { row: 9 } });
  });
});
