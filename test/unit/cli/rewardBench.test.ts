import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { at } from '../../../src/base/pure/must';
import { pairKey } from '../../../src/jsonl/node/pairKey';
import { pairsIn } from '../../../src/pairs/pairsIn';
import { detectAll } from '../../../src/pairs/reading';
import { readPair } from '../../../src/pairs/readPair';
import { CommandLine } from './commandLine';

/** What test/peer/rewardBench.py recorded: values of answers by model and row, and the scores by model. */
interface Recorded {
  readonly values: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly scores: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

interface Section {
  readonly section: string;
  readonly score: number;
  readonly missing: readonly string[];
}

const program = new CommandLine();

/** Files of rewards with the recorded values, of the first rows. */
async function recorded(name: string, left = 0): Promise<{ said: Recorded; args: readonly string[] }> {
  const file = resolve(`test/golden/rewardbench/${name}.jsonl`);
  const said = JSON.parse(readFileSync(file.replace(/l$/, ''), 'utf8')) as Recorded;
  const rows = readFileSync(file, 'utf8').trim().split('\n');
  const files: string[] = [];
  for (const [model, values] of Object.entries(said.values)) {
    const side = (value: number): object => ({ logp: value, ref_logp: 0, reward: value, tokens: 1 });
    const lines = rows.slice(0, rows.length - left).flatMap((line, row) => {
      // Chosen and rejected of a pair; of a list, the first right answer and each other one, right ones first.
      const [first, ...others] = at(values, row);
      return pairsIn(readPair(line, detectAll)).map((pair, i) => ({
        row,
        line: row + 1,
        key: pairKey(pair),
        chosen: side(first ?? NaN),
        rejected: side(at(others, i)),
        margin: (first ?? NaN) - at(others, i),
      }));
    });
    await writeFile(join(program.folder, model), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    files.push(model);
  }
  return { said, args: ['compare', file, '--rewards', ...files] };
}

async function sections(args: readonly string[]): Promise<Record<string, readonly Section[]>> {
  const { json, code, err } = await program.runHere([...args, '--json']);
  expect([code, err]).toEqual([0, '']);
  return (at(json(), json().length - 1)['comparison'] as { sections: Record<string, readonly Section[]> }).sections;
}

describe('the scores of a file in a benchmark’s shape are those of the package rewardbench', () => {
  it.each([
    ['RewardBench', 'first'],
    ['RewardBench 2', 'second'],
  ])('%s', async (_, name) => {
    const { said, args } = await recorded(name);
    const found = await sections(args);
    for (const [model, scores] of Object.entries(said.scores)) {
      const own = new Map(found[model]?.map(({ section, score }) => [section, score]));
      for (const [section, score] of Object.entries(scores)) expect(own.get(section), section).toBeCloseTo(score, 12);
    }
  });
});

describe('a file of RewardBench 2', () => {
  it('has a table of its subsets with their mean, and its plain accuracy without ties', async () => {
    const { args } = await recorded('second');
    const { out } = await program.runHere(args);
    expect(out).toMatch(/^RewardBench section +one +other$/m);
    expect(out).toMatch(/^Ties +\d/m);
    expect(out).toMatch(/^Mean of the subsets +\d/m);
    expect(out).toMatch(/^Left out: \d+ ties\.$/m);
  });

  it('says how many prompts lack values, and says so if all do', async () => {
    const { args } = await recorded('second', 2);
    const found = await sections(args);
    expect(found['one']?.at(-1)?.missing).toEqual(['values of all answers of 2 prompts']);
    const { err, out } = await program.runHere([...args, '--pair_rule', 'best-worst']);
    expect(err).toContain('no prompt has values of all its answers');
    expect(out).not.toContain('RewardBench section');
  });

  it('is compared by any other column without these scores', async () => {
    const { args } = await recorded('second');
    const { out } = await program.runHere([...args, '--slice', 'num_correct']);
    expect(out).not.toContain('RewardBench section');
  });
});
