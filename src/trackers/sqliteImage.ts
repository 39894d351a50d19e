import { stat } from 'node:fs/promises';
import { nullIfMissing } from '../base/node/jsonFile';
import { fileError } from '../base/node/fileError';
import { readSmallFile } from '../base/node/smallFile';
import { MarginError } from '../base/pure/marginError';

/**
 * An SQLite database as one image in memory. SQLite in WebAssembly cannot share memory with another process, so it
 * cannot read a write-ahead log, in which a running program keeps its newest pages. This module adds them to the image
 * (https://www.sqlite.org/fileformat2.html, sections 1.3 and 4).
 */

const maxBytes = 1 << 30;
const walHeadBytes = 32;
const frameHeadBytes = 24;
/** The last bit says in which byte order the checksums add up the words. */
const walMagic = 0x377f0682;
const magic = Buffer.from('SQLite format 3\0');
/** Readings of a database that another program changes meanwhile. */
const maxTries = 5;

/**
 * Reads a database and the committed pages of its write-ahead log.
 *
 * @returns the image of a database that has no log
 * @throws MarginError `corrupt` | `busy` | `too-large`, and those of {@link fileError}
 */
export async function readSqliteImage(path: string): Promise<Uint8Array> {
  for (let tries = 0; tries < maxTries; tries++) {
    const before = await sizeAndTime(`${path}-wal`);
    const wal = await nullIfMissing(readSmallFile(`${path}-wal`, maxBytes));
    const database = await readSmallFile(path, maxBytes);
    const isRolledBack = (await sizeAndTime(`${path}-journal`)).startsWith('0 ');
    if (isRolledBack && before === (await sizeAndTime(`${path}-wal`))) return imageOf(path, database, wal);
  }
  throw new MarginError('busy', `${path} changes all the time. Try again when the program that writes it rests.`, {
    path,
  });
}

/** `0 ` with no time for a file that is missing. */
async function sizeAndTime(path: string): Promise<string> {
  const found = await nullIfMissing(
    stat(path).catch((error: unknown) => {
      throw fileError(error, 'read', path);
    }),
  );
  return found === null ? '0 ' : `${found.size} ${found.mtimeMs}`;
}

function imageOf(path: string, database: Buffer, wal: Uint8Array | null): Uint8Array {
  if (!database.subarray(0, magic.length).equals(magic))
    throw new MarginError('corrupt', `${path} is not an SQLite database.`, { path });
  const image = wal === null ? database : withLog(database, Buffer.from(wal));
  // The versions that read and write the file: 1 is without a log, which the image no longer needs.
  image[18] = 1;
  image[19] = 1;
  return image;
}

/** The database with the pages of all committed frames of the log. */
function withLog(database: Buffer, wal: Buffer): Buffer {
  if (wal.length < walHeadBytes || (wal.readUInt32BE(0) & ~1) >>> 0 !== walMagic) return database;
  const isBigEndian = wal.readUInt32BE(0) % 2 === 1;
  const pageBytes = wal.readUInt32BE(8);
  const salts = wal.subarray(16, 24);
  let sums = checksum([0, 0], wal.subarray(0, 24), isBigEndian);
  if (!sumsAre(sums, wal, 24)) return database;
  const pages = new Map<number, Buffer>();
  let committed = { pages: new Map<number, Buffer>(), count: null as number | null };
  for (let at = walHeadBytes; at + frameHeadBytes + pageBytes <= wal.length; at += frameHeadBytes + pageBytes) {
    const page = wal.subarray(at + frameHeadBytes, at + frameHeadBytes + pageBytes);
    sums = checksum(checksum(sums, wal.subarray(at, at + 8), isBigEndian), page, isBigEndian);
    // Frames of an earlier log follow the newest one. Their salts or sums differ.
    if (!wal.subarray(at + 8, at + 16).equals(salts) || !sumsAre(sums, wal, at + 16)) break;
    pages.set(wal.readUInt32BE(at), page);
    const count = wal.readUInt32BE(at + 4);
    if (count > 0) committed = { pages: new Map(pages), count };
  }
  return committed.count === null ? database : withPages(database, committed.pages, committed.count * pageBytes);
}

function withPages(database: Buffer, pages: ReadonlyMap<number, Buffer>, bytes: number): Buffer {
  const image = Buffer.alloc(bytes);
  database.copy(image, 0, 0, Math.min(bytes, database.length));
  for (const [number, page] of pages) if (number * page.length <= bytes) page.copy(image, (number - 1) * page.length);
  return image;
}

type Sums = readonly [number, number];

/** The checksum of the log's format: two running sums over pairs of 32-bit words. */
function checksum([first, second]: Sums, bytes: Buffer, isBigEndian: boolean): Sums {
  let [one, two] = [first, second];
  const word = (at: number): number => (isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at));
  for (let at = 0; at < bytes.length; at += 8) {
    one = (one + word(at) + two) >>> 0;
    two = (two + word(at + 4) + one) >>> 0;
  }
  return [one, two];
}

const sumsAre = ([one, two]: Sums, wal: Buffer, at: number): boolean =>
  wal.readUInt32BE(at) === one && wal.readUInt32BE(at + 4) === two;
