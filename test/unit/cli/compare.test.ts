import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pairKey } from '../../../src/jsonl/node/pairKey';
import { pairsIn } from '../../../src/pairs/pairsIn';
import { readPair } from '../../../src/pairs/readPair';
import { detectAll } from '../../../src/pairs/reading';
import { CommandLine } from './commandLine';
import { golden, model } from './program';

const program = new CommandLine();

async function write(name: string, lines: readonly unknown[]): Promise<string> {
  await writeFile(join(program.folder, name), `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  return name;
}

/** A line of a file of rewards. Both answers have two tokens. */
function rewardOf(key: string, row: number, [chosen, rejected]: readonly [number, number]): object {
  const side = (value: number): object => ({ logp: value * 10, ref_logp: 0, reward: value, tokens: 2 });
  return { row, line: row + 1, key, chosen: side(chosen), rejected: side(rejected), margin: chosen - rejected };
}

function keyOf(pair: object): string {
  const read = readPair(JSON.stringify(pair), detectAll);
  return read.kind === 'pair' ? pairKey(read.pair) : '';
}

describe('compare', () => {
  const rows = ['hep-go', 'hep-go', 'math-prm', 'math-prm'].map((subset, i) => ({
    prompt: `Q${i}`,
    chosen: 'a',
    rejected: 'b',
    subset,
  }));
  const rewards = (values: readonly (readonly [number, number])[]): readonly object[] =>
    values.map((value, i) => rewardOf(keyOf(rows[i] ?? {}), i, value));

  async function files(): Promise<readonly string[]> {
    const file = await write('bench.jsonl', [...rows, { other: 1 }]);
    const a = await write('a.jsonl', rewards([[1, 0], [1, 0], [0, 1], [0, 0]])); // prettier-ignore
    const b = await write('b.jsonl', rewards([[1, 0], [0, 2], [3, 1]])); // prettier-ignore
    return [file, a, b];
  }

  it('counts which of two files of rewards are right, by RewardBench’s subsets and sections', async () => {
    const [file = '', a = '', b = ''] = await files();
    const { code, json } = await program.runHere(['compare', file, '--rewards', a, b, '--json']);
    expect(code).toBe(0);
    expect(json().slice(0, -1)).toMatchObject([
      { row: 0, line: 1, slice: 'hep-go', margins: { 'a.jsonl': 1, 'b.jsonl': 1 }, flip: false },
      { row: 1, line: 2, margins: { 'a.jsonl': 1, 'b.jsonl': -2 }, flip: true },
      { row: 2, line: 3, slice: 'math-prm', margins: { 'a.jsonl': -1, 'b.jsonl': 2 }, flip: true },
    ]);
    expect(json().at(-1)?.['comparison']).toMatchObject({
      measure: 'reward',
      pairs: 3,
      left_out: { rows_without_a_pair: 1, not_scored: { 'a.jsonl': 0, 'b.jsonl': 1 } },
      models: { 'a.jsonl': { right: 2, mean_margin: 1 / 3 }, 'b.jsonl': { right: 2 } },
      slices: [
        { slice: 'hep-go', pairs: 2, models: { 'a.jsonl': { accuracy: 1 }, 'b.jsonl': { accuracy: 0.5 } } },
        { slice: 'math-prm', pairs: 1 },
      ],
      duels: [{ models: ['a.jsonl', 'b.jsonl'], both_right: 1, only_first: 1, only_second: 1, both_wrong: 0, p: 1 }],
      sections: { 'a.jsonl': [{ section: 'Reasoning', score: 164 / (984 + 164) }] },
    });
  });

  it('prints the same for people, with what is left out and the pairs that differ', async () => {
    const [file = '', a = '', b = ''] = await files();
    const { out } = await program.runHere(['compare', file, '--rewards', a, b]);
    expect(out).toContain('3 pairs · an answer’s value: implicit reward');
    expect(out).toMatch(/^Left out: .*1 pair that b\.jsonl did not score\.$/m);
    expect(out).toMatch(/^RewardBench section +a\.jsonl +b\.jsonl$/m);
    expect(out).toContain('the file lacks hep-cpp, hep-java');
    expect(out).toContain('The models differ on 2 pairs:');
  });

  it('takes another measure from the same files, and refuses one they do not have', async () => {
    const [file = '', a = '', b = ''] = await files();
    const { json } = await program.runHere(['compare', file, '--rewards', a, b, '--measure', 'avg', '--json']);
    expect(json()[0]).toMatchObject({ margins: { 'a.jsonl': 5 } });
    const { code, err } = await program.runHere(['compare', file, '--rewards', a, b, '--measure', 'norm']);
    expect([code, err]).toEqual([1, expect.stringContaining('--per_token')]);
  });

  it('leaves out the ties that a rule makes from a list, and counts them', async () => {
    const list = { prompt: 'Q', responses: ['a', 'b', 'c'], scores: [2, 1, 1] };
    const read = readPair(JSON.stringify(list), { ...detectAll, rule: { name: 'neighbours', gap: 1, ties: 'drop' } });
    const scored = pairsIn(read).map((pair) => rewardOf(pairKey(pair), 0, [1, 0]));
    const [file, rewards] = [await write('list.jsonl', [list]), await write('scored.jsonl', scored)];
    const rule = ['--pair_rule', 'neighbours', '--pair_ties', 'keep'];
    const { json } = await program.runHere(['compare', file, '--rewards', rewards, rewards, ...rule, '--json']);
    expect(json().at(-1)?.['comparison']).toMatchObject({ pairs: 1, left_out: { ties: 1 } });
  });

  it('calls models as --name says, and counts judged answers, which have no other answer beside them', async () => {
    const [, a = '', b = ''] = await files();
    const judged = { prompt: 'Q', completion: 'a', label: true };
    const file = await write('judged.jsonl', [...rows, judged, { other: 1 }]);
    const names = ['--name', 'base', '--name', 'tuned, step 5'];
    const { json, out } = await program.runHere(['compare', file, '--rewards', a, b, ...names, '--json']);
    expect(json()[0]).toMatchObject({ margins: { base: 1, 'tuned, step 5': 1 } });
    expect(json().at(-1)?.['comparison']).toMatchObject({ left_out: { rows_without_a_pair: 2, judged_answers: 1 } });
    expect(out).toContain('Only base is right on 1 pair, only tuned, step 5 on 1 pair.');
    const only = await write('only.jsonl', [judged]);
    const { code, err } = await program.runHere(['compare', only, '--rewards', a, b]);
    expect([code, err]).toEqual([1, expect.stringContaining('Left out: 1 judged answer, which no other answer')]);
  });

  it.each([
    ['too few names', ['--rewards', 'a.jsonl', 'b.jsonl', '--name', 'a'], '2 models need 2 names'],
    ['one model', ['--rewards', 'a.jsonl'], 'two models are needed'],
    ['a slice that is no key path', ['--rewards', 'a.jsonl', 'b.jsonl', '--slice', 'a..b'], 'no key path'],
    ['an unknown measure', ['--rewards', 'a.jsonl', 'b.jsonl', '--measure', 'max'], 'one of reward, avg, sum, norm'],
  ])('refuses %s as wrong usage', async (_, options, reason) => {
    const [file = ''] = await files();
    const { code, err } = await program.runHere(['compare', file, ...options]);
    expect([code, err]).toEqual([2, expect.stringContaining(reason)]);
  });

  it('says if no pair was scored by all models', async () => {
    const [, a = '', b = ''] = await files();
    const other = await write('other.jsonl', [{ prompt: 'x', chosen: 'y', rejected: 'z' }]);
    const { code, err } = await program.runHere(['compare', other, '--rewards', a, b]);
    expect([code, err]).toEqual([1, expect.stringContaining('no pair that all models scored')]);
  });
});

describe.skipIf(!existsSync(model))('with the model in ../shared (skipped if it is missing)', () => {
  const pairs = join(golden, 'pairs.jsonl');
  const adapter = join(golden, 'sigmoid-final');

  it('an adapter that DPO trained has a larger mean margin than its base on the pairs it was trained on', async () => {
    const args = ['compare', pairs, '--models', model, adapter, '--base', model, '--measure', 'sum', '--json'];
    const { code, json } = await program.runHere(args);
    expect(code).toBe(0);
    const comparison = json().at(-1)?.['comparison'] as { models: Record<string, { mean_margin: number }> } | undefined;
    const [before, after] = Object.values(comparison?.models ?? {}).map(({ mean_margin: mean }) => mean);
    expect(after).toBeGreaterThan(before ?? NaN);
  });

  it('the margins are those of margin score', async () => {
    const out = join(program.folder, 'rewards.jsonl');
    await program.runHere(['score', pairs, '--model', model, '--adapter', adapter, '--out', out]);
    const compared = await program.runHere([
      'compare',
      pairs,
      '--models',
      adapter,
      '--base',
      model,
      '--rewards',
      out,
      '--json',
    ]);
    const lines = compared.json().slice(0, -1);
    expect(lines.length).toBe(96);
    for (const { margins } of lines) {
      const [scored, read] = Object.values(margins as Record<string, number>);
      expect(scored).toBe(read);
    }
  });

  it('a model without a reference is refused for rewards before anything is scored', async () => {
    const args = ['compare', pairs, '--models', adapter, model, '--base', model, '--measure', 'reward'];
    const { code, err } = await program.runHere(args);
    expect([code, err]).toEqual([2, expect.stringContaining('no reference of its own')]);
  });
});
