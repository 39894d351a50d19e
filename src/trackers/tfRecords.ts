import type { FileHandle } from 'node:fs/promises';
import { fileError } from '../base/node/fileError';
import { openRegular } from '../base/node/smallFile';
import { crc32c } from './crc32c';

/**
 * TFRecord files: for each record its length (u64), the masked CRC-32C of these eight bytes, the data, and the masked
 * CRC-32C of the data, all little-endian (https://www.tensorflow.org/tutorials/load_data/tfrecord).
 */

const headBytes = 12;
const footBytes = 4;
/** A record with an image has some MB. A longer one is the length of a damaged file. */
const maxRecordBytes = 256 << 20;
const readBytes = 1 << 20;

/** CRC-32C as TFRecord stores it: rotated, and a constant added, because the CRC of bytes that hold CRCs is weak. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** The bytes of one record. */
export function tfRecord(data: Uint8Array): Buffer {
  const record = Buffer.alloc(headBytes + data.length + footBytes);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(maskedCrc(record.subarray(0, 8)), 8);
  record.set(data, headBytes);
  record.writeUInt32LE(maskedCrc(data), headBytes + data.length);
  return record;
}

/**
 * Gives the data of each record of a file to `take`. An incomplete record at the end is left out: it may still be
 * written.
 *
 * @returns the offset of the first damaged record, after which nothing can be read; null if there is none
 * @throws MarginError `not-a-file`, and those of {@link fileError}
 */
export async function readTfRecords(path: string, take: (data: Buffer) => void): Promise<number | null> {
  const file = await openRegular(path);
  try {
    return await readRecords(file, take);
  } catch (error) {
    throw fileError(error, 'read', path);
  } finally {
    await file.close();
  }
}

async function readRecords(file: FileHandle, take: (data: Buffer) => void): Promise<number | null> {
  let bytes = Buffer.alloc(0);
  let offset = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(readBytes), 0, readBytes, offset + bytes.length);
    if (bytesRead === 0) return null;
    bytes = Buffer.concat([bytes, buffer.subarray(0, bytesRead)]);
    const { used, isDamaged } = takeRecords(bytes, take);
    offset += used;
    if (isDamaged) return offset;
    bytes = bytes.subarray(used);
  }
}

/** Takes the whole records at the beginning of some bytes. */
function takeRecords(bytes: Buffer, take: (data: Buffer) => void): { used: number; isDamaged: boolean } {
  let used = 0;
  for (;;) {
    if (bytes.length < used + headBytes) return { used, isDamaged: false };
    const length = Number(bytes.readBigUInt64LE(used));
    const isWrong = maskedCrc(bytes.subarray(used, used + 8)) !== bytes.readUInt32LE(used + 8);
    if (isWrong || length > maxRecordBytes) return { used, isDamaged: true };
    const end = used + headBytes + length;
    if (bytes.length < end + footBytes) return { used, isDamaged: false };
    const data = bytes.subarray(used + headBytes, end);
    if (maskedCrc(data) !== bytes.readUInt32LE(end)) return { used, isDamaged: true };
    take(data);
    used = end + footBytes;
  }
}
