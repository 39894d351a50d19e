import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { openRegular } from '../base/node/smallFile';
import { beyondBounds, type JsonBounds } from '../base/pure/jsonBounds';
import { MarginError } from '../base/pure/marginError';
import type { Dtype } from '../graph/tensor';
import { duplicateKey } from './duplicateKey';
import { joinQuants } from './quants';
import { fileProblem } from './readText';
import type { Parameter, StoredTensor } from './types';

/**
 * Limit of the reference implementation (`safetensors/src/tensor.rs`, MAX_HEADER_SIZE): a header is not a place for
 * data.
 */
const maxHeaderBytes = 100_000_000;
/**
 * A header is an object of objects that hold two lists. Kimi K2, the model with the most tensors known, has 150,000 in
 * all its files; an entry with its two lists counts three times.
 */
const headerBounds: JsonBounds = { depth: 3, containers: 3 * 300_000 + 2 };
/** Known tensors have up to five dimensions. */
const maxDimensions = 8;

/** Types by their names in the format. Bytes in U8 hold two numbers of four bits each. */
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
    `${file} is not a sound safetensors file: ${why}. Download or export it again.`,
    { file },
  );
}

/**
 * The tensors of a .safetensors file, from its header alone. Every rule of the format is checked: header size, opening
 * brace, no key twice, text metadata, no gaps, no overlap, the whole file covered, sizes that match type and shape.
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
  const prefix = new DataView(new ArrayBuffer(8));
  if (size < 8) throw bad(file, `it has ${size} bytes, fewer than the 8 of the header's length`);
  await handle.read(prefix, 0, 8, 0);
  const length = Number(prefix.getBigUint64(0, true));
  if (length > maxHeaderBytes || length > size - 8)
    throw bad(file, `its header claims ${length} bytes of a file of ${size}`);
  const header = new Uint8Array(length);
  const { bytesRead } = await handle.read(header, 0, length, 8);
  if (bytesRead !== length) throw bad(file, 'it shrank while it was read');
  return header;
}

/** @param header what lies between the header's length and the data of a file of `size` bytes */
export function headerTensors(header: Uint8Array, size: number, file: string): StoredTensor[] {
  const start = 8 + header.length;
  const entries = Object.entries(parseHeader(header, file))
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => entryOf(name, value, file));
  checkCoverage(entries, size - start, file);
  return joinQuants(entries.map((entry) => stored(entry, file, start)));
}

function parseHeader(header: Uint8Array, file: string): object {
  // Padding is allowed behind the object, never before it.
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
    throw bad(file, 'its __metadata__ is not a table of texts');
  return json;
}

function isTextRecord(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === 'string')
  );
}

function entryOf(name: string, value: unknown, file: string): Entry {
  const {
    dtype,
    shape,
    data_offsets: offsets,
  } = (value ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  const isSize = (n: unknown): n is number => Number.isSafeInteger(n) && Number(n) >= 0;
  if (typeof dtype !== 'string' || !Array.isArray(shape) || shape.length > maxDimensions || !shape.every(isSize))
    throw bad(file, `tensor ${name} has no dtype or shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize))
    throw bad(file, `tensor ${name} has no data_offsets`);
  const [begin, end] = offsets as [number, number];
  return { name, type: dtype, shape, begin, end };
}

function checkCoverage(entries: readonly Entry[], dataBytes: number, file: string): void {
  let at = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at || end < begin)
      throw bad(file, `tensor ${name} lies at ${begin}–${end}, but the one before it ends at ${at}`);
    at = end;
  }
  if (at !== dataBytes) throw bad(file, `its tensors cover ${at} bytes and it holds ${dataBytes}`);
}

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
 * A tensor to be written, read when its turn comes, whole or piece by piece: neither a model nor a matrix need be in
 * memory at once.
 */
export interface WrittenTensor {
  readonly name: string;
  readonly type: FileType;
  /** As it stands in the file. */
  readonly shape: readonly number[];
  readonly read: () => Promise<ArrayBufferView> | AsyncIterable<ArrayBufferView>;
}

/** What a tensor takes in a file. */
export function byteSize({ type, shape }: Pick<WrittenTensor, 'type' | 'shape'>): number {
  return shape.reduce((product, n) => product * n, dtypes[type].bytes);
}

export async function writeSafetensors(file: string, parameters: Iterable<Parameter>): Promise<void> {
  await writeTensors(
    file,
    [...parameters].map(({ name, shape, data }) => ({ name, type: 'F32', shape, read: async () => data })),
  );
}

/**
 * Writes tensors as the reference implementation does: sorted by falling size of an element, then by name, header
 * padded to 8 bytes. The file appears whole or not at all.
 */
export async function writeTensors(file: string, tensors: Iterable<WrittenTensor>): Promise<void> {
  const sorted = [...tensors].sort((a, b) => dtypes[b.type].bytes - dtypes[a.type].bytes || (a.name < b.name ? -1 : 1));
  const temporary = `${file}.tmp-${process.pid}`;
  try {
    const handle = await open(temporary, 'w');
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
    await rm(temporary, { force: true });
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
  const bytes = new Uint8Array(8 + text.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}
