import { isRecord } from '../base/pure/isRecord';
import { MarginError } from '../base/pure/marginError';
import type { Crc32 } from './blockSums';
import { concatBytes } from './bytes';
import type { ColumnValues } from './packedValues';

/** The bytes of a file that a column was computed from: their number, and what identifies them. */
export interface ColumnSource {
  readonly bytes: number;
  /** Of the full blocks of checksums. */
  readonly digest: string;
  /** The checksum of the bytes after these. */
  readonly tail: number;
}

/** A column of all rows of a file. */
export interface StoredColumnFile {
  /** Differs between the columns of a file, and between programs that compute a column differently. */
  readonly key: string;
  readonly source: ColumnSource;
  readonly values: ColumnValues;
}

/**
 * The first bytes of a stored column, with the version of the format. A machine with another byte order reads another
 * number.
 */
const mark = 0x4d_43_4f_01;
const numberBytes = 4;

/** How many bytes a code or a yes-or-no answer takes. Numbers take 8. */
type Width = 1 | 2 | 4 | 8;

interface Head {
  readonly key: string;
  readonly source: ColumnSource;
  readonly kind: ColumnValues['kind'];
  readonly rows: number;
  readonly width: Width;
  /** Of labels. */
  readonly lists: readonly (readonly string[])[];
}

/** A column as bytes: mark, length of the head, head, values, and the CRC-32 of all that. */
export function packColumn({ key, source, values }: StoredColumnFile, crc32: Crc32): Uint8Array {
  const lists = values.kind === 'labels' ? values.lists : [];
  const width = widthOf(values);
  const head: Head = { key, source, kind: values.kind, rows: values.values.length, width, lists };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const start = Uint32Array.of(mark, text.length);
  const body = concatBytes([bytesOf(start), text, bytesOf(narrow(values.values, width))]);
  return concatBytes([body, bytesOf(Uint32Array.of(crc32(body)))]);
}

/** Reads a column from its bytes. @throws MarginError `bad-column` if a byte is missing or has changed */
export function unpackColumn(bytes: Uint8Array, crc32: Crc32): StoredColumnFile {
  const end = bytes.length - numberBytes;
  if (end < 2 * numberBytes || crc32(bytes.subarray(0, end)) !== numberAt(bytes, end))
    throw damaged('its checksum is wrong');
  if (numberAt(bytes, 0) !== mark) throw damaged('it is of another version');
  const start = 2 * numberBytes + numberAt(bytes, numberBytes);
  const head: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(2 * numberBytes, start)));
  if (!isHead(head)) throw damaged('its head is of another form');
  const { key, source, rows, width, lists } = head;
  if (end - start !== rows * width) throw damaged('its rows do not add up');
  // A copy: the bytes of a file may begin anywhere in memory, but numbers must be aligned.
  const { buffer } = new Uint8Array(bytes.subarray(start, end));
  return { key, source, values: valuesOf(head.kind, buffer, width, lists) };
}

function valuesOf(kind: Head['kind'], buffer: ArrayBuffer, width: Width, lists: Head['lists']): ColumnValues {
  if (kind === 'number') return { kind, values: new Float64Array(buffer) };
  if (kind === 'match') return { kind, values: new Uint8Array(buffer) };
  const codes = width === 1 ? new Uint8Array(buffer) : width === 2 ? new Uint16Array(buffer) : new Int32Array(buffer);
  return { kind, values: new Int32Array(codes), lists };
}

function widthOf(values: ColumnValues): Width {
  if (values.kind !== 'labels') return values.kind === 'number' ? 8 : 1;
  return values.lists.length <= 1 << 8 ? 1 : values.lists.length <= 1 << 16 ? 2 : 4;
}

function narrow(values: ColumnValues['values'], width: Width): ColumnValues['values'] | Uint16Array<ArrayBuffer> {
  if (width === 8 || values.BYTES_PER_ELEMENT === width) return values;
  return width === 1 ? new Uint8Array(values) : new Uint16Array(values);
}

function isHead(value: unknown): value is Head {
  if (!isRecord(value) || !isRecord(value['source']) || !Array.isArray(value['lists'])) return false;
  const { key, rows, width } = value;
  return typeof key === 'string' && typeof rows === 'number' && typeof width === 'number';
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBuffer>): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function numberAt(bytes: Uint8Array, offset: number): number {
  return new DataView(new Uint8Array(bytes.subarray(offset, offset + numberBytes)).buffer).getUint32(0, true);
}

function damaged(why: string): MarginError {
  return new MarginError('bad-column', why);
}
