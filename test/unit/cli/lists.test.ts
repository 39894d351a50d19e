import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { shortRun } from '../../../src/cli/keptRuns';
import { pairsIn } from '../../../src/pairs/pairsIn';
import { detectAll, type Reading } from '../../../src/pairs/reading';
import { readPair } from '../../../src/pairs/readPair';
import { readingOf } from '../../../src/run/reading';
import { parseTrainConfig } from '../../../src/run/trainConfig';
import { temporaryFolder } from '../run/temporaryFolder';
import { CommandLine } from './commandLine';

const program = new CommandLine();
const list = { prompt: 'Q', responses: ['a', 'b', 'c', 'd'], scores: [4, 3, 3, 1] };

async function fileOf(row: object): Promise<string> {
  const file = join(await temporaryFolder(), 'lists.jsonl');
  await writeFile(file, `${JSON.stringify(row)}\n`);
  return file;
}

it.each([
  [[], 'the pair rule best-worst makes 1 pair from it, without a tie.'],
  [['--pair_rule', 'best-all'], 'the pair rule best-all makes 3 pairs from it, without a tie.'],
  [['--pair_rule', 'neighbours'], 'the pair rule neighbours makes 2 pairs from it; 1 tie is dropped.'],
  [
    ['--pair_rule', 'neighbours', '--pair_ties', 'keep'],
    'the pair rule neighbours makes 3 pairs from it, 1 tie among them.',
  ],
  [
    ['--pair_rule', 'gap', '--pair_gap', '2', '--pair_ties', 'both'],
    'the pair rule gap (2 or more) makes 5 pairs from it, two for each of 1 tie.',
  ],
])('check %s says which pairs a list becomes', async (options, sentence) => {
  const { code, out } = await program.runHere(['check', await fileOf(list), ...options]);
  expect([code, out]).toEqual([0, expect.stringContaining(`info: 1 row is a list of answers; ${sentence}`)]);
});

it('convert writes the pairs of the rule', async () => {
  const { out } = await program.runHere(['convert', await fileOf(list), '--to', 'kto', '--pair_rule', 'best-all']);
  expect(out.trim().split('\n')).toHaveLength(6);
});

it('an unknown rule, and a gap for a rule that has none, are wrong usage', async () => {
  const file = await fileOf(list);
  const wrong = await program.runHere(['check', file, '--pair_rule', 'best']);
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('best-worst, best-all, neighbours, gap')]);
  const useless = await program.runHere(['check', file, '--pair_gap', '2']);
  expect([useless.code, useless.err]).toEqual([2, expect.stringContaining('--pair_gap is for --pair_rule gap')]);
});

it('a training config takes the same keys, and its rows are read by them', () => {
  const text = (more: object): string => JSON.stringify({ model_name_or_path: 'm', train_file: 'a.jsonl', ...more });
  const rule = { pair_rule: 'gap', pair_gap: 2, pair_ties: 'keep' };
  expect(readingOf(parseTrainConfig(text(rule), '/a.train.json'))).toMatchObject({
    rule: { name: 'gap', gap: 2, ties: 'keep' },
  });
  expect(() => parseTrainConfig(text({ pair_gap: 2 }), '/a.train.json')).toThrow('pair_gap is for pair_rule "gap"');
});

it('a config without a rule reads each format as the editor does, also that of the runs that suspects trains', () => {
  const right = { prompt: '2 + 2?', chosen: ['4'], rejected: ['5', '3', '22'], num_correct: 1, num_rejected: 3 };
  const scores = { prompt: 'Q', responses: ['a', 'b', 'c'], scores: [1, 2, 3] };
  const plan = { model: 'm', outputDir: '/runs', epochs: 1, learningRate: 1e-4, reading: detectAll };
  const configs = [
    parseTrainConfig(JSON.stringify({ model_name_or_path: 'm', train_file: 'a.jsonl' }), '/a.train.json'),
    shortRun(plan, { run_name: 'suspects', train_file: '/a.jsonl', seed: 1 }),
  ];
  for (const config of configs)
    for (const row of [right, scores]) {
      const read = (reading: Reading) => pairsIn(readPair(JSON.stringify(row), reading));
      expect(read(readingOf(config))).toEqual(read(detectAll));
      expect(read(detectAll)).toHaveLength(row === right ? 3 : 1);
    }
  const ties = { model_name_or_path: 'm', train_file: 'a.jsonl', pair_ties: 'keep' };
  expect(readingOf(parseTrainConfig(JSON.stringify(ties), '/a.train.json')).rule).toMatchObject({
    name: 'best-worst',
    ties: 'keep',
  });
});
