import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgedOf } from '../../../src/pairs/judged';
import { readPair } from '../../../src/pairs/readPair';
import { detectAll } from '../../../src/pairs/reading';
import { loadJudged, type JudgedOptions } from '../../../src/reward/loadJudged';
import { rowRemarks } from '../../../src/reward/remarks';
import { loadPairs } from '../../../src/reward/loadPairs';
import type { LoadedRow } from '../../../src/reward/rowStore';
import type { LoadedPairs } from '../../../src/reward/rowCollector';
import type { TextTokenizer } from '../../../src/model/tokenizer';
import { ChatTemplate } from '../../../src/model/chatTemplate';
import { failureOf } from '../model/files';
import { temporaryFolder } from '../run/temporaryFolder';
import { limit } from '../model/limit';
import { characters } from './characters';
import { all } from './rows';

const tokenizer: TextTokenizer = {
  ...characters,
  chat: new ChatTemplate(
    "{% for m in messages %}{{ m['content'] }}.{% endfor %}{% if add_generation_prompt %}>{% endif %}",
    'f',
    {},
    limit,
  ),
};
const text = (ids: readonly number[]): string => tokenizer.decode(ids);

async function fileOf(...rows: readonly unknown[]): Promise<string> {
  const file = join(await temporaryFolder(), 'rows.jsonl');
  await writeFile(file, rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'));
  return file;
}

type Loaded = Omit<LoadedPairs, 'rows'> & { readonly rows: readonly LoadedRow[] };

async function inMemory(loading: Promise<LoadedPairs>): Promise<Loaded> {
  const loaded = await loading;
  const rows = await all(loaded.rows);
  await loaded.rows.close();
  return { ...loaded, rows };
}

async function load(rows: readonly unknown[], options: Partial<JudgedOptions> = {}): Promise<Loaded> {
  return inMemory(
    loadJudged(await fileOf(...rows), tokenizer, { reading: detectAll, maxLength: null, mismatchIn: 2, ...options }),
  );
}

const row = (prompt: string, completion: string, label: boolean, more: object = {}): object => ({
  prompt,
  completion,
  label,
  ...more,
});
const abc = [row('1', 'a', true), row('2', 'b', false), row('3', 'c', true)];

it('lists of answers are left out of KTO by name and count, with what to do, and no rule is said to make pairs', async () => {
  const list = { prompt: 'Q', responses: ['a', 'b'], scores: [2, 1] };
  const options = { reading: detectAll, maxLength: null, mismatchIn: null };
  const loaded = await loadJudged(await fileOf(...abc, list, list), tokenizer, options);
  await loaded.rows.close();
  const said = rowRemarks('a.jsonl', loaded).map(({ message }) => message);
  expect(said.join('\n')).toMatch(/^2 rows of a.jsonl are left out: The row is a list of answers; .*convert --to kto/);
  expect(said.join('\n')).not.toContain('pair rule');
});

describe('judged answers', () => {
  it('are trained with the answer of the row before in the batch, and the first with the last one', async () => {
    const four = [...abc, row('4', 'd', false), row('5', 'e', true)];
    const others = async (mismatchIn: number | null): Promise<string[]> =>
      (await load(four, { mismatchIn })).rows.map(({ training }) => text(training.rejected));
    expect(await others(2)).toEqual(['b$', 'a$', 'd$', 'c$', 'e$']);
    expect(await others(5)).toEqual(['e$', 'a$', 'b$', 'c$', 'd$']);
    expect(await others(null)).toEqual(['', '', '', '', '']);
    const { rows } = await load(four);
    expect(rows.map(({ training }) => [text(training.prompt), text(training.chosen), training.desirable])).toEqual([
      ['1', 'a$', true],
      ['2', 'b$', false],
      ['3', 'c$', true],
      ['4', 'd$', false],
      ['5', 'e$', true],
    ]);
  });

  it('are scored as pairs with one side, so a margin above 0 agrees with the label', async () => {
    const { rows } = await load(abc);
    expect(rows.map(({ pair }) => [text(pair.chosen), text(pair.rejected)])).toEqual([
      ['a$', ''],
      ['', 'b$'],
      ['c$', ''],
    ]);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(3);
  });

  it('can be conversations, which end as the chat template ends them', async () => {
    const turns = (role: string, content: string): object[] => [{ role, content }];
    const { rows } = await load([{ prompt: turns('user', 'Q'), completion: turns('assistant', 'yes'), label: true }]);
    expect([text(rows[0]?.training.prompt ?? []), text(rows[0]?.training.chosen ?? [])]).toEqual(['Q.', 'yes.']);
  });

  it('are truncated after the prompt, and so is the other answer, of which more may fit than after its own prompt', async () => {
    const { rows, truncated, tooLong } = await load(
      [row('12345', 'abc', true), row('1', 'wxyz', false), row('123456', 'a', true)],
      { maxLength: 6 },
    );
    expect(rows.map(({ training }) => [text(training.chosen), text(training.rejected)])).toEqual([
      ['a', 'w'],
      ['wxyz$', 'abc$'],
    ]);
    expect([truncated, tooLong]).toMatchObject([
      { count: 1, first: [1] },
      { count: 1, first: [3] },
    ]);
  });

  it.each([
    [{ prompt: 'a', completion: 'b' }, /label is missing: write true/],
    [{ prompt: 'a', completion: 'b', label: 1 }, /label is the number 1: write true/],
    [{ prompt: 'a', chosen: 'b', rejected: 'c' }, /trainer "kto" takes single answers/],
    [{ prompt: 'a', completion: [], label: true }, /two texts or two lists/],
    [3, /The line holds a number/],
  ])('are not made from %j', (value, reason) => {
    expect(judgedOf(readPair(JSON.stringify(value), detectAll))).toMatch(reason);
  });

  it('leave out other rows with their line, and need at least one', async () => {
    const { rows, unusable } = await load([abc[0], '{', '', { text: 'x' }, abc[1]]);
    expect(rows.map(({ line }) => line)).toEqual([1, 5]);
    expect(unusable).toMatchObject({ count: 2, first: [2, 4] });
    expect(await failureOf(load([{ prompt: 'a', chosen: 'b', rejected: 'c' }]))).toMatchObject({
      code: 'no-usable-pairs',
      message: expect.stringMatching(/rows\.jsonl:1: .*dpo/),
    });
    expect(await failureOf(load([row('12', 'a', true)], { maxLength: 2 }))).toMatchObject({
      code: 'all-too-long',
      message: expect.stringContaining('Raise max_length'),
    });
  });
});

describe('a weight of a row', () => {
  const pairs = [
    { prompt: 'q', chosen: 'a', rejected: 'b', weight: 0.5 },
    { prompt: 'q', chosen: 'a', rejected: 'b' },
    { prompt: 'q', chosen: 'a', rejected: 'b', weight: null },
  ];

  it('is trained with, for pairs and for judged answers', async () => {
    const loaded = await inMemory(
      loadPairs(await fileOf(...pairs), tokenizer, { reading: detectAll, maxLength: null, weights: true }),
    );
    expect(loaded.rows.map(({ training }) => training.weight)).toEqual([0.5, undefined, undefined]);
    expect((await load([row('1', 'a', true, { weight: 3 })], { weights: true })).rows[0]?.training.weight).toBe(3);
  });

  it.each(['high', -1, true])('of %j leaves the row out, with line and reason', async (weight) => {
    const file = await fileOf(pairs[0], { ...pairs[1], weight });
    const { rows, unusable } = await inMemory(
      loadPairs(file, tokenizer, { reading: detectAll, maxLength: null, weights: true }),
    );
    expect(rows.map(({ line }) => line)).toEqual([1]);
    expect(unusable.reasons).toEqual([
      [expect.stringMatching(/^weight multiplies /), expect.objectContaining({ count: 1, first: [2] })],
    ]);
  });
});
