import { createHash, randomBytes, type Hash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenizedPair } from '../engine/types';
import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import { fileError } from '../base/node/fileError';

/** A tokenised row of a file. */
export interface LoadedRow {
  /** The index of its line in the file, from 0. */
  readonly row: number;
  /** The number of its line in the file, from 1. */
  readonly line: number;
  /** See `pairKey`. */
  readonly key: string;
  /** The pair to score. A judged answer is a pair with one empty side. */
  readonly pair: TokenizedPair;
  /** The pair to train on, with its weight. A judged answer has its label, and another row's answer as `rejected`. */
  readonly training: TokenizedPair;
}

/** Rows that can be read by index, from memory or from a file. */
export interface RowSource {
  readonly count: number;
  /** The rows with these indices, in this order. */
  read(indices: readonly number[]): Promise<readonly LoadedRow[]>;
}

/** The indices from `from` to `to` − 1. */
export const indexRange = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

export type StoredRow = Pick<LoadedRow, 'line' | 'key' | 'training'>;

/** The start of the name of the temporary file of rows, as long as the file has a name. */
export const rowFilePrefix = '.rows-';
/** Rows are written to the file when they reach this many bytes. */
const flushBytes = 1 << 20;

/** Appends rows to a temporary file. {@link finish} returns them as a store. */
export class RowWriter {
  private readonly hash: Hash = createHash('sha256');
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private count = 0;
  /** [count + 1 or more] the offset of each row, and of the end of the last one, in bytes. */
  private starts = new Float64Array(1024);

  private constructor(
    private readonly file: FileHandle,
    private readonly path: string,
  ) {}

  /**
   * @param folder needs room for 4 bytes for each token. The system frees the room when the process ends, however it
   *   ends
   * @throws MarginError the errors of writing, naming the file
   */
  static async open(folder: string): Promise<RowWriter> {
    const path = join(folder, `${rowFilePrefix}${randomBytes(6).toString('hex')}`);
    try {
      const file = await open(path, 'wx+', 0o600);
      // A file without a name exists while it is open, so a killed process leaves nothing behind.
      await rm(path);
      return new RowWriter(file, path);
    } catch (error) {
      throw fileError(error, 'write', path);
    }
  }

  /** @throws MarginError `disk-full`, … */
  async append(row: StoredRow): Promise<void> {
    const bytes = pack(row);
    this.hash.update(bytes.subarray(headBytes));
    const { weight, desirable } = row.training;
    if (weight !== undefined || desirable !== undefined) this.hash.update(JSON.stringify([weight, desirable]));
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    this.count++;
    if (this.count === this.starts.length) this.starts = twiceAsLong(this.starts);
    this.starts[this.count] = at(this.starts, this.count - 1) + bytes.length;
    if (this.waitingBytes >= flushBytes) await this.flush();
  }

  /** Ends the writing. The store reads the same file and must be closed. */
  async finish(): Promise<RowStore> {
    await this.flush();
    return new RowStore(this.file, this.starts.slice(0, this.count + 1), this.hash.digest('hex'));
  }

  /** Deletes the rows. */
  async discard(): Promise<void> {
    await this.file.close();
  }

  private async flush(): Promise<void> {
    const bytes = Buffer.concat(this.waiting);
    this.waiting = [];
    this.waitingBytes = 0;
    await this.file.appendFile(bytes).catch((error: unknown) => {
      throw fileError(error, 'write', this.path);
    });
  }
}

export type RowStoreParts = ConstructorParameters<typeof RowStore>;

/** Rows of a dataset of any size: the rows are in a temporary file, and memory holds one number for each row. */
export class RowStore implements RowSource {
  /** @param starts [count + 1] the offset of each row, and of the end of the last one, in bytes */
  constructor(
    private readonly file: FileHandle,
    private readonly starts: Float64Array,
    /**
     * SHA-256 of the tokens of all rows, in order. It changes with data, tokenizer, template and max_length. The data
     * position and reference log-probs in a checkpoint are valid for rows with the same fingerprint only.
     */
    readonly fingerprint: string,
  ) {}

  get count(): number {
    return this.starts.length - 1;
  }

  /** The tokens of a row: prompt, chosen and rejected together. Reads nothing from the file. */
  tokensOf(index: number): number {
    const bytes = at(this.starts, index + 1) - at(this.starts, index);
    return (bytes - headBytes) / 4 - 3;
  }

  /** The values from which another thread makes this store again. The file handle has to be transferred. */
  get parts(): RowStoreParts {
    return [this.file, this.starts, this.fingerprint];
  }

  /** @throws RangeError for an index outside the rows; MarginError `rows-lost` */
  async read(indices: readonly number[]): Promise<readonly LoadedRow[]> {
    return Promise.all(indices.map((index) => this.row(index)));
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private async row(index: number): Promise<LoadedRow> {
    const [start, end] = this.starts.subarray(index, index + 2);
    if (start === undefined || end === undefined) throw new RangeError(`There is no row ${index} among ${this.count}`);
    const bytes = new Uint8Array(end - start);
    const { bytesRead } = await this.file.read(bytes, 0, bytes.length, start);
    if (bytesRead < bytes.length)
      throw new MarginError('rows-lost', 'Another program has truncated the temporary file of the rows. Start again.');
    return unpack(bytes);
  }
}

/**
 * Bytes before the tokens of a row: line, weight and label as doubles (NaN: none), and the 8 bytes of the key. The
 * lengths of prompt, chosen and rejected and then their token ids follow, all as int32.
 */
const headBytes = 32;

function pack({ line, key, training: { prompt, chosen, rejected, weight, desirable } }: StoredRow): Uint8Array {
  const { buffer } = new Uint8Array(headBytes + 4 * (3 + prompt.length + chosen.length + rejected.length));
  new Float64Array(buffer, 0, 3).set([
    line,
    weight ?? Number.NaN,
    desirable === undefined ? Number.NaN : Number(desirable),
  ]);
  Buffer.from(buffer, 24, 8).write(key, 'hex');
  const ids = new Int32Array(buffer, headBytes);
  ids.set([prompt.length, chosen.length, rejected.length]);
  ids.set(prompt, 3);
  ids.set(chosen, 3 + prompt.length);
  ids.set(rejected, 3 + prompt.length + chosen.length);
  return new Uint8Array(buffer);
}

function unpack({ buffer }: Uint8Array<ArrayBuffer>): LoadedRow {
  const head = new Float64Array(buffer, 0, 3);
  const [line, weight, label] = [at(head, 0), at(head, 1), at(head, 2)];
  const key = Buffer.from(buffer, 24, 8).toString('hex');
  const lengths = new Int32Array(buffer, headBytes, 3);
  const ids = Array.from(new Int32Array(buffer, headBytes + 12));
  const answers = ids.slice(at(lengths, 0));
  const tokens = {
    prompt: ids.slice(0, at(lengths, 0)),
    chosen: answers.slice(0, at(lengths, 1)),
    rejected: answers.slice(at(lengths, 1)),
  };
  const training = {
    ...tokens,
    ...(Number.isNaN(weight) ? {} : { weight }),
    ...(Number.isNaN(label) ? {} : { desirable: label === 1 }),
  };
  return { row: line - 1, line, key, training, pair: scoredPair(training) };
}

/** The pair to score: a judged answer is on the side of its label, and the other side is empty. */
function scoredPair({ prompt, chosen, rejected, desirable }: TokenizedPair): TokenizedPair {
  if (desirable === undefined) return { prompt, chosen, rejected };
  return desirable ? { prompt, chosen, rejected: [] } : { prompt, chosen: [], rejected: chosen };
}

function twiceAsLong(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(2 * values.length);
  grown.set(values);
  return grown;
}
