import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encode } from '../../../../src/model/gguf/encode';

/** Recorded by `test/peer/models/quantize.py`: what ggml's package makes of rows of f32. */
const golden = JSON.parse(readFileSync(join('test', 'unit', 'model', 'gguf', 'q8.json'), 'utf8')) as {
  values: string;
  raw: string;
};
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'base64'));

describe('values of a GGUF tensor', () => {
  it('are quantised to Q8_0 as ggml does, to the last bit', () => {
    const values = new Float32Array(bytesOf(golden.values).buffer);
    expect(values.length).toBe(68 * 32);
    expect(encode(values, 'Q8_0', 'w')).toEqual(bytesOf(golden.raw));
  });

  it('that are no numbers, or too large for the scale in f16, are refused by the tensor’s name', () => {
    const block = (value: number): Float32Array => new Float32Array(32).fill(value);
    expect(() => encode(block(Number.NaN), 'Q8_0', 'blk.0.ffn_up.weight')).toThrow(/blk\.0\.ffn_up\.weight holds NaN/);
    expect(() => encode(block(1e9), 'Q8_0', 'w')).toThrow(/w needs the scale .* beyond the range of float16/);
    expect(() => encode(block(1e5), 'F16', 'w')).toThrow(/w holds 100000, which is beyond the range of float16/);
  });
});
