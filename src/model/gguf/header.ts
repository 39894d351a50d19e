import { openRegular } from '../../base/node/smallFile';
import { MarginError } from '../../base/pure/marginError';
import { fileProblem } from '../readText';
import { blockTypes, type BlockType } from './blocks';

/*
 * The head of a GGUF file (ggml `docs/gguf.md`, version 2 and 3): metadata, then where each tensor lies. Every count
 * and length in it is a stranger's word: each is held against what is left of the file before anything is made of it.
 */

/** Gemma 3's vocabulary and merges take 16 MB, the longest head known. */
const maxHeaderBytes = 1 << 28;
const maxTensors = 100_000;
const maxKeys = 100_000;
/** The format has no more. */
const maxDimensions = 4;

/** A list of numbers, in as many bytes as the file has for it; truth values are 0 and 1. */
export type GgufNumbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | BigUint64Array
  | BigInt64Array
  | Float64Array;

export type GgufValue = number | boolean | string | readonly string[] | GgufNumbers;

export interface GgufTensor {
  readonly name: string;
  readonly file: string;
  readonly type: BlockType;
  /** Outermost first, as everywhere else; the file has them reversed. */
  readonly shape: readonly number[];
  /** From the start of the file. */
  readonly offset: number;
  readonly bytes: number;
}

export interface GgufHeader {
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

/** The window that was read ends before the head does. */
class NeedMore extends Error {}

function bad(file: string, why: string): MarginError {
  return new MarginError('bad-gguf', `${file} is not a sound GGUF file: ${why}. Download or convert it again.`, {
    file,
  });
}

/** @throws MarginError `missing-file` | `unreadable-file` | `bad-gguf` | `unsupported-dtype` */
export async function readGgufHeader(file: string): Promise<GgufHeader> {
  const handle = await openRegular(file).catch((error: unknown) => {
    throw fileProblem(error, file);
  });
  try {
    const { size } = await handle.stat();
    for (let window = 1 << 20; ; window *= 4) {
      const bytes = new Uint8Array(Math.min(window, size, maxHeaderBytes));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
      if (bytesRead !== bytes.length) throw bad(file, 'it shrank while it was read');
      const header = parseGguf(bytes, size, file);
      if (header) return header;
      if (bytes.length === size || bytes.length === maxHeaderBytes)
        throw bad(file, `its head does not end within ${bytes.length} bytes`);
    }
  } catch (error) {
    throw fileProblem(error, file);
  } finally {
    await handle.close();
  }
}

/**
 * @param bytes the start of a file of `size` bytes
 * @returns null if they end before the head does
 */
export function parseGguf(bytes: Uint8Array, size: number, file: string): GgufHeader | null {
  try {
    return parseWhole(new Cursor(bytes, file), size, file);
  } catch (error) {
    if (error instanceof NeedMore) return null;
    throw error;
  }
}

function parseWhole(cursor: Cursor, size: number, file: string): GgufHeader {
  if (cursor.u32() !== 0x46554747) throw bad(file, 'it does not begin with GGUF');
  const version = cursor.u32();
  if (version !== 2 && version !== 3)
    throw bad(file, `its version is ${version}; 2 and 3 are known, in little-endian order`);
  const [tensorCount, keyCount] = [cursor.count(maxTensors), cursor.count(maxKeys)];
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < keyCount; i++) {
    const key = cursor.text();
    if (metadata.has(key)) throw bad(file, `it has the key "${key}" twice`);
    metadata.set(key, cursor.value(cursor.u32()));
  }
  const infos: GgufTensor[] = [];
  for (let i = 0; i < tensorCount; i++) infos.push(tensorInfo(cursor, file));
  const alignment = metadata.get('general.alignment') ?? 32;
  if (typeof alignment !== 'number' || alignment < 1 || alignment > 1 << 20 || (alignment & (alignment - 1)) !== 0)
    throw bad(file, `its alignment is ${String(alignment)}`);
  const start = Math.ceil(cursor.at / alignment) * alignment;
  return { metadata, tensors: placed(infos, start, alignment, size, file) };
}

function tensorInfo(cursor: Cursor, file: string): GgufTensor {
  const name = cursor.text();
  const rank = cursor.u32();
  if (rank < 1 || rank > maxDimensions) throw bad(file, `tensor ${name} has ${rank} dimensions`);
  const shape = Array.from({ length: rank }, () => cursor.count(Number.MAX_SAFE_INTEGER)).reverse();
  const id = cursor.u32();
  const offset = cursor.count(Number.MAX_SAFE_INTEGER);
  const type = blockTypes.get(id);
  if (!type)
    throw new MarginError(
      'unsupported-dtype',
      `${file}: tensor ${name} has the type ${id}; supported are ${[...blockTypes.values()].map((one) => one.name).join(', ')}`,
    );
  const bytes = (shape.reduce((product, n) => product * n, 1) / type.values) * type.bytes;
  if ((shape.at(-1) ?? 0) % type.values !== 0 || !Number.isSafeInteger(bytes))
    throw bad(file, `tensor ${name} of shape [${shape.join(', ')}] is not made of whole ${type.name} blocks`);
  return { name, file, type, shape, offset, bytes };
}

function placed(
  infos: readonly GgufTensor[],
  start: number,
  alignment: number,
  size: number,
  file: string,
): Map<string, GgufTensor> {
  const tensors = new Map<string, GgufTensor>();
  let end = start;
  for (const info of infos.toSorted((a, b) => a.offset - b.offset)) {
    const offset = start + info.offset;
    if (info.offset % alignment !== 0 || offset < end || offset + info.bytes > size)
      throw bad(file, `tensor ${info.name} lies at ${offset}–${offset + info.bytes} of ${size} bytes`);
    if (tensors.has(info.name)) throw bad(file, `it has the tensor ${info.name} twice`);
    tensors.set(info.name, { ...info, offset });
    end = offset + info.bytes;
  }
  return tensors;
}

/** Value types that are more than a number. */
const [truth, text, list] = [7, 8, 9];

interface NumbersOf {
  readonly BYTES_PER_ELEMENT: number;
  new (bytes: ArrayBuffer): GgufNumbers;
}

/** By value type. */
const numberTypes: Readonly<Record<number, NumbersOf>> = {
  0: Uint8Array,
  1: Int8Array,
  2: Uint16Array,
  3: Int16Array,
  4: Uint32Array,
  5: Int32Array,
  6: Float32Array,
  [truth]: Uint8Array,
  10: BigUint64Array,
  11: BigInt64Array,
  12: Float64Array,
};

class Cursor {
  at = 0;
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly file: string,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  private take(size: number): number {
    const start = this.at;
    if (start + size > this.bytes.length) throw new NeedMore();
    this.at += size;
    return start;
  }

  u32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  /** A u64 that counts something. */
  count(limit: number): number {
    const value = this.view.getBigUint64(this.take(8), true);
    if (value > BigInt(limit)) throw bad(this.file, `it counts ${value} of something; no file has more than ${limit}`);
    return Number(value);
  }

  text(): string {
    const length = this.count(maxHeaderBytes);
    const start = this.take(length);
    return new TextDecoder().decode(this.bytes.subarray(start, start + length));
  }

  value(type: number): GgufValue {
    if (type === text) return this.text();
    if (type === list) return this.list();
    const [value = 0] = this.numbers(type, 1);
    return type === truth ? value !== 0 : Number(value);
  }

  private list(): readonly string[] | GgufNumbers {
    const type = this.u32();
    const length = this.count(maxHeaderBytes);
    if (type !== text) return this.numbers(type, length);
    const texts: string[] = [];
    // Grows with what is really there: a claimed length is no reason to allocate.
    for (let i = 0; i < length; i++) texts.push(this.text());
    return texts;
  }

  private numbers(type: number, length: number): GgufNumbers {
    const Numbers = numberTypes[type];
    if (!Numbers) throw bad(this.file, `it has a value of type ${type}`);
    const start = this.take(length * Numbers.BYTES_PER_ELEMENT);
    return new Numbers(new Uint8Array(this.bytes.subarray(start, this.at)).buffer);
  }
}
