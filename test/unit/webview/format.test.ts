import { describe, expect, it } from 'vitest';
import { actionForKey } from '../../../webview/pairEditor/actions';
import { compact, counted, duration, megabytes, signed } from '../../../webview/shared/format';

describe('numbers in the views', () => {
  it('have a sign of the same width, unless they round to zero', () => {
    expect([1.318, -0.041, -0.001, 0].map((value) => signed(value))).toEqual(['+1.32', '−0.04', '0.00', '0.00']);
    expect(signed(-1.25, 1)).toBe('−1.3');
  });

  it('of curves have three or four digits, or an exponent', () => {
    const values = [0.6931, -12.345, 234.56, 4e-6, 1.5e5, 0, Number.NaN];
    expect(values.map(compact)).toEqual(['0.693', '−12.3', '234.6', '4.0e-6', '1.5e+5', '0.00', '–']);
  });

  it('of time, size and count have their units', () => {
    expect([0.2, 45, 89.6, 90, 5400, 7500].map(duration)).toEqual([
      '1 s',
      '45 s',
      '90 s',
      '2 min',
      '1 h 30 min',
      '2 h 5 min',
    ]);
    expect([8.4e8, 1.2e9].map(megabytes)).toEqual(['840 MB', '1.2 GB']);
    expect(counted(12000)).toBe('12,000');
  });
});

describe('the keys of the pair editor', () => {
  it('lead to actions, in upper and lower case', () => {
    const keys = ['s', 'S', 'F2', 'Delete', 'ArrowDown', '/', 'q'];
    expect(keys.map(actionForKey)).toEqual(['swap', 'swap', 'edit', 'delete', 'next', 'focusFilter', null]);
  });
});
