import { describe, expect, it } from 'vitest';
import { freeArrays } from '../../../src/train/freeArrays';

/** Node 20, the oldest that Margin runs on, cannot detach a buffer. */
const detaches = 'transfer' in ArrayBuffer.prototype;

describe('arrays that nobody reads any more', () => {
  it('are freed at once', () => {
    const gradient = new Float32Array(8);
    freeArrays([gradient]);
    expect(gradient.length).toBe(detaches ? 0 : 8);
  });

  it('stay if they are a part of a larger buffer', () => {
    const all = new Float32Array(8);
    freeArrays([all.subarray(2, 4)]);
    expect(all.length).toBe(8);
  });

  it('may be freed twice', () => {
    const gradient = new Float32Array(8);
    expect(() => freeArrays([gradient, gradient])).not.toThrow();
  });
});
