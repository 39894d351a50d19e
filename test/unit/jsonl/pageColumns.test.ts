import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path, { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { ColumnsHere, ColumnsInThreads, type PageColumns } from '../../../src/jsonl/node/columns/pageColumns';
import type { Column } from '../../../src/pairs/query/column';
import { detectAll } from '../../../src/pairs/reading';

const columns: readonly Column[] = [
  { kind: 'number', number: { kind: 'measure', field: 'len', of: { kind: 'side', side: 'chosen' } } },
  { kind: 'labels', field: 'model' },
  { kind: 'match', condition: { kind: 'word', word: 'nine' } },
];

describe.each(['here', 'in threads'])('columns are computed %s', (place) => {
  let folder = '';
  let pages: PageColumns & { close?: () => void };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'margin-columns-'));
    pages = place === 'here' ? new ColumnsHere() : new ColumnsInThreads(path.resolve('dist/columnThread.js'), 2);
  });
  afterAll(async () => {
    pages.close?.();
    await rm(folder, { recursive: true });
  });

  it.each([
    ['a.jsonl', (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n')],
    ['a.json', (rows: readonly object[]) => JSON.stringify(rows, null, 2)],
    [
      'a.csv',
      (rows: readonly object[]) =>
        ['prompt,chosen,rejected,model', ...rows.map((row) => Object.values(row).join(','))].join('\n'),
    ],
  ])('of %s, for the rows that are wanted, edited ones too', async (name, write) => {
    const row = (i: number, padding: string): object => ({
      prompt: `Question ${i}${padding}`,
      chosen: 'x'.repeat(i % 7),
      rejected: i % 9 === 0 ? 'nine' : 'no',
      model: `m${i % 3}`,
    });
    // Files up to 16 MB are kept in memory; the second one is larger.
    for (const { copies, padding } of [
      { copies: 1, padding: '' },
      { copies: 80, padding: '?'.repeat(8_000) },
    ]) {
      const file = join(folder, name);
      const rows = Array.from({ length: 30 }, (_, i) => row(i + 1, padding));
      await writeFile(file, write(Array.from({ length: copies }, () => rows).flat()));
      const lines = await LinesDocument.open(file);
      await lines.whenIndexed();
      expect(lines.file.isKept).toBe(copies === 1);
      const [previous = ''] = await lines.lines(1, 1);
      const line = JSON.stringify({ prompt: 'New', chosen: 'longer', rejected: 'nine', model: 'm9' });
      lines.applyEdit({ op: 'replace', row: 1, line, previous });
      const asked = { columns, reading: detectAll, isWanted: (index: number) => index % 2 === 0 };
      const page = await lines.read(1, 20, (source, runs) => pages.compute(source.lines, runs, asked));
      expect(page.count).toBe(20);
      const found = page.parts.flatMap(({ rows: indexes, values: [length, model, nine] }) =>
        indexes.map((index, i) => [
          index,
          length?.values[i],
          model?.kind === 'labels' ? model.lists[model.values[i] ?? -1] : null,
          nine?.values[i],
        ]),
      );
      const expected = Array.from({ length: 10 }, (_, i) => 2 * i).map((index) =>
        index === 0
          ? [0, 6, ['m9'], 1]
          : [index, (index + 2) % 7, [`m${(index + 2) % 3}`], Number((index + 2) % 9 === 0)],
      );
      // An empty cell is no answer.
      expect(found.filter(([index]) => (Number(index) + 2) % 7 !== 0)).toEqual(
        expected.filter(([index]) => (Number(index) + 2) % 7 !== 0),
      );
      await lines.close();
    }
  });

  it('a pattern that takes too long is an error that names its row', async () => {
    const file = join(folder, 'slow.jsonl');
    await writeFile(file, ['{"a": "x"}', `{"a": "${'a'.repeat(40)}!"}`].join('\n'));
    const lines = await LinesDocument.open(file);
    await lines.whenIndexed();
    const slow: Column = { kind: 'match', condition: { kind: 'pattern', pattern: '^(a+)+$', flags: '' } };
    const asked = { columns: [slow], reading: detectAll, isWanted: () => true };
    await expect(lines.read(0, 2, (source, runs) => pages.compute(source.lines, runs, asked))).rejects.toMatchObject({
      code: 'slow-pattern',
      details: { index: 1 },
    });
    await lines.close();
  });
});
