import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { at } from '../../../../src/base/pure/must';
import { fitLogistic, type Matrix } from '../../../../src/pairs/statistics/logistic';

interface Recorded {
  readonly cases: readonly {
    readonly name: string;
    readonly x: readonly (readonly number[])[];
    readonly y: readonly number[];
    readonly ridge: readonly number[];
    readonly plain?: readonly number[];
    readonly errors?: readonly number[];
    readonly logLikelihood?: number;
  }[];
}
const { cases } = JSON.parse(readFileSync('test/unit/pairs/statistics/recorded.json', 'utf8')) as Recorded;

describe('logistic regression', () => {
  for (const { name, x, y, ridge, plain, errors, logLikelihood } of cases) {
    it(`with a ridge of 1 has the weights of scikit-learn with C = 1: ${name}`, () => {
      const fit = fitLogistic(matrix(x), y, 1);
      expect(fit.converged).toBe(true);
      close(fit.weights, ridge);
    });
    if (plain && errors)
      it(`without a ridge has the weights, standard errors and likelihood of statsmodels: ${name}`, () => {
        const fit = fitLogistic(matrix(x), y, 0);
        close(fit.weights, plain);
        close(fit.errors, errors);
        close([fit.logLikelihood], [logLikelihood ?? Number.NaN]);
      });
  }

  it('gives a feature that never differs the weight 0', () => {
    const fit = fitLogistic({ values: [1, 0, 2, 0, -1, 0], rows: 3, columns: 2 }, [1, 1, 0], 1);
    expect(at(fit.weights, 1)).toBe(0);
  });
});

function matrix(rows: readonly (readonly number[])[]): Matrix {
  return { values: rows.flat(), rows: rows.length, columns: at(rows, 0).length };
}

function close(values: readonly number[], expected: readonly number[]): void {
  expect(values).toHaveLength(expected.length);
  for (const [i, value] of values.entries()) expect(Math.abs(value - at(expected, i))).toBeLessThan(1e-6);
}
