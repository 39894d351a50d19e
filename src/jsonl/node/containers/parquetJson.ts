import type { ParquetParsers } from 'hyparquet';
import { lineText } from '../../lineText';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const thousand = 1000n;

/**
 * How values of Parquet become values that {@link jsonOf} takes. Times become ISO 8601 with all their digits, dates
 * `2024-05-01`. A time outside the range of dates stays a number.
 */
export const parsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (value) => isoTime(value, thousand),
  timestampFromMicroseconds: (value) => isoTime(value, thousand ** 2n),
  timestampFromNanoseconds: (value) => isoTime(value, thousand ** 3n),
  dateFromDays: (days) => isoText(days * 86_400_000)?.slice(0, 10) ?? days,
  stringFromBytes: textOf,
  jsonFromBytes: (bytes) => parsed(textOf(bytes)),
  geometryFromBytes: (bytes) => bytes,
  geographyFromBytes: (bytes) => bytes,
};

/**
 * A row of Parquet as JSON. Structs are objects, lists are lists, and a missing value is null. An integer beyond 2^53
 * becomes its digits as text, because JSON readers round such numbers. A decimal becomes the nearest number. NaN
 * becomes null, because pandas writes missing numbers as NaN. An infinite number becomes its name as text. Bytes become
 * text if they are UTF-8, else base64.
 */
export function jsonOf(row: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(plain(row));
}

function plain(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint')
    return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.isNaN(value) ? null : String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return bytesOf(value);
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(Object.values(value), plain);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

function bytesOf(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    // Not a text, such as an image.
    return Buffer.from(bytes).toString('base64');
  }
}

/** Bytes as text. Bytes that are not UTF-8 become lone surrogates, which the check of the row reports. */
function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && lineText(bytes);
}

function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // A column that only claims to hold JSON.
    return text;
  }
}

/** @param perSecond units of `value` in a second */
function isoTime(value: bigint | undefined, perSecond: bigint): unknown {
  if (value === undefined) return undefined;
  const units = BigInt(value);
  const fraction = ((units % perSecond) + perSecond) % perSecond;
  const text = isoText(Number((units - fraction) / perSecond) * 1000);
  const digits = String(perSecond).length - 1;
  return text === null ? units : `${text.slice(0, -4)}${String(fraction).padStart(digits, '0')}Z`;
}

/** Null for a time that has no ISO form. */
function isoText(milliseconds: number): string | null {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
