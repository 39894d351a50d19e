import { describe, expect, it } from 'vitest';
import { at, must } from '../../../src/base/pure/must';

describe('must', () => {
  it('passes on values that count as false', () => {
    expect([must(0, 'zero'), must('', 'text'), must(false, 'flag')]).toEqual([0, '', false]);
  });

  it.each([null, undefined])('names what is missing: %s', (value) => {
    expect(() => must(value, 'the gradient of lora_A')).toThrow('the gradient of lora_A is missing');
  });
});

describe('at', () => {
  it('reads lists and typed arrays', () => {
    expect([at(['a'], 0), at(Float32Array.of(0), 0)]).toEqual(['a', 0]);
  });

  it.each([-1, 2, 0.5])('throws outside the list: %s', (index) => {
    expect(() => at([1, 2], index)).toThrow(`Item ${index} of a list of 2 is missing`);
  });
});
