import { describe, expect, it } from 'vitest';
import { at } from '../../../src/base/pure/must';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import type { AnswerList } from '../../../src/pairs/answerList';
import { rewardBench2 } from '../../../src/pairs/formats/rewardBench2';
import { ruleOfShape } from '../../../src/pairs/formats/ruleOfShape';
import {
  asPairRule,
  countPairs,
  countsPerRule,
  defaultPairRule,
  type PairRule,
  pairRuleNames,
  pairsOfList,
  tieChoices,
} from '../../../src/pairs/pairRule';
import { pairsIn } from '../../../src/pairs/pairsIn';
import { detectAll } from '../../../src/pairs/reading';
import { readPair } from '../../../src/pairs/readPair';
import { integer, pick as pickFrom } from './random';

const listOf = (values: readonly (number | null)[], best: AnswerList['best'] = 'highest'): AnswerList => ({
  style: 'chat',
  prompt: [{ role: 'user', content: 'Q' }],
  answers: values.map((value, i) => ({ turns: [{ role: 'assistant', content: String(i) }], value, model: null })),
  key: 'responses',
  measure: 'scores',
  best,
});

/** Pairs as "chosen>rejected", ties as "one=other", by the positions of the answers in the row. */
function made(values: readonly (number | null)[], rule: Partial<PairRule>, best?: AnswerList['best']): string[] {
  return pairsOfList(listOf(values, best), { ...defaultPairRule, ...rule }).map(
    ({ chosen, rejected, tie }) => `${chosen[0]?.content}${tie ? '=' : '>'}${rejected[0]?.content}`,
  );
}

describe('a pair rule', () => {
  const values = [1, 4, 2, 3];

  it.each([
    ['best-worst', ['1>0']],
    ['best-all', ['1>3', '1>2', '1>0']],
    ['neighbours', ['1>3', '3>2', '2>0']],
    ['gap', ['1>2', '1>0', '3>0']],
  ] as const)('%s makes its pairs', (name, pairs) => {
    expect(made(values, { name, gap: 2 })).toEqual(pairs);
  });

  it('takes the lowest rank as the best', () => {
    expect(made(values, { name: 'best-worst' }, 'lowest')).toEqual(['0>1']);
  });

  it.each([
    ['drop', ['0>1']],
    ['keep', ['0>1', '1=2']],
    ['both', ['0>1', '1>2', '2>1']],
  ] as const)('with ties: %s, never orders equal answers by their position', (ties, pairs) => {
    expect(made([5, 3, 3], { name: 'neighbours', ties })).toEqual(pairs);
  });

  it('counts the scores 0.3 and 0.2 as a gap of 0.1', () => {
    expect(made([0.3, 0.2], { name: 'gap', gap: 0.1 })).toEqual(['0>1']);
  });

  it('leaves out answers without a score, and makes no pair from one answer', () => {
    expect(made([null, 2, 1], { name: 'best-all' })).toEqual(['1>2']);
    for (const name of pairRuleNames) expect(made([null, 2], { name })).toEqual([]);
  });
});

it('any rule makes as many pairs as it counts, and chosen scores higher unless it is a tie', () => {
  const seed = Date.now() % 1e9;
  const random = seededRandom(seed);
  const pick = <T>(from: readonly T[]): T => pickFrom(random, from);
  for (let i = 0; i < 3000; i++) {
    const values = Array.from({ length: integer(random, 8) }, () => pick([null, -1, 0, 0.5, 1, 1, 2, 7]));
    const best = pick(['highest', 'lowest'] as const);
    const rule: PairRule = { name: pick(pairRuleNames), gap: pick([0.5, 1, 3]), ties: pick(tieChoices) };
    const list = listOf(values, best);
    const pairs = pairsOfList(list, rule);
    const what = `seed ${seed}, ${JSON.stringify({ values, best, rule })}`;
    const valueOf = (turns: readonly { readonly content: string }[]): number =>
      Number(values[Number(turns[0]?.content)]);
    for (const { chosen, rejected, tie } of pairs) {
      const lead = (valueOf(chosen) - valueOf(rejected)) * (best === 'highest' ? 1 : -1);
      if (tie || (rule.ties === 'both' && lead === 0)) expect(lead === 0, what).toBe(true);
      else expect(lead, what).toBeGreaterThan(0);
      if (rule.name === 'gap' && lead !== 0) expect(lead, what).toBeGreaterThanOrEqual(rule.gap);
    }
    expect(countPairs(list, rule).pairs, what).toBe(pairs.length);
    expect(countsPerRule(list, rule)[rule.name], what).toBe(pairs.length);
    expect(pairs.some(({ tie }) => tie) && rule.ties !== 'keep', what).toBe(false);
  }
});

it('a rule that was stored is read back, and any other value is not a rule', () => {
  const rule = { name: 'gap', gap: 0.5, ties: 'keep' };
  expect(asPairRule(JSON.parse(JSON.stringify(rule)))).toEqual(rule);
  const others = [
    null,
    'gap',
    {},
    { ...rule, gap: 0 },
    { ...rule, gap: '1' },
    { ...rule, ties: 'some' },
    { ...rule, name: 'worst' },
  ];
  expect(others.map(asPairRule)).toEqual(others.map(() => null));
});

describe('without a chosen rule', () => {
  const row = (more: object): string =>
    JSON.stringify({ prompt: '2 + 2?', chosen: ['4', 'four'], rejected: ['5', '3'], num_correct: 2, ...more });

  it('rows of RewardBench 2 become all pairs of the first right answer, the other right ones as ties', () => {
    const result = readPair(row({}), detectAll);
    expect(pairsIn(result).map(({ rejected, tie }) => [at(rejected, 0).content, tie ?? false])).toEqual([
      ['four', true],
      ['5', false],
      ['3', false],
    ]);
    expect(ruleOfShape(rewardBench2.label).name).toBe('best-all');
  });

  it('a chosen rule counts more, and other lists become best-worst', () => {
    expect(pairsIn(readPair(row({}), { ...detectAll, rule: defaultPairRule }))).toHaveLength(1);
    expect(ruleOfShape('any other shape')).toEqual(defaultPairRule);
  });
});
