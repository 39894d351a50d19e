import { openRegular } from '../../base/node/smallFile';
import { MarginError } from '../../base/pure/marginError';
import { at } from '../../base/pure/must';
import { fileProblem } from '../readText';
import { blockTypes, type BlockType } from './blocks';

/*
 * The header of a GGUF file (specification: ggml `docs/gguf.md`, versions 2 and 3, little-endian):
 *
 *     bytes  0–3   "GGUF"
 *     bytes  4–7   version, u32
 *     bytes  8–15  number of tensors, u64
 *     bytes 16–23  number of metadata keys, u64
 *     then each key (a string), value type (u32) and value
 *     then each tensor: name, number of dimensions, dimensions (innermost first), type, offset
 *     then, at the next multiple of `general.alignment`, the data; offsets count from here
 *
 * A string is a u64 length and that many UTF-8 bytes. The file may come from anybody, so every count and length is
 * compared with the bytes that are left before memory is allocated for it.
 */

/** The longest known header (Gemma 3: vocabulary and merges) has 16 MB. */
const maxHeaderBytes = 1 << 28;
/** Known models have a few thousand tensors. */
const maxTensors = 100_000;
/** Known files have less than 100 keys. */
const maxKeys = 100_000;
/** `GGML_MAX_DIMS` */
const maxDimensions = 4;
/** The specification's default of `general.alignment`, in bytes. */
const defaultAlignment = 32;
/** Known files align to 32 bytes. */
const maxAlignment = 1 << 20;
/** The first read, in bytes. Each further read starts again with four times as many. */
const firstRead = 1 << 20;

/** "GGUF" as a little-endian u32. */
const magic = 0x46554747;

/** A list of numbers of the file's own type; booleans are bytes of 0 and 1. */
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
  /** Outermost dimension first, [rows, columns]; the file has the innermost first. */
  readonly shape: readonly number[];
  /** Bytes from the start of the file. */
  readonly offset: number;
  readonly bytes: number;
}

export interface GgufHeader {
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

/** The bytes that were read end before the header does. */
class NeedMore extends Error {}

function bad(file: string, why: string): MarginError {
  return new MarginError('bad-gguf', `${file} is not a valid GGUF file: ${why}. Download or convert it again.`, {
    file,
  });
}

/**
 * Reads and checks the header of a GGUF file, and no weights.
 *
 * @throws MarginError `missing-file` | `unreadable-file` | `bad-gguf` | `unsupported-dtype`
 */
export async function readGgufHeader(file: string): Promise<GgufHeader> {
  const handle = await openRegular(file).catch((error: unknown) => {
    throw fileProblem(error, file);
  });
  try {
    const { size } = await handle.stat();
    for (let window = firstRead; ; window *= 4) {
      const bytes = new Uint8Array(Math.min(window, size, maxHeaderBytes));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
      if (bytesRead !== bytes.length) throw bad(file, 'it shrank while it was read');
      const header = parseGguf(bytes, size, file);
      if (header) return header;
      if (bytes.length === size || bytes.length === maxHeaderBytes)
        throw bad(file, `its header does not end within ${bytes.length} bytes`);
    }
  } catch (error) {
    throw fileProblem(error, file);
  } finally {
    await handle.close();
  }
}

/**
 * Parses a header.
 *
 * @param bytes the start of a file of `size` bytes
 * @returns null if the bytes end before the header does
 * @throws MarginError `bad-gguf` | `unsupported-dtype`
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
  if (cursor.u32() !== magic) throw bad(file, 'it does not begin with GGUF');
  const version = cursor.u32();
  if (version !== 2 && version !== 3)
    throw bad(file, `its version is ${version}; Margin reads versions 2 and 3, in little-endian order`);
  const [tensorCount, keyCount] = [cursor.count(maxTensors), cursor.count(maxKeys)];
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < keyCount; i++) {
    const key = cursor.text();
    if (metadata.has(key)) throw bad(file, `it has the key "${key}" twice`);
    metadata.set(key, cursor.value(cursor.u32()));
  }
  const infos: GgufTensor[] = [];
  for (let i = 0; i < tensorCount; i++) infos.push(tensorInfo(cursor, file));
  const alignment = metadata.get('general.alignment') ?? defaultAlignment;
  const isPowerOf2 = typeof alignment === 'number' && (alignment & (alignment - 1)) === 0;
  if (!isPowerOf2 || alignment < 1 || alignment > maxAlignment)
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
  if (at(shape, rank - 1) % type.values !== 0 || !Number.isSafeInteger(bytes))
    throw bad(file, `tensor ${name} of shape [${shape.join(', ')}] does not consist of whole ${type.name} blocks`);
  return { name, file, type, shape, offset, bytes };
}

/** Adds the start of the data to each offset; tensors must be aligned, inside the file, and not overlap. */
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
      throw bad(file, `tensor ${info.name} is at bytes ${offset}–${offset + info.bytes} of ${size}`);
    if (tensors.has(info.name)) throw bad(file, `it has the tensor ${info.name} twice`);
    tensors.set(info.name, { ...info, offset });
    end = offset + info.bytes;
  }
  return tensors;
}

/** Numbers of the metadata value types that are not plain numbers (`gguf_metadata_value_type`). */
const [booleanType, stringType, arrayType] = [7, 8, 9];

interface NumbersOf {
  readonly BYTES_PER_ELEMENT: number;
  new (bytes: ArrayBuffer): GgufNumbers;
}

/** The array class of each numeric value type. */
const numberTypes: Readonly<Record<number, NumbersOf>> = {
  0: Uint8Array,
  1: Int8Array,
  2: Uint16Array,
  3: Int16Array,
  4: Uint32Array,
  5: Int32Array,
  6: Float32Array,
  [booleanType]: Uint8Array,
  10: BigUint64Array,
  11: BigInt64Array,
  12: Float64Array,
};

/** Reads one value after another, and never beyond the bytes that are there. */
class Cursor {
  /** Bytes read so far. */
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

  /** A u64 that is a count or a length. */
  count(limit: number): number {
    const value = this.view.getBigUint64(this.take(8), true);
    if (value > BigInt(limit)) throw bad(this.file, `it has a count of ${value}; no file has more than ${limit}`);
    return Number(value);
  }

  text(): string {
    const length = this.count(maxHeaderBytes);
    const start = this.take(length);
    return new TextDecoder().decode(this.bytes.subarray(start, start + length));
  }

  value(type: number): GgufValue {
    if (type === stringType) return this.text();
    if (type === arrayType) return this.list();
    const value = at<number | bigint>(this.numbers(type, 1), 0);
    return type === booleanType ? value !== 0 : Number(value);
  }

  private list(): readonly string[] | GgufNumbers {
    const type = this.u32();
    const length = this.count(maxHeaderBytes);
    if (type !== stringType) return this.numbers(type, length);
    const texts: string[] = [];
    // The list grows as strings are read: the claimed length may be false.
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
