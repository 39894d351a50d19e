import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pairKey } from '../../../src/jsonl/node/pairKey';
import { newMark, type Verdict } from '../../../src/pairs/marks/mark';
import { markLine } from '../../../src/pairs/marks/markLines';
import { readPair } from '../../../src/pairs/readPair';
import { detectAll } from '../../../src/pairs/reading';
import { CommandLine } from './commandLine';

const program = new CommandLine();

const labels: readonly (readonly [string | null, string | null])[] = [
  ['keep', 'keep'],
  ['keep', 'swap'],
  ['swap', 'swap'],
  ['tie', null],
  ['keep', 'keep'],
];
const rows = labels.map(([anna, ben], i) => ({
  prompt: `Q${i}`,
  chosen: 'a',
  rejected: 'b',
  by: { anna, ben },
  ['5*']: { c: i },
}));
const keys = rows.map((row) => {
  const read = readPair(JSON.stringify(row), detectAll);
  return read.kind === 'pair' ? pairKey(read.pair) : '';
});

async function write(name: string, lines: readonly string[]): Promise<string> {
  await writeFile(join(program.folder, name), `${lines.join('\n')}\n`);
  return name;
}

it('agreement reads the labels of annotators in columns, and lists the rows they disagree on', async () => {
  const file = await write(
    'rows.jsonl',
    rows.map((row) => JSON.stringify(row)),
  );
  const args = ['agreement', file, '--columns', 'by.anna,by.ben', '--list'];
  const { code, out } = await program.run(args);
  expect(code).toBe(0);
  expect(out).toContain('verdict: 5 labelled, 4 by two or more, 1 disputed');
  expect(out).toMatch(/the same label: 0\.750 \(0\.\d+ to 1\.000\)/);
  expect(out).toContain('rows.jsonl:2: verdict: by.anna keep, by.ben swap');
  const json = await program.runHere([...args, '--json', '--resamples', '0']);
  expect(json.json()).toMatchObject([
    {
      dimension: 'verdict',
      labels: ['swap', 'tie', 'keep'],
      pairs: [
        {
          kappa: { value: 0.5 },
          confusion: [
            [1, 0, 0],
            [0, 0, 0],
            [1, 0, 2],
          ],
        },
      ],
    },
    { file, row: 1, line: 2, dimension: 'verdict', labels: { 'by.anna': 'keep', 'by.ben': 'swap' } },
  ]);
  const wrong = await program.runHere(['agreement', file, '--columns', 'by.ana,by.benn']);
  expect(wrong.code).toBe(1);
  expect(wrong.err).toContain('has no row with the labels of two annotators (by.ana, by.benn)');
});

it('agreement reads marks of several reviewers, dimension by dimension, and a model as one more', async () => {
  const file = await write(
    'rows.jsonl',
    rows.map((row) => JSON.stringify(row)),
  );
  const mark = (i: number, by: string, verdict: string | null, helpful: number) =>
    markLine({
      ...newMark(keys[i] ?? '', by),
      verdict: verdict as Verdict | null,
      dimensions: { helpful },
      at: `2026-01-0${i + 1}T00:00:00Z`,
    });
  const marks = (who: 0 | 1, by: string) => labels.map((both, i) => mark(i, by, both[who], i % 3));
  await write('one.marks.jsonl', [...marks(0, 'anna'), 'damaged']);
  await write('two.marks.jsonl', [...marks(1, 'anna'), ...marks(1, '')]);
  await write(
    'rewards.jsonl',
    keys.map((key, i) => JSON.stringify({ key, margin: i === 2 ? -1 : 1 })),
  );
  const { code, err, json } = await program.runHere([
    ...['agreement', file, '--marks', 'one.marks.jsonl', 'two.marks.jsonl', '--rewards', 'rewards.jsonl', '--json'],
  ]);
  expect(code).toBe(0);
  expect(err).toContain('one.marks.jsonl:6 is left out: it is not JSON');
  expect(json()).toMatchObject([
    {
      dimension: 'verdict',
      annotators: ['anna (one.marks.jsonl)', 'anonymous', 'anna (two.marks.jsonl)', 'rewards.jsonl'],
      disputed: 2,
    },
    { dimension: 'helpful', annotators: { length: 3 }, disputed: 0, alpha: { nominal: { value: 1 } } },
  ]);
  const scores = await program.runHere(['agreement', file, '--columns', '5*.c', '--rewards', 'rewards.jsonl']);
  expect(scores.err).toContain('rows.jsonl:1: "5*.c" is 0, and rewards say keep, swap or tie');
});
