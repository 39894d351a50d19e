import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Edit } from '../../../src/pairs/edits';
import { facetQuery } from '../../../src/pairs/query/facets';
import { facetCounts } from '../../../src/editor/facetCounts';
import type { RowColumns } from '../../../src/editor/rowColumns';
import { RowSearch, type SearchedRows } from '../../../src/editor/rowSearch';
import { pairLine, plainView, type SearchedFile, searchedFile } from './searchedFile';

describe('the rows that a view shows', () => {
  const trainer = { most: 120 };
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'margin-rows-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const opened = (lines: readonly string[]): Promise<SearchedFile> => searchedFile(folder, lines, trainer);

  it('are found by word (also behind JSON escapes), problem, line and margin', async () => {
    const { lines, scan, find } = await opened([
      pairLine('Why is the sky blue?'),
      pairLine('Grün?').replace('ü', '\\u00fc'),
      '{"oops"',
      pairLine('And the sea?', 'Same.', 'Same.'),
    ]);
    const rows = async (filter: string): Promise<number[]> => (await find({ filter })).page(0, 10);
    expect(await rows('SKY')).toEqual([0]);
    expect(await rows('grün')).toEqual([1]);
    expect(await rows('problem')).toEqual([2, 3]);
    expect(await rows('line:2')).toEqual([1]);
    expect(await rows('row:2')).toEqual([1]);
    expect(await rows('margin:<0')).toEqual([0, 1]);
    expect(await rows('len(chosen)=len(rejected)')).toEqual([3]);
    expect(await rows('why or prompt:grün or kind:unusable')).toEqual([0, 1, 2]);
    expect(await rows('problem -severity:error')).toEqual([3]);
    expect(await rows('tag:todo verdict:swap|tie reviewed:yes')).toEqual([1]);
    expect(await rows('reviewed:since-commit')).toEqual([1]);
    expect([await rows('changed:yes'), await rows('changed:added'), await rows('changed:no')]).toEqual([
      [2],
      [],
      [0, 1, 3],
    ]);
    expect(await rows('reviewed:no flag:no tag:none -row:1')).toEqual([2, 3]);
    scan.close();
    await lines.close();
  });

  it('are found by their tokens in training, also after edits and under another config', async () => {
    const { lines, scan, columns, find } = await opened([
      pairLine('Why is the sky blue?'),
      pairLine('A cat?'),
      pairLine('Why?', 'A long answer. '.repeat(20)),
      '',
      pairLine('Hi'),
    ]);
    const rows = async (filter: string): Promise<number[]> => (await find({ filter })).page(0, 10);
    expect([await rows('cut:yes'), await rows('dropped:yes'), await rows('dropped:tie')]).toEqual([[2], [1], [1]]);
    expect(await rows('dropped:no cut:no kind:pair')).toEqual([0, 4]);
    expect(await rows('tokens>100 or why len(chosen)<50')).toEqual([0, 2]);
    expect((await find({ filter: 'kind:pair', sort: 'tokens', descending: true })).page(0, 10)[0]).toBe(2);
    lines.applyEdit({ op: 'replace', row: 0, line: pairLine('Two cats?'), previous: pairLine('Why is the sky blue?') });
    expect(await rows('dropped:tie')).toEqual([0, 1]);
    expect(await rows('cut:yes')).toEqual([2]);
    // Rows that are known are not requested again.
    trainer.most = 1000;
    expect(await rows('cut:yes')).toEqual([2]);
    columns.forgetTokens();
    expect(await rows('cut:yes')).toEqual([]);
    scan.close();
    await lines.close();
  });

  it('are counted by the values of fields, the most frequent first', async () => {
    const { lines, scan, columns, searched, find } = await opened([
      pairLine('One?').replace('{', '{"model": "b", '),
      pairLine('Two?').replace('{', '{"model": "a", "source": "x", '),
      pairLine('Three?', 'Same.', 'Same.').replace('{', '{"model": "a", '),
      pairLine('Four?').replace('{', '{"model": ["c", "a"], '),
    ]);
    const shown = await find({ filter: '-one', sort: 'len(prompt)', descending: true });
    const counted = await facetCounts({ ...searched, shown }, ['model', 'source', 'tag', 'problem'], 1);
    expect(counted).toEqual([
      { field: 'model', values: [{ value: 'a', count: 3 }], more: 1 },
      { field: 'source', values: [{ value: 'x', count: 1 }], more: 0 },
      { field: 'tag', values: [{ value: 'todo', count: 1 }], more: 0 },
      { field: 'problem', values: [{ value: 'identical-answers', count: 1 }], more: 0 },
    ]);
    for (const { field, values } of counted)
      for (const { value, count } of values)
        expect((await find({ filter: `-one ${facetQuery(field, value)}` })).length, field).toBe(count);
    await expect(facetCounts({ ...searched, shown }, ['len'], 1)).rejects.toThrow('len is not counted');
    expect(facetQuery('model', 'a "b"')).toBe(String.raw`model:="a \"b\""`);
    scan.close();
    columns.close();
    await lines.close();
  });

  it('are counted by many fields at once, also if some of their columns were computed before', async () => {
    const texts = Array.from({ length: 3 }, (_, i) =>
      pairLine(`Q${i}?`).replace('{', `{"model": "m", "source": "s${i}", `),
    );
    const { lines, scan, columns, searched, find } = await opened(texts);
    const shown = await find({});
    await facetCounts({ ...searched, shown }, ['source'], 9);
    await facetCounts({ ...searched, shown }, ['model', 'problem', 'severity'], 9);
    const fields = ['source', 'model', 'problem', 'severity', 'format', 'kind', 'label', 'tie'];
    const counted = await facetCounts({ ...searched, shown }, fields, 9);
    const totals = counted.map(({ field, values }) => [field, values.reduce((sum, { count }) => sum + count, 0)]);
    expect(Object.fromEntries(totals)).toMatchObject({ source: 3, model: 3, format: 3, kind: 3, tie: 3 });
    scan.close();
    columns.close();
    await lines.close();
  });

  it('are filtered by lengths that are computed once; an edit makes only its own row unknown', async () => {
    const texts = Array.from({ length: 40_000 }, (_, i) => pairLine(`Question ${i}?`, 'x'.repeat(i % 50)));
    const { lines, scan, columns, searched, find } = await opened(texts);
    let computed = 0;
    const counted: SearchedRows['columns'] = Object.assign(Object.create(columns) as RowColumns, {
      compute: (rows: readonly number[], asked: Parameters<RowColumns['compute']>[1]) => {
        computed++;
        return columns.compute(rows, asked);
      },
    });
    const count = async (filter: string): Promise<number> => {
      const search = new RowSearch({ ...plainView, filter }, { ...searched, columns: counted });
      await search.run(() => undefined, new AbortController().signal);
      return search.shown.length;
    };
    expect(await count('len(chosen)>48')).toBe(800);
    expect(computed).toBeGreaterThan(0);
    computed = 0;
    expect(await count('len(chosen)>47')).toBe(1600);
    expect(computed).toBe(0);
    lines.applyEdit({ op: 'replace', row: 7, line: pairLine('New?', 'x'.repeat(49)), previous: texts[7] ?? '' });
    lines.applyEdit({ op: 'delete', row: 48, lines: [texts[48] ?? ''] });
    expect(await count('len(chosen)>47')).toBe(1600);
    expect(computed).toBe(1);
    expect((await find({ filter: 'len(chosen)>48', sort: 'len(chosen)' })).page(0, 3)).toEqual([7, 48, 98]);
    scan.close();
    columns.close();
    await lines.close();
  });

  it('keep their order through edits; a new row comes after the row that it was inserted after', async () => {
    const { lines, scan, find } = await opened(
      Array.from({ length: 6 }, (_, i) =>
        pairLine(`Question ${i}?`, i % 2 ? 'Same.' : 'Yes.', i % 2 ? 'Same.' : 'No.'),
      ),
    );
    const shown = await find({ filter: 'problem' });
    expect(shown.page(0, 10)).toEqual([1, 3, 5]);
    const edits: readonly [Edit, number[]][] = [
      [{ op: 'insert', row: 4, lines: [pairLine('New?')] }, [1, 3, 4, 6]],
      [{ op: 'delete', row: 0, lines: [pairLine('Question 0?')] }, [0, 2, 3, 5]],
      [{ op: 'delete', row: 2, lines: [pairLine('Question 3?')] }, [0, 2, 4]],
      [{ op: 'insert', row: 2, lines: [pairLine('Question 3?')] }, [0, 2, 3, 5]],
    ];
    for (const [edit, rows] of edits) {
      shown.apply(edit);
      expect(shown.page(0, 10)).toEqual(rows);
    }
    scan.close();
    await lines.close();
  });

  it('are shown as they are found; an edit moves them, and the search continues', async () => {
    const { lines, scan, searched } = await opened(
      Array.from({ length: 1000 }, (_, i) => pairLine(`Question ${i % 10}?`, 'Yes. '.repeat(2000))),
    );
    const search = new RowSearch({ ...plainView, filter: '"question 3"' }, searched);
    const steps: number[] = [];
    const seen = (): void => {
      if (search.progress !== null) expect(search.shown.length).toBeLessThanOrEqual(search.progress / 10 + 2);
      if (steps.push(search.shown.length) !== 2) return;
      const edit: Edit = { op: 'insert', row: 0, lines: [pairLine('New?')] };
      lines.applyEdit(edit);
      search.apply(edit);
    };
    expect([search.shown.length, search.progress]).toEqual([0, 0]);
    await search.run(seen, new AbortController().signal);
    expect(steps.length).toBeGreaterThan(5);
    expect(search.progress).toBeNull();
    expect(search.shown.page(0, 200)).toEqual([0, ...Array.from({ length: 100 }, (_, i) => 10 * i + 4)]);
    scan.close();
    await lines.close();
  });

  it('are searched again only if an edit touched them', async () => {
    const { lines, scan } = await opened(Array.from({ length: 300 }, (_, i) => pairLine(`Question ${i}?`)));
    expect(scan.facts.problemRows).toBe(0);
    lines.applyEdit({
      op: 'replace',
      row: 250,
      line: pairLine('Question 250?', 'Same.', 'Same.'),
      previous: pairLine('Question 250?'),
    });
    expect(scan.facts.unknownRows).toBe(1);
    await expect.poll(() => scan.facts.problemsAt(250)).toBe(1);
    expect(scan.facts.problemRows).toBe(1);
    scan.close();
    await lines.close();
  });
});
