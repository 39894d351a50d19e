import { mkdir, readFile, realpath, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { replaceFile } from '../../../base/node/replaceFile';
import { shortKey } from '../../../base/node/shortKey';
import { removeAbandonedIn } from '../../../base/node/temporaryFile';
import { errorCode, errorMessage } from '../../../base/pure/marginError';
import { type Column, keyOfColumn } from '../../../pairs/query/column';
import type { Reading } from '../../../pairs/reading';
import { blockBytes } from '../../blockSums';
import type { ColumnValues } from '../../packedValues';
import { type ColumnSource, packColumn, unpackColumn } from '../../storedColumn';
import { digestOf } from '../digest';
import type { LineFile } from '../lineFile';
import { removeOldest } from '../removeOldest';

export interface ColumnLimits {
  /** Bytes of the smallest file whose columns are stored: 10 MB take half a second to parse. */
  readonly minFileBytes: number;
  /** Bytes of all stored columns. Beyond this, those that were not used for longest are removed. */
  readonly maxBytes: number;
  /** The most different labels of a stored column. With more, the labels are not a choice among few. */
  readonly maxLabels: number;
}

const usual: ColumnLimits = { minFileBytes: 10_000_000, maxBytes: 256 << 20, maxLabels: 1 << 16 };
const ending = '.column';

/** A column of a file whose bytes are indexed. */
export interface AskedColumn {
  readonly file: LineFile;
  readonly column: Column;
  readonly reading: Reading;
}

/** The values of the first rows of a column. */
export interface LoadedColumn {
  readonly rows: number;
  readonly values: ColumnValues;
}

/**
 * Keeps the columns of large files in a folder, so that they need not be computed again when the files are opened the
 * next time. A stored column is used only if the file still has the bytes that it was computed from: their checksums
 * are compared with those of the index. Everything in the folder can be deleted at any time. No method throws: a
 * failure to read or write is logged, and the column is computed.
 */
export class ColumnStore {
  private program: Promise<string> | null = null;

  /** @param script the bundle that computes columns: another one may compute other values */
  constructor(
    private readonly folder: string,
    private readonly script: string,
    private readonly warn: (message: string) => void,
    private readonly limits = usual,
  ) {}

  /**
   * Loads the stored values of the first rows of a file: of all rows if its bytes have not changed, and of the earlier
   * rows if bytes were appended. A column that was computed from other bytes is removed.
   */
  async load(asked: AskedColumn): Promise<LoadedColumn | null> {
    if (asked.file.index.bytes < this.limits.minFileBytes) return null;
    const key = await this.keyOf(asked);
    const name = this.nameOf(key);
    try {
      const stored = unpackColumn(await readFile(name), crc32);
      const rows = stored.key === key && stored.values.kind === asked.column.kind ? sameRows(asked, stored) : 0;
      if (rows === 0) {
        await rm(name, { force: true });
        return null;
      }
      await utimes(name, new Date(), new Date());
      return { rows, values: stored.values };
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      this.warn(`A stored column of ${asked.file.path} is not used: ${errorMessage(error)}.`);
      await rm(name, { force: true }).catch(() => undefined);
      return null;
    }
  }

  /** Stores the values of a column in all rows of a file. */
  async keep(asked: AskedColumn, values: ColumnValues): Promise<void> {
    const { index, path: file } = asked.file;
    if (index.bytes < this.limits.minFileBytes || values.values.length !== index.count) return;
    if (values.kind === 'labels' && values.lists.length > this.limits.maxLabels) return;
    // The file may grow while this waits.
    const source = sourceOf(asked.file, index.bytes);
    try {
      const key = await this.keyOf(asked);
      await mkdir(this.folder, { recursive: true });
      await removeAbandonedIn(this.folder);
      await replaceFile(this.nameOf(key), packColumn({ key, source, values }, crc32));
      await removeOldest(this.folder, ending, this.limits.maxBytes);
    } catch (error) {
      this.warn(`A column of ${file} is not stored: ${errorMessage(error)}`);
    }
  }

  private async keyOf({ file, column, reading }: AskedColumn): Promise<string> {
    this.program ??= stat(this.script).then(({ size, mtimeMs }) => `${size} ${mtimeMs}`);
    // A missing file has no columns; the caller reports that it is missing.
    const real = await realpath(file.path).catch(() => file.path);
    const { format, columns, rule } = reading;
    // What the checks say depends on their settings too, other values do not.
    const depends = dependsOnChecks(column) ? reading : { format, columns, rule };
    return shortKey([JSON.stringify([await this.program, real, column, depends])], 24);
  }

  private nameOf(key: string): string {
    return path.join(this.folder, `${key}${ending}`);
  }
}

/** Whether a column may ask for problems. A text that only has the word costs a computation, and nothing else. */
function dependsOnChecks(column: Column): boolean {
  return /problem|severity|ignored/.test(keyOfColumn(column));
}

/** What identifies the first bytes of a file. */
function sourceOf({ index }: LineFile, bytes: number): ColumnSource {
  const blocks = index.sums.of(0, bytes - (bytes % blockBytes));
  const { tail } = index.sums.fingerprint();
  return { bytes, digest: digestOf({ blocks, tail: 0 }), tail };
}

/** How many of the first rows of a file have not changed since the column was stored. */
function sameRows({ file }: AskedColumn, { source, values }: ReturnType<typeof unpackColumn>): number {
  const { index } = file;
  if (index.bytes < source.bytes) return 0;
  const { digest, tail } = sourceOf(file, source.bytes);
  if (digest !== source.digest) return 0;
  const { length } = values.values;
  if (index.bytes === source.bytes) return tail === source.tail && index.count === length ? length : 0;
  // The last block has changed, so the rows in it may have changed too.
  return Math.min(length, index.rowAt(source.bytes - (source.bytes % blockBytes)));
}
