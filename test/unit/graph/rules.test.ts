import { describe, expect, it } from 'vitest';
import { rules, unbroadcast } from '../../../src/graph/rules';
import { input } from '../../../src/graph/tensor';
import { gradientError } from './finiteDifferences';
import { samples } from './samples';

describe('the table of gradient rules', () => {
  it('has a sample for every rule, and a rule for every sample', () => {
    expect(Object.keys(samples).sort()).toEqual(Object.keys(rules).sort());
  });

  for (const [op, uses] of Object.entries(samples)) {
    for (const sample of uses) {
      it(`${op} agrees with central differences: ${sample.says}`, async () => {
        const seed = 1 + op.length;
        expect(await gradientError(sample, seed), `seed ${seed}`).toBeLessThan(1e-3);
      });
    }
  }
});

describe('unbroadcast', () => {
  it('leaves a gradient of the right shape alone', () => {
    const dy = input('dy', 'f32', ['rows', 4]);
    expect(unbroadcast(dy, ['rows', 4])).toBe(dy);
  });

  it('gives the shape that was stretched', () => {
    const dy = input('dy', 'f32', ['pairs', 'rows', 4]);
    expect(unbroadcast(dy, ['rows', 1]).shape).toEqual(['rows', 1]);
    expect(unbroadcast(dy, []).shape).toEqual([]);
  });
});
