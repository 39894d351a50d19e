import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTensor } from '../../../src/model/readWeights';
import { readSafetensorsHeader, writeSafetensors } from '../../../src/model/safetensors';
import { temporaryFolder } from '../run/temporaryFolder';
import { failureOf, writeRaw, type RawSafetensors } from './files';

/** Written by PEFT. */
/** Written by PEFT. */
const golden = 'test/golden/init/adapter_model.safetensors';

const f32 = (begin: number, end: number): object => ({
  dtype: 'F32',
  shape: [(end - begin) / 4],
  data_offsets: [begin, end],
});

const invalid: readonly (readonly [name: string, raw: RawSafetensors, says: RegExp])[] = [
  ['a header longer than the file', { header: {}, dataBytes: 0, claimed: 1000n }, /claims 1000 bytes/],
  ['a header beyond the limit', { header: {}, dataBytes: 0, claimed: 2n ** 63n }, /claims/],
  ['a header that is not JSON', { header: '{"a":', dataBytes: 0 }, /not JSON/],
  ['a header that does not begin with a brace', { header: ' {}', dataBytes: 0 }, /begin with/],
  ['a header that is a list', { header: '[]', dataBytes: 0 }, /begin with/],
  [
    'a tensor named twice',
    {
      header:
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\\u0061":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      dataBytes: 4,
    },
    /"a" twice/,
  ],
  [
    'a field named twice',
    { header: '{"a":{"dtype":"F32","dtype":"F16","shape":[2],"data_offsets":[0,4]}}', dataBytes: 4 },
    /"dtype" twice/,
  ],
  [
    'metadata that is not an object of strings',
    { header: { __metadata__: { format: 1 } }, dataBytes: 0 },
    /__metadata__/,
  ],
  ['a tensor that is not an object', { header: { a: null }, dataBytes: 0 }, /a is not an object/],
  [
    'a negative size',
    { header: { a: { dtype: 'F32', shape: [-1], data_offsets: [0, 4] } }, dataBytes: 4 },
    /no dtype or shape/,
  ],
  [
    'a fractional offset',
    { header: { a: { dtype: 'F32', shape: [1], data_offsets: [0, 4.5] } }, dataBytes: 5 },
    /no data_offsets/,
  ],
  ['a gap', { header: { a: f32(0, 4), b: f32(8, 12) }, dataBytes: 12 }, /ends at 4/],
  ['an overlap', { header: { a: f32(0, 8), b: f32(4, 12) }, dataBytes: 12 }, /ends at 8/],
  [
    'an end before its begin',
    {
      header: {
        a: { dtype: 'F32', shape: [0], data_offsets: [0, 8] },
        b: { dtype: 'F32', shape: [1], data_offsets: [8, 4] },
      },
      dataBytes: 8,
    },
    /is at 8–4/,
  ],
  ['bytes that belong to no tensor', { header: { a: f32(0, 4) }, dataBytes: 8 }, /take 4 bytes, but it has 8 bytes/],
  ['data that ends early', { header: { a: f32(0, 8) }, dataBytes: 4 }, /take 8 bytes, but it has 4 bytes/],
  [
    'a shape that does not fit its bytes',
    { header: { a: { dtype: 'F32', shape: [3], data_offsets: [0, 8] } }, dataBytes: 8 },
    /needs 12 bytes and has 8/,
  ],
  [
    'a shape whose size overflows',
    { header: { a: { dtype: 'F32', shape: [2 ** 40, 2 ** 40], data_offsets: [0, 0] } }, dataBytes: 0 },
    /needs/,
  ],
];

describe('a .safetensors file', () => {
  it.each(invalid)('with %s is refused, and the message names the file', async (_, raw, says) => {
    const file = join(await temporaryFolder(), 'model.safetensors');
    await writeRaw(file, raw);
    const { code, message } = await failureOf(readSafetensorsHeader(file));
    expect(code).toBe('bad-safetensors');
    expect(message).toContain(file);
    expect(message).toMatch(says);
  });

  it('that is shorter than its first field is refused', async () => {
    const file = join(await temporaryFolder(), 'model.safetensors');
    await writeFile(file, 'abc');
    expect((await failureOf(readSafetensorsHeader(file))).message).toMatch(/3 bytes/);
  });

  it('with a type that Margin does not support is refused, and the message names the tensor', async () => {
    const file = join(await temporaryFolder(), 'model.safetensors');
    await writeRaw(file, { header: { 'q.qweight': { dtype: 'U8', shape: [4], data_offsets: [0, 4] } }, dataBytes: 4 });
    expect(await failureOf(readSafetensorsHeader(file))).toMatchObject({
      code: 'unsupported-dtype',
      message: expect.stringMatching(/q\.qweight is U8/),
    });
  });

  it('that is missing, or is a folder, has its own error', async () => {
    const folder = await temporaryFolder();
    expect((await failureOf(readSafetensorsHeader(join(folder, 'no.safetensors')))).code).toBe('missing-file');
    expect((await failureOf(readSafetensorsHeader(folder))).code).toBe('not-a-file');
  });

  it('with padding after the header and with empty tensors is valid', async () => {
    const file = join(await temporaryFolder(), 'model.safetensors');
    await writeRaw(file, {
      header: `${JSON.stringify({ none: { dtype: 'F16', shape: [0, 3], data_offsets: [0, 0] }, a: f32(0, 4) })}    `,
      dataBytes: 4,
    });
    expect((await readSafetensorsHeader(file)).map(({ name, bytes }) => [name, bytes])).toEqual([
      ['none', 0],
      ['a', 4],
    ]);
  });
});

describe('a written .safetensors file', () => {
  it('has the same bits, sorted by name, with data aligned to 8 bytes', async () => {
    const file = join(await temporaryFolder(), 'out.safetensors');
    const odd = new Float32Array([Number.NaN, -0, 1e-45, Number.POSITIVE_INFINITY, 0.1]);
    await writeSafetensors(file, [
      { name: 'b', shape: [5], data: odd },
      { name: 'a', shape: [2, 1], data: new Float32Array([1, 2]).subarray(0) },
    ]);
    const stored = await readSafetensorsHeader(file);
    expect(stored.map(({ name, shape }) => [name, shape])).toEqual([
      ['a', [2, 1]],
      ['b', [5]],
    ]);
    expect((stored[0]?.offset ?? 1) % 8).toBe(0);
    const b = await readTensor(stored[1] ?? { name: '', dtype: 'f32', shape: [], file, offset: 0, bytes: 0 });
    expect(Buffer.from(b.data.buffer)).toEqual(Buffer.from(odd.buffer));
  });

  it('equals the file of the reference implementation for the same tensors', async () => {
    const bytes = await readFile(golden);
    const parameters = await Promise.all((await readSafetensorsHeader(golden)).map(readTensor));
    const file = join(await temporaryFolder(), 'out.safetensors');
    await writeSafetensors(file, parameters.toReversed());
    expect((await readFile(file)).equals(bytes)).toBe(true);
  });

  it('that cannot be written leaves nothing behind', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'blocked'), '');
    await failureOf(writeSafetensors(join(folder, 'blocked', 'out.safetensors'), []));
    expect(await readdir(folder)).toEqual(['blocked']);
  });
});

describe('weights in 16 bits', () => {
  it.each([
    ['F16', [0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00], [1, -2, 2 ** -24, 65504, Number.POSITIVE_INFINITY]],
    ['BF16', [0x3f80, 0xc000, 0x0001, 0x7f80, 0x3e9a], [1, -2, 2 ** -133, Number.POSITIVE_INFINITY, 0.30078125]],
  ])('convert exactly from %s to f32', async (dtype, halves, expected) => {
    const file = join(await temporaryFolder(), 'model.safetensors');
    await writeRaw(file, { header: { a: { dtype, shape: [5], data_offsets: [0, 10] } }, dataBytes: 0 });
    const bytes = await readFile(file);
    await writeFile(file, Buffer.concat([bytes, Buffer.from(Uint16Array.from(halves).buffer)]));
    const [stored] = await readSafetensorsHeader(file);
    expect(stored && [...(await readTensor(stored)).data]).toEqual(expected);
  });
});
