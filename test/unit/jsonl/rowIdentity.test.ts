import { describe, expect, it } from 'vitest';
import { at, must } from '../../../src/base/pure/must';
import { identityOf } from '../../../src/jsonl/node/rowIdentity';
import { marginOf, type PairIdentity, rewardOf, rewardsOf, type ScoredPair } from '../../../src/pairs/rowRewards';
import { keyNumber } from '../../../src/pairs/keyNumber';
import { pairKey } from '../../../src/jsonl/node/pairKey';
import { lineEdit } from '../../../src/pairs/pairEdits';
import { pairsIn } from '../../../src/pairs/pairsIn';
import { readPair } from '../../../src/pairs/readPair';
import { defaultPairRule } from '../../../src/pairs/pairRule';
import { detectAll } from '../../../src/pairs/reading';

const pair = '{"prompt": "Q", "chosen": "a", "rejected": "b"}';
const good = '{"prompt": "Q", "completion": "a", "label": true}';
const scored: ScoredPair = {
  chosen: { reward: 0.5, tokens: 3 },
  rejected: { reward: -1, tokens: 4 },
  margin: 1.5,
  before: 0.25,
};

function identity(line: string): PairIdentity {
  const found = identityOf(readPair(line, detectAll));
  if (!found || 'keys' in found) throw new Error(`nothing to score in ${line}`);
  return found;
}

function swapped(line: string): string {
  const { edit } = lineEdit({ kind: 'swap', row: 0 }, line, detectAll);
  return edit.op === 'replace' ? edit.line : '';
}

describe('the reward of a row', () => {
  it('changes sides with its answers, and comes back with a second swap', () => {
    const rewards = new Map([[identity(pair).key, scored]]);
    expect(rewardOf(identity(pair), rewards)).toEqual(scored);
    const exchanged = { chosen: scored.rejected, rejected: scored.chosen, margin: -1.5, before: -0.25 };
    expect(rewardOf(identity(swapped(pair)), rewards)).toEqual(exchanged);
    expect(rewardOf(identity(swapped(swapped(pair))), rewards)).toEqual(scored);
  });

  it('is the row’s own even if a contradicting row with exchanged answers was scored too', () => {
    const own = { ...scored, margin: -9 };
    const rewards = new Map([
      [identity(pair).key, scored],
      [identity(swapped(pair)).key, own],
    ]);
    expect(rewardOf(identity(swapped(pair)), rewards)).toEqual(own);
  });

  it('of a judged answer is that answer’s, and its margin says whether the model agrees with the label', () => {
    const rewards = new Map([[identity(good).key, scored]]);
    expect(rewardOf(identity(good), rewards)).toEqual({
      chosen: scored.chosen,
      rejected: null,
      margin: 0.5,
      before: null,
    });
    expect(rewardOf(identity(swapped(good)), rewards)).toEqual({
      chosen: null,
      rejected: scored.chosen,
      margin: -0.5,
      before: null,
    });
  });

  it('of a bad answer that was scored as the rejected side is found there', () => {
    const bad = swapped(good);
    const empty = { ...scored, chosen: { reward: 0, tokens: 0 } };
    expect(rewardOf(identity(bad), new Map([[identity(bad).key, empty]]))).toEqual({
      chosen: null,
      rejected: scored.rejected,
      margin: 1,
      before: 0.25,
    });
  });

  it('is gone when a text changes', () => {
    const rewards = new Map([[identity(pair).key, scored]]);
    expect(rewardOf(identity(pair.replace('"b"', '"c"')), rewards)).toBeUndefined();
  });
});

describe('the rewards of a list', () => {
  const reading = { ...detectAll, rule: { ...defaultPairRule, name: 'best-all' } } as const;
  const list = readPair('{"prompt": "Q", "responses": ["a", "b", "c"], "scores": [3, 2, 1]}', reading);
  const found = must(identityOf(list), 'the keys');
  const second = keyNumber(pairKey(at(pairsIn(list), 1)));

  it('are those of its pairs, each found by the content of the pair', () => {
    const rewards = rewardsOf(found, new Map([[second, scored]]));
    expect(rewards).toEqual([null, scored]);
    expect(marginOf(rewards)).toBe(1.5);
  });
});
