import { isRecord } from '../../base/pure/isRecord';
import { MarginError } from '../../base/pure/marginError';
import { at } from '../../base/pure/must';
import { type ColumnName, columnNames, isWhole } from './rewardColumns';

/*
 * The columns of rewards as a safetensors file (specification: safetensors README.md, "Format"): 8 bytes with the
 * length of the header, the header as JSON, then the numbers of one column after the other, little-endian. All columns
 * have one dimension, the number of pairs. `key` is U64, whole numbers are I32, others F64. `__metadata__` names the
 * JSONL file by size and time, so a reader sees when it was written again, and has the SHA-256 of `key`.
 * `safetensors.numpy.load_file` reads it.
 */

const format = 'margin-rewards';
const version = '1';
/** The first 8 bytes hold the header's length. */
export const lengthBytes = 8;
/** The header of version 1 has about 1,200 bytes. */
export const maxHeaderBytes = 1 << 16;

/** The JSONL file that columns were made from. */
export interface Source {
  /** In bytes. */
  readonly size: string;
  /** The time of its last change, in nanoseconds since 1970. */
  readonly mtime: string;
}

type StoredName = ColumnName | 'key';

/** Where the numbers of a column are in a file, in bytes. */
export interface Place {
  readonly offset: number;
  readonly bytes: number;
}

export interface ColumnHeader {
  readonly source: Source;
  readonly count: number;
  readonly places: ReadonlyMap<StoredName, Place>;
  /** Of the keys, see `PairKeys.digest`; null in a file that has none. */
  readonly digest: string | null;
}

/** Columns of 8 bytes come first, so that all numbers are aligned. */
const stored: readonly StoredName[] = [
  'key',
  ...columnNames.filter((name) => !isWhole(name)),
  ...columnNames.filter(isWhole),
];

function dtypeOf(name: StoredName): { readonly dtype: string; readonly bytes: number } {
  if (name === 'key') return { dtype: 'U64', bytes: 8 };
  return isWhole(name) ? { dtype: 'I32', bytes: 4 } : { dtype: 'F64', bytes: 8 };
}

/** The columns in the order in which a file has them. */
export const storedNames = stored;

/** The first bytes of a file with so many pairs: length and header. The header is padded to a multiple of 8 bytes. */
export function headerBytes(count: number, source: Source, digest: string): Uint8Array {
  let offset = 0;
  const tensors = stored.map((name) => {
    const { dtype, bytes } = dtypeOf(name);
    const begin = offset;
    offset += count * bytes;
    return [name, { dtype, shape: [count], data_offsets: [begin, offset] }] as const;
  });
  const header = { __metadata__: { format, version, ...source, keys: digest }, ...Object.fromEntries(tensors) };
  const json = JSON.stringify(header);
  const padded = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8));
  const bytes = new Uint8Array(lengthBytes + padded.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded.length), true);
  bytes.set(padded, lengthBytes);
  return bytes;
}

/**
 * Reads a header.
 *
 * @param text without its length
 * @param start where the numbers begin
 * @param size of the whole file, in bytes
 * @throws MarginError `corrupt`; `newer-version`
 */
export function parseHeader(text: string, start: number, size: number, path: string): ColumnHeader {
  const header = asJson(text);
  const metadata = header['__metadata__'];
  if (!isRecord(metadata) || metadata['format'] !== format) throw bad(path);
  if (metadata['version'] !== version)
    throw new MarginError('newer-version', `${path} is from another version of Margin.`, { path });
  const { size: bytes, mtime, keys } = metadata;
  if (typeof bytes !== 'string' || typeof mtime !== 'string') throw bad(path);
  const count = countOf(header['key'], path);
  const places = new Map<StoredName, Place>();
  for (const name of stored) {
    const width = dtypeOf(name);
    const tensor = header[name];
    const offsets = isRecord(tensor) && tensor['dtype'] === width.dtype ? tensor['data_offsets'] : null;
    const [begin, end] = Array.isArray(offsets) ? (offsets as unknown[]) : [];
    if (!Number.isSafeInteger(begin) || Number(begin) < 0 || Number(end) - Number(begin) !== count * width.bytes)
      throw bad(path);
    if (start + Number(end) > size) throw bad(path);
    places.set(name, { offset: start + Number(begin), bytes: count * width.bytes });
  }
  return { source: { size: bytes, mtime }, count, places, digest: typeof keys === 'string' ? keys : null };
}

function countOf(tensor: unknown, path: string): number {
  const shape = isRecord(tensor) ? tensor['shape'] : null;
  const count: unknown = Array.isArray(shape) && shape.length === 1 ? at(shape as unknown[], 0) : null;
  if (!Number.isSafeInteger(count) || Number(count) < 0) throw bad(path);
  return Number(count);
}

function asJson(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    // Text that cannot be parsed names no columns, which is reported.
    return {};
  }
}

function bad(path: string): MarginError {
  return new MarginError('corrupt', `${path} does not hold columns of rewards: the file is damaged.`, { path });
}
