import type { FileHandle } from 'node:fs/promises';
import { endianness } from 'node:os';
import { basename, dirname } from 'node:path';
import { replaceFile } from '../../base/node/replaceFile';
import { openRegular } from '../../base/node/smallFile';
import { MarginError } from '../../base/pure/marginError';
import { at, must } from '../../base/pure/must';
import { stepOfName } from '../folder';
import {
  type ColumnHeader,
  headerBytes,
  lengthBytes,
  maxHeaderBytes,
  parseHeader,
  type Place,
  type Source,
  storedNames,
} from './columnFormat';
import { PairKeys } from './pairKeys';
import { type ColumnName, type ColumnNumbers, isWhole, type PickedPairs, type RewardColumns } from './rewardColumns';

const lines = '.jsonl';
const keyBytes = 8;

/**
 * The file of columns beside a file of rewards: in the folders that Margin fills itself, which are `rewards` of a run
 * and `.margin/scores`. Null elsewhere, because a file of that name may be somebody's model, and on a big-endian
 * machine.
 */
export function columnsPath(file: string): string | null {
  if (!file.endsWith(lines) || endianness() !== 'LE') return null;
  const folder = dirname(file);
  const isRun = basename(folder) === 'rewards' && stepOfName(basename(file)) !== null;
  const isScoring = basename(folder) === 'scores' && basename(dirname(folder)) === '.margin';
  return isRun || isScoring ? `${file.slice(0, -lines.length)}.safetensors` : null;
}

/** Writes columns; the file appears complete or not at all. Errors as {@link replaceFile}. */
export async function writeColumns(path: string, columns: RewardColumns, source: Source): Promise<void> {
  const parts: Uint8Array[] = [headerBytes(columns.count, source, await columns.keyDigest())];
  for (const name of storedNames) {
    const numbers = name === 'key' ? (await columns.keys()).halves : await columns.column(name);
    parts.push(bytesOf(numbers));
  }
  await replaceFile(path, parts);
}

/** The columns of a file, each read when it is asked for. */
export class ColumnFile implements RewardColumns {
  private digest: Promise<string> | null = null;

  private constructor(
    private readonly path: string,
    /** Tells whether the file was replaced. */
    private readonly stamp: string,
    private readonly header: ColumnHeader,
  ) {}

  /** @throws MarginError `missing`, `corrupt`, `newer-version`, and others of {@link openRegular} */
  static async open(path: string): Promise<ColumnFile> {
    const file = await openRegular(path);
    try {
      const { size } = await file.stat();
      const length = new DataView(new ArrayBuffer(lengthBytes));
      await file.read(length, 0, lengthBytes, 0);
      const bytes = Math.min(Number(length.getBigUint64(0, true)), maxHeaderBytes);
      const text = new Uint8Array(bytes);
      await file.read(text, 0, bytes, lengthBytes);
      const header = parseHeader(new TextDecoder().decode(text), lengthBytes + bytes, size, path);
      return new ColumnFile(path, await stampOf(file), header);
    } finally {
      await file.close();
    }
  }

  get source(): Source {
    return this.header.source;
  }

  get count(): number {
    return this.header.count;
  }

  async column(name: ColumnName): Promise<ColumnNumbers> {
    const numbers = arrayOf(name, this.count);
    await this.reading(async (read) => read(this.placeOf(name).offset, bytesOf(numbers)));
    return numbers;
  }

  async keys(): Promise<PairKeys> {
    const halves = new Uint32Array(2 * this.count);
    await this.reading(async (read) => read(this.placeOf('key').offset, bytesOf(halves)));
    return new PairKeys(halves);
  }

  keyDigest(): Promise<string> {
    const { digest } = this.header;
    // Files of an older Margin have none.
    this.digest ??= digest === null ? this.keys().then((keys) => keys.digest()) : Promise.resolve(digest);
    return this.digest;
  }

  async pick(places: readonly number[], names: readonly ColumnName[]): Promise<PickedPairs> {
    const keys = new Uint32Array(2 * places.length);
    const columns = names.map((name) => arrayOf(name, places.length));
    await this.reading(async (read) => {
      for (const [i, place] of places.entries()) {
        if (place >= this.count) throw this.changed();
        await read(this.placeOf('key').offset + place * keyBytes, bytesOf(keys.subarray(2 * i, 2 * i + 2)));
        for (const [c, name] of names.entries()) {
          const one = bytesOf(at(columns, c).subarray(i, i + 1));
          await read(this.placeOf(name).offset + place * one.length, one);
        }
      }
    });
    return { keys: new PairKeys(keys), columns };
  }

  private placeOf(name: ColumnName | 'key'): Place {
    return must(this.header.places.get(name), `the column ${name}`);
  }

  /** Opens the file for some reads. @throws MarginError `changed` if it was replaced */
  private async reading(
    work: (read: (offset: number, target: Uint8Array) => Promise<void>) => Promise<void>,
  ): Promise<void> {
    const file = await openRegular(this.path);
    try {
      if ((await stampOf(file)) !== this.stamp) throw this.changed();
      await work(async (offset, target) => {
        for (let done = 0; done < target.length;) {
          const { bytesRead } = await file.read(target, done, target.length - done, offset + done);
          if (bytesRead === 0) throw this.changed();
          done += bytesRead;
        }
      });
    } finally {
      await file.close();
    }
  }

  private changed(): MarginError {
    const { path } = this;
    return new MarginError('changed', `${path} was written again while it was read. Try again.`, { path });
  }
}

function arrayOf(name: ColumnName, length: number): ColumnNumbers {
  return isWhole(name) ? new Int32Array(length) : new Float64Array(length);
}

async function stampOf(file: FileHandle): Promise<string> {
  const { size, mtimeMs, ino } = await file.stat();
  return `${size} ${mtimeMs} ${ino}`;
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array | ColumnNumbers): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
