import { describe, expect, it } from 'vitest';
import { answerValue } from '../../../src/reward/answerValue';

const side = { logp: -7, ref_logp: -9, reward: 0.2, tokens: 2, ids: [4, 5], logps: [-3, -4], ref_logps: [-4, -5] };

describe('the value of an answer', () => {
  it.each([
    ['reward', 0.2],
    ['sum', -7],
    ['avg', -3.5],
    ['norm', -5],
  ] as const)('as %s: %d', (measure, value) => expect(answerValue(side, measure)).toBe(value));

  it('cannot be its norm if the log-probs of its tokens are missing', () => {
    const { logp, ref_logp, reward, tokens } = side;
    expect(() => answerValue({ logp, ref_logp, reward, tokens }, 'norm')).toThrow(/--per_token/);
  });
});
