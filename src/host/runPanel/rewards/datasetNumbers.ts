import { MarginError } from '../../../base/pure/marginError';
import { at, must } from '../../../base/pure/must';
import { type FileNumber, fileNumberOf, finiteNumber, keysOfNumber } from '../../../pairs/fileNumber';
import type { KeysOfRows } from '../../../pairs/keysOfRows';
import { rowPaths } from '../../../pairs/listColumns/rowPaths';
import { valueAt } from '../../../pairs/own/keyPath';
import type { Reading } from '../../../pairs/reading';
import { readPair } from '../../../pairs/readPair';
import type { RowNumbers } from '../../../jsonl/node/columns/numbersProgram';
import { type NumbersThreads, readNumbers } from '../../../jsonl/node/columns/readNumbers';
import type { LineFile } from '../../../jsonl/node/lineFile';
import { type FileColumns, fileColumnOf } from '../../../run/pairNumbers/fileColumn';
import { rowsOfPairs } from '../../../run/pairNumbers/rowsOfPairs';
import type { RewardColumns } from '../../../run/rewardColumns/rewardColumns';
import { Slices } from '../../../editor/slices';
import { datasetStamp, openDataset } from '../datasetFile';
import type { SlowColumns } from './slowColumns';

/** Rows in which columns with numbers are looked for: some at the start, some in the middle and some at the end. */
const sampleRows = 100;
const samples = 5;
/** Most columns that are read along with the one that is asked for: they cost little more. */
const readTogether = 4;

export interface NumbersServices {
  readonly threads: NumbersThreads;
  /** Shows the reading if it takes a while, and lets the person stop it. */
  readonly slow: SlowColumns;
}

/** The numbers in the columns of a dataset. They are read when they are first asked for, all rows at once. */
export class DatasetNumbers {
  private readonly columns = new Map<FileNumber, RowNumbers>();
  private keys: KeysOfRows | null = null;
  private file: Promise<LineFile> | null = null;
  private listed: Promise<readonly FileNumber[]> | null = null;
  /** One reading after the other: the next may find what it needs. */
  private reading: Promise<void> = Promise.resolve();
  private readonly stop = new AbortController();
  private readonly places = new WeakMap<RewardColumns, Promise<Int32Array>>();

  /**
   * @param stamp of the file whose numbers these are
   * @param how the rows are read
   */
  constructor(
    readonly path: string,
    readonly stamp: string,
    private readonly how: Reading,
    private readonly services: NumbersServices,
  ) {}

  /** The columns that have a number in one of some rows of the file. Errors of reading the file. */
  names(): Promise<readonly FileNumber[]> {
    if (this.listed === null) {
      this.listed = this.find();
      this.listed.catch(() => (this.listed = null));
    }
    return this.listed;
  }

  /** Its columns for the pairs of a file of rewards. */
  of(pairs: RewardColumns): FileColumns {
    return async (name) => {
      const column = await this.column(name);
      return fileColumnOf(column, await this.rowsOf(pairs), new Slices());
    };
  }

  /** Ends a reading: the file is another one now, or nobody shows it. */
  close(): void {
    const message = `${this.path} was changed while its numbers were read. They are read again when you choose them.`;
    this.stop.abort(new MarginError('column-stopped', message, { file: this.path }));
    const { file } = this;
    // A file that could not be opened needs no closing.
    this.reading.then(async () => (await file)?.close()).catch(() => undefined);
  }

  private async column(name: FileNumber): Promise<RowNumbers> {
    const read = this.reading.then(() => this.read(name));
    this.reading = read.catch(() => undefined);
    await read;
    return must(this.columns.get(name), name);
  }

  private async read(name: FileNumber): Promise<void> {
    if (this.columns.has(name)) return;
    const others = (await this.names()).filter((one) => one !== name && !this.columns.has(one));
    const missing = [name, ...others.slice(0, readTogether - 1)];
    const withKeys = this.keys === null;
    const found = await this.services.slow(this.path, name, async (told, signal) => {
      const asked = { paths: missing.map(keysOfNumber), withKeys, reading: this.how };
      const stop = AbortSignal.any([signal, this.stop.signal]);
      return readNumbers(await this.opened(), this.services.threads, asked, told, stop);
    });
    missing.forEach((one, i) => this.columns.set(one, at(found.columns, i)));
    this.keys ??= found.keys;
  }

  private rowsOf(pairs: RewardColumns): Promise<Int32Array> {
    const known = this.places.get(pairs);
    if (known) return known;
    const places = rowsOfPairs(pairs, must(this.keys, 'the keys of the rows'), new Slices());
    this.places.set(pairs, places);
    return places;
  }

  private opened(): Promise<LineFile> {
    this.stop.signal.throwIfAborted();
    if (this.file === null) {
      this.file = openDataset(this.path);
      this.file.catch(() => (this.file = null));
    }
    return this.file;
  }

  private async find(): Promise<readonly FileNumber[]> {
    const file = await this.opened();
    const { count } = file.index;
    const slices = new Slices();
    const values: unknown[] = [];
    for (let part = 0; part < samples; part++) {
      const from = Math.max(Math.floor((part * Math.max(0, count - sampleRows)) / (samples - 1)), part * sampleRows);
      for (const line of await file.lines(from, Math.min(sampleRows, Math.max(0, count - from)))) {
        await slices.breathe();
        const row = readPair(line, this.how);
        if ('value' in row) values.push(row.value);
      }
    }
    return rowPathsWithNumbers(values);
  }
}

function rowPathsWithNumbers(rows: readonly unknown[]): readonly FileNumber[] {
  const names = rowPaths(rows).map((path) => fileNumberOf(keysOfNumber(path as FileNumber)));
  return names.filter((name) => {
    const keys = keysOfNumber(name);
    return rows.some((row) => finiteNumber(valueAt(row, keys)) !== null);
  });
}

/** The numbers of a dataset as it is now: after a save they are read again. */
export class CurrentNumbers {
  private now: DatasetNumbers | null = null;

  constructor(
    private readonly path: string,
    private readonly make: (stamp: string) => DatasetNumbers,
  ) {}

  /** Tells the file from what it was before; `missing` if it cannot be read. */
  stamp(): Promise<string> {
    return datasetStamp(this.path).catch(() => 'missing');
  }

  /** @throws MarginError `missing` */
  async get(): Promise<DatasetNumbers> {
    const stamp = await datasetStamp(this.path);
    if (this.now?.stamp !== stamp) {
      this.now?.close();
      this.now = this.make(stamp);
    }
    return this.now;
  }

  close(): void {
    this.now?.close();
  }
}
