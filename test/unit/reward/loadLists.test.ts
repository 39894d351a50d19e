import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ChatTemplate } from '../../../src/model/chatTemplate';
import type { PairRule } from '../../../src/pairs/pairRule';
import { defaultPairRule } from '../../../src/pairs/pairRule';
import { detectAll } from '../../../src/pairs/reading';
import { loadPairs } from '../../../src/reward/loadPairs';
import { rowRemarks } from '../../../src/reward/remarks';
import type { LoadedPairs } from '../../../src/reward/rowCollector';
import { indexRange } from '../../../src/reward/rowStore';
import { temporaryFolder } from '../run/temporaryFolder';
import { limit } from '../model/limit';
import { characters } from './characters';

const chat = new ChatTemplate("{% for m in messages %}{{ m['content'] }}{% endfor %}", 'f', {}, limit);

const lists = [
  { prompt: 'Q', responses: ['aa', 'bb', 'cc'], scores: [3, 2, 1], weight: 2 },
  { prompt: 'R', responses: ['aa', 'bb', 'cc'], scores: [3, 1, 1] },
  { prompt: 'S', responses: ['aa', 'bb'], scores: [1, 1] },
];

async function load(rule: Partial<PairRule>, ties = false): Promise<LoadedPairs> {
  const file = join(await temporaryFolder(), 'lists.jsonl');
  await writeFile(file, lists.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const reading = { ...detectAll, rule: { ...defaultPairRule, ...rule } };
  const loaded = await loadPairs(file, { ...characters, chat }, { reading, maxLength: 100, weights: true, ties });
  onTestFinished(() => loaded.rows.close());
  return loaded;
}

async function linesOf({ rows }: LoadedPairs): Promise<number[]> {
  return (await rows.read(indexRange(0, rows.count))).map(({ line }) => line);
}

it('a list is loaded as the pairs of its rule, each with the weight of its row', async () => {
  const loaded = await load({ name: 'best-all' });
  expect(await linesOf(loaded)).toEqual([1, 1, 2, 2]);
  expect(loaded.weighted).toMatchObject({ count: 2, lines: 1, first: [1] });
});

it('a list from which the rule makes no pair is left out with the reason, and the remarks say what the rule made', async () => {
  const loaded = await load({});
  expect(await linesOf(loaded)).toEqual([1, 2]);
  expect(rowRemarks('a.jsonl', loaded).map(({ message }) => message)).toEqual([
    '1 row of a.jsonl is left out: The rule best-worst makes no pair from the 2 answers (line 3)',
    'a.jsonl: 3 rows are lists of answers; the pair rule best-worst makes 2 pairs from them; 1 tie is dropped. 1 row makes no pair. Other rules: best-all 4, neighbours 3, gap (1 or more) 5.',
    '1 row of a.jsonl has a weight of its own, which multiplies its loss; TRL would ignore it: line 1',
  ]);
});

it('ties that are kept are scored, but not trained on', async () => {
  const rule = { name: 'neighbours', ties: 'keep' } as const;
  const training = await load(rule);
  expect(await linesOf(training)).toEqual([1, 1, 2]);
  expect(rowRemarks('a.jsonl', training).map(({ message }) => message)).toContain(
    '2 ties of a.jsonl are left out: none of their answers is better: lines 2, 3',
  );
  expect(await linesOf(await load(rule, true))).toEqual([1, 1, 2, 2, 3]);
});

it('ties both ways are two pairs', async () => {
  expect(await linesOf(await load({ name: 'neighbours', ties: 'both' }))).toEqual([1, 1, 2, 2, 2, 3, 3]);
});
