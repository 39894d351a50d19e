import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { MarginError } from '../../../src/base/pure/marginError';
import { parseGguf } from '../../../src/model/gguf/header';
import { headerTensors } from '../../../src/model/safetensors';
import { caseCount } from '../cases';

const cases = caseCount(20_000);
/** The headers have a few hundred to a few thousand bytes, so memory allocated for a false length shows. */
const maxAllocated = 1 << 20;
const seed = Number(process.env.MARGIN_SEED ?? 4);

interface Placed {
  readonly offset: number;
  readonly bytes: number;
}

/** Flips, overwrites, repeats and cuts bytes, up to four times. */
function damaged(valid: Uint8Array, random: () => number): Uint8Array {
  const below = (limit: number): number => Math.floor(random() * limit);
  let bytes = Uint8Array.from(valid);
  for (let i = below(4); i >= 0; i--) {
    const at = below(bytes.length);
    const kind = below(5);
    if (kind === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
    else if (kind === 1) bytes[at] = below(256);
    else if (kind === 2) bytes.fill(0xff, at, at + 1 + below(8));
    else if (kind === 3) bytes.copyWithin(at, below(bytes.length), bytes.length);
    else bytes = bytes.slice(0, Math.max(1, at));
  }
  return bytes;
}

/** Allocated bytes, inside and outside the heap; garbage counts until it is collected. */
function allocated(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/**
 * Every damaged header is refused with a reason, or describes tensors inside the file. Returns how many were refused
 * and read, and the most bytes that one of them allocated.
 */
function fuzz(
  valid: Uint8Array,
  size: number,
  parse: (bytes: Uint8Array) => Iterable<Placed>,
): { refused: number; read: number; most: number } {
  const random = seededRandom(seed);
  const result = { refused: 0, read: 0, most: 0 };
  for (let i = 0; i < cases; i++) {
    const bytes = damaged(valid, random);
    const before = allocated();
    try {
      for (const { offset, bytes: length } of parse(bytes)) {
        if (!(offset >= 0 && length >= 0 && offset + length <= size))
          throw new Error(`case ${i}: a tensor at ${offset} of ${length} bytes`);
      }
      result.read++;
    } catch (error) {
      if (!(error instanceof MarginError)) throw error;
      result.refused++;
    }
    result.most = Math.max(result.most, allocated() - before);
  }
  return result;
}

describe(`${cases.toLocaleString('en')} damaged headers (seed ${seed})`, () => {
  it('of safetensors are refused, or describe tensors inside the file', () => {
    const entries = { a: [2, 3], 'b.weight': [4], c: [1, 1, 5] };
    let end = 0;
    const table = Object.entries(entries).map(([name, shape]) => [
      name,
      { dtype: 'F32', shape, data_offsets: [end, (end += 4 * shape.reduce((x, y) => x * y))] },
    ]);
    const valid = Buffer.from(JSON.stringify({ __metadata__: { format: 'pt' }, ...Object.fromEntries(table) }));
    const size = 8 + valid.length + end;
    expect(headerTensors(valid, size, 'f')).toHaveLength(3);
    const { refused, read, most } = fuzz(valid, size, (bytes) => headerTensors(bytes, size, 'f'));
    expect(refused).toBeGreaterThan(cases / 2);
    expect(read).toBeGreaterThan(0);
    expect(most).toBeLessThan(maxAllocated);
  });

  it('of quantised weights in the cache are refused, or describe tensors inside the file', () => {
    const entries = {
      'a.w': ['U8', [2, 32]],
      'a.w.minimum': ['F32', [2, 2]],
      'a.w.scale': ['F32', [2, 2]],
      'b.w': ['I8', [2, 32]],
      'b.w.scale': ['F32', [2, 2]],
    } as const;
    let end = 0;
    const table = Object.entries(entries).map(([name, [dtype, [rows, columns]]]) => [
      name,
      { dtype, shape: [rows, columns], data_offsets: [end, (end += rows * columns * (dtype === 'F32' ? 4 : 1))] },
    ]);
    const valid = Buffer.from(JSON.stringify(Object.fromEntries(table)));
    const size = 8 + valid.length + end;
    const parse = (bytes: Uint8Array): Placed[] =>
      headerTensors(bytes, size, 'f').flatMap((tensor) => [
        tensor,
        tensor.quantised?.scale ?? tensor,
        tensor.quantised?.minimum ?? tensor,
      ]);
    expect(headerTensors(valid, size, 'f').map(({ dtype, shape }) => [dtype, shape])).toEqual([
      ['u4', [2, 64]],
      ['i8', [2, 32]],
    ]);
    const { refused, read, most } = fuzz(valid, size, parse);
    expect(refused).toBeGreaterThan(cases / 2);
    expect(read).toBeGreaterThan(0);
    expect(most).toBeLessThan(maxAllocated);
  });

  it('of GGUF are refused, or describe tensors inside the file', () => {
    const whole = readFileSync(join('test', 'unit', 'model', 'gguf', 'phi3.gguf'));
    const first = Math.min(
      ...[...(parseGguf(whole, whole.length, 'f')?.tensors.values() ?? [])].map(({ offset }) => offset),
    );
    const valid = whole.subarray(0, first);
    const { refused, read, most } = fuzz(
      valid,
      whole.length,
      (bytes) => parseGguf(bytes, whole.length, 'f')?.tensors.values() ?? [],
    );
    expect(refused).toBeGreaterThan(cases / 10);
    expect(read).toBeGreaterThan(0);
    expect(most).toBeLessThan(maxAllocated);
  });
});

describe('a list in the metadata of a GGUF file', () => {
  const u32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer);
  const u64 = (value: number): Buffer => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
  const header = (type: number, length: number, bytes: number): Uint8Array =>
    Buffer.concat([
      Buffer.from('GGUF'),
      u32(3),
      u64(0),
      u64(1),
      u64(1),
      Buffer.from('k'),
      u32(9),
      u32(type),
      u64(length),
      Buffer.alloc(bytes),
    ]);
  /** The median of five runs: sometimes V8 allocates about 100 KB to compile a hot function, or collects garbage. */
  const allocatedBy = (bytes: Uint8Array): { allocated: number; list: unknown } => {
    const once = (): { allocated: number; list: unknown } => {
      const before = allocated();
      const found = parseGguf(bytes, bytes.length, 'f');
      return { allocated: allocated() - before, list: found?.metadata.get('k') };
    };
    return Array.from({ length: 5 }, once).toSorted((a, b) => a.allocated - b.allocated)[2] ?? once();
  };
  const length = 1 << 20;

  it.each([
    [0, 1],
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 4],
    [5, 4],
    [6, 4],
    [7, 1],
    [10, 8],
    [11, 8],
    [12, 8],
  ])('of numbers of type %i allocates as many bytes as the file has', (type, size) => {
    const { allocated: bytes, list } = allocatedBy(header(type, length, size * length));
    expect(list).toMatchObject({ length, byteLength: size * length });
    expect(bytes).toBeLessThan(size * length + 100_000);
  });

  it.each([0, 8, 12])('of type %i with a false length allocates nothing', (type) => {
    const { allocated: bytes, list } = allocatedBy(header(type, 1 << 28, 100));
    expect(list).toBeUndefined();
    expect(bytes).toBeLessThan(100_000);
  });
});
