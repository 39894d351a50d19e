import { mkdir, open, readFile, realpath, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { replaceFile } from '../../base/node/replaceFile';
import { shortKey } from '../../base/node/shortKey';
import { removeAbandonedIn } from '../../base/node/temporaryFile';
import { errorCode, errorMessage } from '../../base/pure/marginError';
import { ElementIndex } from '../elementIndex';
import { LineIndex } from '../lineIndex';
import type { RowIndex } from '../rowIndex';
import { sameFile, sameStamp, type Stamp, stampOf } from '../stamp';
import { packIndex, type StoredIndex, unpackIndex } from '../storedIndex';
import type { KnownLines, LineFile } from './lineFile';
import { removeOldest } from './removeOldest';
import { hasHead } from './sameHead';

export interface StoreLimits {
  /** Bytes of the smallest file whose index is stored: 50 MB take about 50 ms to read. */
  readonly minFileBytes: number;
  /** Bytes of all stored indexes. Beyond this, those that were not used for longest are removed. */
  readonly maxBytes: number;
}

const usual: StoreLimits = { minFileBytes: 50_000_000, maxBytes: 512 << 20 };
const ending = '.index';

/**
 * Keeps the row indexes of large files in a folder, so that these need not be read again when they are opened the next
 * time. All files in the folder can be deleted at any time. Nothing here throws: if an index cannot be read or written,
 * that is logged, and the file is read as usual.
 */
export class IndexStore {
  private readonly stored = new Map<string, Stamp>();

  constructor(
    private readonly folder: string,
    private readonly warn: (message: string) => void,
    private readonly limits = usual,
  ) {}

  /**
   * The index of a file that is as it was when the index was stored (size, time, inode); lines may have been appended
   * since. As a check, 64 blocks of 16 KB are read again, among them the first and the last.
   */
  async load(file: string): Promise<KnownLines | undefined> {
    const name = await this.nameOf(file);
    try {
      const now = stampOf(await stat(file));
      if (now.size < this.limits.minFileBytes) return undefined;
      const { path: of, stamp, index } = unpackIndex(await readFile(name), crc32);
      const hasGrown = index.layout === 'lines' && now.size > stamp.size;
      const fits = of === file && sameFile(stamp, now) && (sameStamp(stamp, now) || hasGrown);
      if (!fits || !(await hasSameBytes(file, index))) return undefined;
      this.stored.set(file, stamp);
      await utimes(name, new Date(), new Date());
      return { index };
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      this.warn(`The stored index of ${file} is not used: ${errorMessage(error)}.`);
      await rm(name, { force: true }).catch(() => undefined);
      return undefined;
    }
  }

  /** Stores the index of a file, all lines of which are known. */
  async keep({ path: file, index, stamp }: LineFile): Promise<void> {
    const isLarge = index.bytes >= this.limits.minFileBytes;
    const old = this.stored.get(file);
    // A file that has grown since its stamp was taken is stored the next time.
    if (!isLarge || !isStorable(index) || stamp.size !== index.bytes) return;
    if (old && sameStamp(old, stamp)) return;
    try {
      const bytes = packIndex({ path: file, stamp, index }, crc32);
      await mkdir(this.folder, { recursive: true });
      await removeAbandonedIn(this.folder);
      await replaceFile(await this.nameOf(file), bytes);
      this.stored.set(file, stamp);
      await removeOldest(this.folder, ending, this.limits.maxBytes);
    } catch (error) {
      this.warn(`The index of ${file} is not stored: ${errorMessage(error)}`);
    }
  }

  private async nameOf(file: string): Promise<string> {
    // A missing file has no index; the caller reports that it is missing.
    const real = await realpath(file).catch(() => file);
    return path.join(this.folder, `${shortKey([real], 24)}${ending}`);
  }
}

function isStorable(index: RowIndex): index is StoredIndex['index'] {
  return index instanceof LineIndex || index instanceof ElementIndex;
}

async function hasSameBytes(file: string, { sums }: RowIndex): Promise<boolean> {
  const handle = await open(file, 'r');
  return hasHead(handle, sums, 'some').finally(() => handle.close());
}
