import { describe, expect, it } from 'vitest';
import { reduceSum } from '../../../src/graph/algebra';
import { cos } from '../../../src/graph/elementwise';
import { gradients } from '../../../src/graph/gradients';
import { entryOf } from '../../../src/graph/ops';
import { unbroadcast } from '../../../src/graph/rules';
import { broadcast } from '../../../src/graph/shapes';
import { input, type Tensor } from '../../../src/graph/tensor';
import { topological } from '../../../src/graph/topological';
import { gradientError } from './finiteDifferences';
import { samples, type Sample } from './samples';

/** The result of a sample and its gradients. */
function graphOf({ shapes, build }: Sample): Tensor[] {
  const inputs = shapes.map((shape, i) => input(`x${i}`, 'f32', shape));
  const result = build(...inputs);
  return [result, ...gradients(reduceSum(result), inputs)];
}

describe('the table of ops', () => {
  it('says which shape a result has, in the forward and in the backward pass', () => {
    for (const { op, inputs, shape } of topological(Object.values(samples).flat().flatMap(graphOf))) {
      const [first, ...others] = inputs.map((one) => one.shape);
      const { shape: rule } = entryOf(op);
      if (first === undefined || rule === 'given') continue;
      const all = rule === 'first' ? first : others.reduce((left, right) => broadcast(op, left, right), first);
      expect(shape, op).toEqual(all);
    }
  });

  it('makes an op without a gradient rule an error that names the op', () => {
    const x = input('x', 'f32', ['rows', 4]);
    expect(() => gradients(reduceSum(cos(x)), [x])).toThrow(
      expect.objectContaining({ code: 'no-rule', message: expect.stringContaining('Cos') }),
    );
  });
});

describe('the gradient rule of', () => {
  for (const [op, uses] of Object.entries(samples)) {
    for (const sample of uses) {
      it(`${op} agrees with central differences: ${sample.name}`, async () => {
        const seed = 1 + op.length;
        expect(await gradientError(sample, seed), `seed ${seed}`).toBeLessThan(1e-3);
      });
    }
  }
});

describe('unbroadcast', () => {
  it('does not change a gradient of the right shape', () => {
    const dy = input('dy', 'f32', ['rows', 4]);
    expect(unbroadcast(dy, ['rows', 4])).toBe(dy);
  });

  it('sums a gradient to the shape that was stretched', () => {
    const dy = input('dy', 'f32', ['pairs', 'rows', 4]);
    expect(unbroadcast(dy, ['rows', 1]).shape).toEqual(['rows', 1]);
    expect(unbroadcast(dy, []).shape).toEqual([]);
  });
});
