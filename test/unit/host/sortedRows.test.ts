import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listColumns } from '../../../src/pairs/listColumns/columns';
import { pairLine, type SearchedFile, searchedFile } from './searchedFile';

describe('the rows of a view', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'margin-rows-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const opened = (lines: readonly string[]): Promise<SearchedFile> => searchedFile(folder, lines);

  it('are sorted by the texts of a field, numbers in them by their value; rows without a text come last', async () => {
    const models = ['zephyr', 'llama-70b', null, 'llama-8b', 'llama-70b'];
    const texts = models.map(
      (model) => `${pairLine('Q?').slice(0, -1)}${model === null ? '' : `,"model":"${model}"`}}`,
    );
    const { lines, scan, find } = await opened(texts);
    expect((await find({ sort: 'model' })).page(0, 10)).toEqual([3, 1, 4, 0, 2]);
    expect((await find({ sort: 'model', descending: true })).page(0, 10)).toEqual([0, 1, 4, 3, 2]);
    expect((await find({ sort: 'verdict' })).page(0, 10)).toEqual([1, 0, 2, 3, 4]);
    await expect(find({ sort: 'changed' })).rejects.toThrow('changed is a text, not a number');
    scan.close();
    await lines.close();
  });

  it('are sorted by any column of the list: numbers at a key before texts, whatever the direction', async () => {
    const more = [
      '"meta":{"n":10}',
      '"meta":{"n":"b"},"weight":0.5',
      '"weight":2',
      '"meta":{"n":"A"}',
      '"meta":{"n":2}',
    ];
    const questions = ['Why?', 'how 10?', 'How 9?', '', 'And?'];
    const texts = more.map((part, i) => `${pairLine(questions[i] ?? '', `Yes ${i % 2}`).slice(0, -1)},${part}}`);
    const { lines, scan, find } = await opened(texts);
    const order = async (sort: string, descending = false): Promise<readonly number[]> => [
      ...(await find({ sort, descending })).page(0, 10),
    ];
    expect(await order('.meta.n')).toEqual([4, 0, 3, 1, 2]);
    expect(await order('.meta.n', true)).toEqual([1, 3, 0, 4, 2]);
    expect(await order('prompt')).toEqual([4, 2, 1, 0, 3]);
    expect(await order('chosen')).toEqual([0, 2, 4, 1, 3]);
    expect(await order('rejected', true)).toEqual([0, 1, 2, 3, 4]);
    expect(await order('weight')).toEqual([1, 2, 0, 3, 4]);
    expect(await order('strength')).toEqual([1, 0, 2, 3, 4]);
    for (const { sort } of listColumns) expect(await order(sort), sort).toHaveLength(5);
    scan.close();
    await lines.close();
  });

  it('are sorted by margin; rows without one come last in both directions', async () => {
    const { lines, scan, find } = await opened(Array.from({ length: 5 }, (_, i) => pairLine(`Question ${i}?`)));
    expect((await find({ sort: 'margin' })).page(0, 10)).toEqual([0, 1, 3, 4, 2]);
    expect((await find({ sort: 'margin', descending: true })).page(0, 10)).toEqual([4, 3, 1, 0, 2]);
    expect((await find({ filter: '-row:1', sort: '(row-3)*(row-3)' })).page(0, 10)).toEqual([2, 1, 3, 4]);
    scan.close();
    await lines.close();
  });
});
