import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pairKey } from '../../../src/jsonl/node/pairKey';
import { type Mark, newMark, type Verdict } from '../../../src/pairs/marks/mark';
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
  expect(out).toContain('  5 labelled, 4 by two or more, 1 disputed');
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
  const { code, json } = await program.runHere([
    ...['agreement', file, '--marks', 'one.marks.jsonl', 'two.marks.jsonl', '--rewards', 'rewards.jsonl', '--json'],
  ]);
  expect(code).toBe(0);
  expect(json()).toMatchObject([
    { note: expect.stringContaining('one.marks.jsonl:6 is left out: it is not JSON') },
    {
      dimension: 'verdict',
      annotators: ['anna (one.marks.jsonl)', 'anonymous', 'anna (two.marks.jsonl)', 'rewards.jsonl'],
      disputed: 2,
    },
    { dimension: 'helpful', annotators: { length: 3 }, disputed: 0, alpha: { nominal: { value: 1 } } },
    { annotator: 'anna (one.marks.jsonl)', verdicts: 5, bias: null, pace: null },
    { annotator: 'anonymous', verdicts: 4 },
    { annotator: 'anna (two.marks.jsonl)', verdicts: 4 },
  ]);
  const scores = await program.runHere(['agreement', file, '--columns', '5*.c', '--rewards', 'rewards.jsonl']);
  expect(scores.err).toContain('rows.jsonl:1: "5*.c" is 0, and rewards say keep, swap or tie');
});

it('agreement leaves out who adjudicated, lists the decision, and tells bias and pace of each reviewer', async () => {
  const file = await write(
    'rows.jsonl',
    rows.map((row) => JSON.stringify(row)),
  );
  const mark = (i: number, by: string, verdict: Verdict, part: Partial<Mark> = {}) =>
    markLine({ ...newMark(keys[i] ?? '', by), verdict, at: `2026-01-01T00:00:${10 * (i + 1)}Z`, ...part });
  const blind = { blind: true, first: 'chosen' } as const;
  await write('rows.marks.jsonl', [
    ...[0, 1, 2, 3].map((i) => mark(i, 'anna', 'keep', blind)),
    ...[0, 1, 2, 3].map((i) => mark(i, 'ben', i === 1 ? 'swap' : 'keep')),
    // Anna decides later what she and Ben disagree on: her own label stays.
    mark(1, 'anna', 'swap', { adjudicates: true, at: '2026-01-02T00:00:00Z' }),
  ]);
  const args = ['agreement', file, '--marks', 'rows.marks.jsonl', '--list', '--json'];
  const { json } = await program.runHere(args);
  expect(json()).toMatchObject([
    { dimension: 'verdict', annotators: ['anna', 'ben'], compared: 4, disputed: 1 },
    { annotator: 'anna', verdicts: 4, bias: { verdicts: 4, forFirst: 4, share: 1 }, pace: 10 },
    { annotator: 'ben', verdicts: 4, bias: null, pace: 10 },
    { row: 1, key: keys[1], prompt: 'Q1', adjudicated: 'swap', labels: { anna: 'keep', ben: 'swap' } },
  ]);
  const all = await program.runHere([...args, '--agreed']);
  expect(all.json().slice(3)).toMatchObject([{ row: 0, adjudicated: null }, { row: 1 }, { row: 2 }, { row: 3 }]);
  const text = await program.runHere(args.slice(0, -1));
  expect(text.out).toContain('anna: 4 verdicts, 10.0 s a pair, 100 % of 4 blind verdicts for the answer shown first');
  expect(text.out).toContain('rows.jsonl:2: verdict: anna keep, ben swap; decided: swap');
});

it('agreement names a model by its run and step, because all runs name their files alike', async () => {
  const file = await write(
    'rows.jsonl',
    rows.map((row) => JSON.stringify(row)),
  );
  for (const run of ['one', 'two']) {
    await mkdir(join(program.folder, run, 'rewards'), { recursive: true });
    await write(
      join(run, 'rewards', 'step-000050.jsonl'),
      keys.map((key) => JSON.stringify({ key, margin: run === 'one' ? 1 : -1 })),
    );
  }
  const rewards = ['one', 'two'].map((run) => join(run, 'rewards', 'step-000050.jsonl'));
  const { json } = await program.runHere([
    'agreement',
    file,
    '--columns',
    'by.anna',
    '--rewards',
    ...rewards,
    '--json',
  ]);
  expect(json()).toMatchObject([{ annotators: ['by.anna', 'one step 50', 'two step 50'], disputed: 5 }]);
});
