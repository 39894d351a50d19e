import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blockTypes, dequantize } from '../../../../src/model/gguf/blocks';

/** Recorded by `test/peer/models/blocks.py`: random blocks, and the values that the `gguf` package reads from them. */
const golden = JSON.parse(readFileSync(join('test', 'unit', 'model', 'gguf', 'blocks.json'), 'utf8')) as Record<
  string,
  { raw: string; values: string }
>;
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

describe('blocks of ggml', () => {
  it('are recorded for every type that is read', () => {
    expect([...blockTypes.values()].map(({ name }) => name).sort()).toEqual(Object.keys(golden).sort());
  });

  it.each([...blockTypes.values()])('of type $name have the values that ggml gives them, to the last bit', (type) => {
    const { raw, values } = golden[type.name] ?? { raw: '', values: '' };
    const expected = new Float32Array(bytesOf(values).slice().buffer);
    expect(expected.length).toBe((bytesOf(raw).length / type.bytes) * type.values);
    expect(dequantize(bytesOf(raw), type)).toEqual(expected);
  });
});
