import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  cumulative,
  heatStep,
  heatSteps,
  largestSize,
  partingToken,
  tokenRewards,
} from '../../../../src/pairs/tokenRewards/tokenRewards';
import { tokensOf } from '../../../../src/run/tokenLists';
import { rewardIn } from '../../../../src/run/rewardLine';

/** Three pairs of the sample after a run of 12 steps, as `margin score --per_token` wrote them. */
const scored = readFileSync('test/golden/token-rewards.jsonl', 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => rewardIn(line, 'token-rewards.jsonl'));

describe('rewards of tokens', () => {
  it('add up to the reward of their answer', () => {
    for (const reward of scored) {
      const { beta, ...pair } = tokensOf(reward, 'here');
      for (const side of ['chosen', 'rejected'] as const) {
        const rewards = tokenRewards(beta, pair[side]);
        expect(rewards).toHaveLength(reward[side].tokens);
        expect(Math.abs(Number(cumulative(rewards).at(-1)) - reward[side].reward)).toBeLessThan(1e-4);
      }
    }
  });

  it('are β times the difference of the log-probs', () => {
    expect([...tokenRewards(0.5, { logps: [-1, -2], ref_logps: [-3, -1] })]).toEqual([1, -0.5]);
    expect([...cumulative([1, -0.5, 2])]).toEqual([1, 0.5, 2.5]);
    expect([...tokenRewards(0.5, { logps: [], ref_logps: [] })]).toEqual([]);
  });

  it.each([
    [[1, 2, 3], [1, 2, 4], 2],
    [[1, 2], [1, 2, 3], 2],
    [[], [5], 0],
    [[1, 2], [1, 2], null],
  ])('part where %j and %j first differ', (chosen, rejected, index) => {
    expect(partingToken(chosen, rejected)).toBe(index);
  });

  it('get colours that are symmetric, and strongest at the largest reward', () => {
    const scale = largestSize([0.1, -2], [1]);
    expect(scale).toBe(2);
    expect(heatStep(2, scale)).toBe(heatSteps);
    expect(heatStep(-2, scale)).toBe(-heatSteps);
    expect(heatStep(0.3, scale)).toBe(-heatStep(-0.3, scale));
    expect(heatStep(0, scale)).toBe(0);
    expect(heatStep(0, largestSize([], [0]))).toBe(0);
  });

  it('are missing in a file that was scored without them, which the error says', () => {
    const [first] = scored;
    if (!first) throw new Error('The file is empty.');
    const { beta, ...old } = first;
    expect(beta).toBe(0.1);
    expect(() => tokensOf(old, 'a.jsonl:3')).toThrow(/a\.jsonl:3 has no rewards of tokens.*--per_token/);
    const cut = { ...first, chosen: { ...first.chosen, logps: [0] } };
    expect(() => tokensOf(cut, 'a.jsonl:3')).toThrow(/no rewards of tokens/);
  });
});
