import { createHash, randomBytes, type Hash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenizedPair } from '../engine/types';
import { MarginError } from '../base/pure/marginError';
import { fileError } from '../base/node/fileError';

/** A row of a file, ready for the model. */
export interface LoadedRow {
  /** Among the file's lines, from 0. */
  readonly row: number;
  readonly line: number;
  /** See `pairKey`. */
  readonly key: string;
  /** What is scored: the pair, or of a judged answer one whose other side is empty. */
  readonly pair: TokenizedPair;
  /** What the row trains: its pair with its weight, or a judged answer beside another row's. */
  readonly training: TokenizedPair;
}

/** Rows by index, wherever they lie. */
export interface Rows {
  readonly count: number;
  /** Rows of these indices, in this order. */
  read(indices: readonly number[]): Promise<readonly LoadedRow[]>;
}

/** The indices `from … to - 1`. */
export const stretch = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

export type StoredRow = Pick<LoadedRow, 'line' | 'key' | 'training'>;

/** Begins the name of the file that rows lie in, for as long as it has a name. */
export const rowFilePrefix = '.rows-';
/** Rows are written together from this many bytes on. */
const flushBytes = 1 << 20;

/** Takes rows one by one; {@link finish} gives them back by index. */
export class RowWriter {
  private readonly hash: Hash = createHash('sha256');
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private count = 0;
  /** Offset of each row, and of the end. */
  private starts = new Float64Array(1024);

  private constructor(
    private readonly file: FileHandle,
    private readonly path: string,
  ) {}

  /** @param folder a place with room for 4 bytes a token, which is given back however the process ends */
  static async open(folder: string): Promise<RowWriter> {
    const path = join(folder, `${rowFilePrefix}${randomBytes(6).toString('hex')}`);
    try {
      const file = await open(path, 'wx+', 0o600);
      // Without a name it lives as long as it is open, so that nothing is left of a process that is killed.
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
    if (this.count === this.starts.length) this.starts = longer(this.starts);
    this.starts[this.count] = (this.starts[this.count - 1] ?? 0) + bytes.length;
    if (this.waitingBytes >= flushBytes) await this.flush();
  }

  async finish(): Promise<RowStore> {
    await this.flush();
    return new RowStore(this.file, this.starts.slice(0, this.count + 1), this.hash.digest('hex'));
  }

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

/** Rows of a dataset of any size: token ids lie in a file without a name, and a number a row in memory. */
export class RowStore implements Rows {
  /** @param starts [count + 1] offset of each row, and of the end */
  constructor(
    private readonly file: FileHandle,
    private readonly starts: Float64Array,
    /**
     * sha256 of the rows as the model sees them, in their order. A checkpoint's data position and reference log-probs
     * mean something for these rows only, whether data, tokenizer, template or max_length changed since.
     */
    readonly fingerprint: string,
  ) {}

  get count(): number {
    return this.starts.length - 1;
  }

  /** Tokens of a row's three texts. */
  tokensOf(index: number): number {
    const bytes = (this.starts[index + 1] ?? 0) - (this.starts[index] ?? 0);
    return (bytes - headBytes) / 4 - 3;
  }

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
      throw new MarginError(
        'rows-lost',
        'The temporary file of the rows was cut short by another program. Start again.',
      );
    return unpack(bytes);
  }
}

/**
 * Line, weight and verdict as doubles, NaN where there is none; and the key's 8 bytes. Lengths of prompt, chosen and
 * rejected and their ids follow as int32.
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
  const [line = 0, weight = 0, verdict = 0] = new Float64Array(buffer, 0, 3);
  const key = Buffer.from(buffer, 24, 8).toString('hex');
  const [prompts = 0, chosens = 0] = new Int32Array(buffer, headBytes, 2);
  const ids = Array.from(new Int32Array(buffer, headBytes + 12));
  const answers = ids.slice(prompts);
  const tokens = { prompt: ids.slice(0, prompts), chosen: answers.slice(0, chosens), rejected: answers.slice(chosens) };
  const training = {
    ...tokens,
    ...(Number.isNaN(weight) ? {} : { weight }),
    ...(Number.isNaN(verdict) ? {} : { desirable: verdict === 1 }),
  };
  return { row: line - 1, line, key, training, pair: scored(training) };
}

function scored({ prompt, chosen, rejected, desirable }: TokenizedPair): TokenizedPair {
  if (desirable === undefined) return { prompt, chosen, rejected };
  return desirable ? { prompt, chosen, rejected: [] } : { prompt, chosen: [], rejected: chosen };
}

function longer(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(2 * values.length);
  grown.set(values);
  return grown;
}
