import { open, rename, type FileHandle } from 'node:fs/promises';
import { removeIfPossible } from '../base/node/replaceFile';
import { temporaryPath } from '../base/node/temporaryFile';
import { openRegular } from '../base/node/smallFile';
import { isRecord } from '../base/pure/isRecord';
import { beyondBounds, type JsonBounds } from '../base/pure/jsonBounds';
import { MarginError } from '../base/pure/marginError';
import type { Dtype } from '../graph/tensor';
import { duplicateKey } from './duplicateKey';
import { joinQuants } from './quants';
import { fileProblem } from './readText';
import type { Parameter, StoredTensor } from './types';

/*
 * The safetensors format (specification: safetensors README.md, "Format"; reference: `safetensors/src/tensor.rs`):
 *
 *     bytes 0–7    length n of the header, u64 little-endian
 *     bytes 8–8+n  the header, a JSON object in UTF-8, which may be padded with spaces at its end
 *     the rest     the tensors' data, row-major, little-endian
 *
 * The header has an entry for each tensor, and optionally `__metadata__`, an object of strings. Offsets count from the
 * start of the data:
 *
 *     { "w": { "dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24] } }
 */

/** The reference implementation's MAX_HEADER_SIZE. */
const maxHeaderBytes = 100_000_000;
/**
 * A header is an object of objects with two lists each: depth 3, and three containers for each tensor. Kimi K2 has the
 * most tensors known, 150,000 in all its files together.
 */
const headerBounds: JsonBounds = { depth: 3, containers: 3 * 300_000 + 2 };
/** Known tensors have up to five dimensions. */
const maxDimensions = 8;
/** The first 8 bytes hold the header's length. */
const lengthBytes = 8;

/** The types that Margin reads, by their names in the format. A U8 holds two 4-bit numbers (`quants.ts`). */
const dtypes = {
  F32: { dtype: 'f32', bytes: 4, values: 1 },
  F16: { dtype: 'f16', bytes: 2, values: 1 },
  BF16: { dtype: 'bf16', bytes: 2, values: 1 },
  I8: { dtype: 'i8', bytes: 1, values: 1 },
  U8: { dtype: 'u4', bytes: 1, values: 2 },
} as const satisfies Readonly<Record<string, { dtype: Dtype; bytes: number; values: number }>>;

export type FileType = keyof typeof dtypes;

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function bad(file: string, why: string): MarginError {
  return new MarginError(
    'bad-safetensors',
    `${file} is not a valid safetensors file: ${why}. Download or export it again.`,
    { file },
  );
}

/**
 * Reads the header of a .safetensors file, and no weights. It checks every rule of the format: the header's length and
 * first byte, no duplicate keys, metadata of strings, sizes that match type and shape, and tensors that cover the whole
 * file without gaps or overlaps.
 *
 * @throws MarginError `missing-file` | `unreadable-file` | `bad-safetensors` | `unsupported-dtype`
 */
export async function readSafetensorsHeader(file: string): Promise<StoredTensor[]> {
  const handle = await openRegular(file).catch((error: unknown) => {
    throw fileProblem(error, file);
  });
  try {
    const { size } = await handle.stat();
    return headerTensors(await readHeader(handle, file, size), size, file);
  } catch (error) {
    throw fileProblem(error, file);
  } finally {
    await handle.close();
  }
}

async function readHeader(handle: FileHandle, file: string, size: number): Promise<Uint8Array> {
  const prefix = new DataView(new ArrayBuffer(lengthBytes));
  if (size < lengthBytes) throw bad(file, `it has ${size} bytes, fewer than the 8 of the header's length`);
  await handle.read(prefix, 0, lengthBytes, 0);
  const length = Number(prefix.getBigUint64(0, true));
  if (length > maxHeaderBytes || length > size - lengthBytes)
    throw bad(file, `its header claims ${length} bytes of a file of ${size}`);
  const header = new Uint8Array(length);
  const { bytesRead } = await handle.read(header, 0, length, lengthBytes);
  if (bytesRead !== length) throw bad(file, 'it shrank while it was read');
  return header;
}

/**
 * The tensors that a header describes, with quantised ones joined ({@link joinQuants}).
 *
 * @param header the bytes of the header, without its length
 * @param size the size of the whole file, in bytes
 * @throws MarginError `bad-safetensors` | `unsupported-dtype`
 */
export function headerTensors(header: Uint8Array, size: number, file: string): StoredTensor[] {
  const start = lengthBytes + header.length;
  const entries = Object.entries(parseHeader(header, file))
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => entryOf(name, value, file));
  checkCoverage(entries, size - start, file);
  return joinQuants(entries.map((entry) => stored(entry, file, start)));
}

function parseHeader(header: Uint8Array, file: string): object {
  // The format allows padding after the object, but not before it.
  if (header[0] !== 0x7b) throw bad(file, 'its header does not begin with {');
  let json: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(header);
  } catch {
    throw bad(file, 'its header is not UTF-8');
  }
  const beyond = beyondBounds(text, headerBounds);
  if (beyond !== null) throw bad(file, `its header is more than a list of tensors: ${beyond}`);
  try {
    json = JSON.parse(text);
  } catch {
    throw bad(file, 'its header is not JSON');
  }
  if (typeof json !== 'object' || json === null) throw bad(file, 'its header is not an object');
  const twice = duplicateKey(text);
  if (twice !== null) throw bad(file, `its header names "${twice}" twice`);
  if ('__metadata__' in json && !isTextRecord(json.__metadata__))
    throw bad(file, 'its __metadata__ is not an object of strings');
  return json;
}

function isTextRecord(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((text) => typeof text === 'string');
}

function entryOf(name: string, value: unknown, file: string): Entry {
  if (!isRecord(value)) throw bad(file, `tensor ${name} is not an object`);
  const { dtype, shape, data_offsets: offsets } = value;
  const isSize = (n: unknown): n is number => Number.isSafeInteger(n) && Number(n) >= 0;
  if (typeof dtype !== 'string' || !Array.isArray(shape) || shape.length > maxDimensions || !shape.every(isSize))
    throw bad(file, `tensor ${name} has no dtype or shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize))
    throw bad(file, `tensor ${name} has no data_offsets`);
  const [begin, end] = offsets as [number, number];
  return { name, type: dtype, shape, begin, end };
}

/** Tensors must follow one another without gaps, and fill the data exactly. */
function checkCoverage(entries: readonly Entry[], dataBytes: number, file: string): void {
  let at = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at || end < begin)
      throw bad(file, `tensor ${name} is at ${begin}–${end}, but the tensor before it ends at ${at}`);
    at = end;
  }
  if (at !== dataBytes) throw bad(file, `its tensors take ${at} bytes, but it has ${dataBytes} bytes of data`);
}

/** A tensor of the file. Its shape counts values; a byte may hold two of them. */
function stored({ name, type, shape, begin, end }: Entry, file: string, start: number): StoredTensor {
  const known = isKnown(type) ? dtypes[type] : null;
  if (!known)
    throw new MarginError('unsupported-dtype', `${file}: tensor ${name} is ${type}; supported are F32, F16, BF16`);
  const bytes = shape.reduce((product, n) => product * n, known.bytes);
  if (bytes !== end - begin)
    throw bad(file, `tensor ${name} of shape [${shape.join(', ')}] needs ${bytes} bytes and has ${end - begin}`);
  const values = shape.map((n, i) => (i === shape.length - 1 ? n * known.values : n));
  return { name, dtype: known.dtype, shape: values, file, offset: start + begin, bytes };
}

const isKnown = (type: string): type is FileType => Object.hasOwn(dtypes, type);

/**
 * A tensor to write. Its data is read when it is written, whole or in pieces, so that no model has to fit in memory.
 */
export interface WrittenTensor {
  readonly name: string;
  readonly type: FileType;
  /** The shape in the header: a packed U8 matrix has half as many columns as values. */
  readonly shape: readonly number[];
  readonly read: () => Promise<ArrayBufferView> | AsyncIterable<ArrayBufferView>;
}

/** Bytes that a tensor takes in a file. */
export function byteSize({ type, shape }: Pick<WrittenTensor, 'type' | 'shape'>): number {
  return shape.reduce((product, n) => product * n, dtypes[type].bytes);
}

/** Writes parameters in f32. The file appears complete or not at all. Errors are Node's file errors. */
export async function writeSafetensors(file: string, parameters: Iterable<Parameter>): Promise<void> {
  await writeTensors(
    file,
    [...parameters].map(({ name, shape, data }) => ({ name, type: 'F32', shape, read: async () => data })),
  );
}

/**
 * Writes tensors as the reference implementation does: wider types first, then by name, with the header padded to a
 * multiple of 8 bytes. The file appears complete or not at all. Errors are Node's file errors, and those of `read`.
 */
export async function writeTensors(file: string, tensors: Iterable<WrittenTensor>): Promise<void> {
  const sorted = [...tensors].sort((a, b) => dtypes[b.type].bytes - dtypes[a.type].bytes || (a.name < b.name ? -1 : 1));
  const temporary = temporaryPath(file);
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(headerOf(sorted));
      for (const { read } of sorted) {
        const data = read();
        const pieces = Symbol.asyncIterator in data ? data : [await data];
        for await (const piece of pieces)
          await handle.writeFile(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength));
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await removeIfPossible(temporary);
    throw error;
  }
}

function headerOf(sorted: readonly WrittenTensor[]): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let at = 0;
  for (const tensor of sorted) {
    header[tensor.name] = { dtype: tensor.type, shape: tensor.shape, data_offsets: [at, (at += byteSize(tensor))] };
  }
  const json = JSON.stringify(header);
  const text = Buffer.from(json + ' '.repeat((8 - (Buffer.byteLength(json) % 8)) % 8));
  const bytes = new Uint8Array(lengthBytes + text.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, lengthBytes);
  return bytes;
}
