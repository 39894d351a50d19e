import { createHash, randomUUID } from 'node:crypto';
import { appendFile, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { privateMode } from '../base/node/cacheFolder';
import { makeFolder } from '../base/node/makeFolder';
import { openRegular } from '../base/node/smallFile';
import type { BatchScores } from '../engine/types';

/** Bytes before the numbers of a record: its key, a checksum, and the numbers of sequences and of predictions. */
const headBytes = 32 + 32 + 4 + 4;
/** The most that all stores together take on disk. Beyond it, the least recently used files are deleted. */
const maxBytes = 2 ** 30;

/** Bytes read at a time to find the records of a file. */
const chunkBytes = 2 ** 20;

/** The offset of each record of a file, by {@link shortName}. A million rows in batches of 4 are 250,000 records. */
type Offsets = Map<string, number>;

/**
 * A cache of log-probs of batches on disk, by key. Each process appends to its own file, so writers never conflict. A
 * record that is incomplete, damaged or deleted is a miss. No function of the store throws, and its files may be
 * deleted at any time.
 */
export class ScoreStore {
  private readonly files = new Map<string, Offsets>();
  private readonly own: string;
  private readonly ownOffsets: Offsets = new Map();
  private length = 0;
  private full = false;

  private constructor(private readonly folder: string) {
    this.own = join(folder, `${randomUUID()}.scores`);
    this.files.set(this.own, this.ownOffsets);
  }

  /** @param folder of one reference model, in the folder of all stores */
  static async open(folder: string): Promise<ScoreStore> {
    const store = new ScoreStore(folder);
    await attempt(() => prune(join(folder, '..')));
    for (const name of await attempt(() => readdir(folder), [])) await attempt(() => store.index(join(folder, name)));
    return store;
  }

  async find(key: Buffer): Promise<BatchScores | null> {
    for (const [file, offsets] of this.files) {
      const offset = offsets.get(shortName(key));
      const found = offset === undefined ? null : await attempt(() => read(file, offset, key), null);
      if (found) return found;
    }
    return null;
  }

  async keep(key: Buffer, scores: BatchScores): Promise<void> {
    if (this.full) return;
    const { sequenceLogps, tokenLogps } = scores;
    const record = Buffer.concat([
      key,
      digest(key, scores),
      counts(scores),
      bytesOf(sequenceLogps),
      bytesOf(tokenLogps),
    ]);
    const written = await attempt(async () => {
      await makeFolder(this.folder, privateMode);
      await appendFile(this.own, record);
      return true;
    }, false);
    // A failed write may leave bytes behind, which would shift the records after it.
    if (!written) this.full = true;
    else this.ownOffsets.set(shortName(key), this.length);
    this.length += record.length;
  }

  private async index(file: string): Promise<void> {
    this.files.set(file, await offsetsIn(file));
    await utimes(file, new Date(), new Date());
  }
}

/** The first bytes of a key. If two keys share them, the key in the record shows which one it is. */
const shortName = (key: Buffer): string => key.toString('latin1', 0, 8);

async function offsetsIn(file: string): Promise<Offsets> {
  const offsets: Offsets = new Map();
  const handle = await openRegular(file);
  try {
    const chunk = Buffer.alloc(chunkBytes);
    for (let [at, start, end] = [0, 0, 0]; ;) {
      if (at + headBytes > end) {
        start = at;
        end = at + (await handle.read(chunk, 0, chunkBytes, at)).bytesRead;
      }
      if (at + headBytes > end) return offsets;
      const head = chunk.subarray(at - start, at - start + headBytes);
      offsets.set(shortName(head), at);
      at += headBytes + numberBytes(head);
    }
  } finally {
    await handle.close();
  }
}

const numberBytes = (head: Buffer): number => 4 * (head.readUInt32LE(64) + head.readUInt32LE(68));

async function read(file: string, offset: number, key: Buffer): Promise<BatchScores | null> {
  const handle = await openRegular(file);
  try {
    const { size } = await handle.stat();
    const head = (await handle.read(Buffer.alloc(headBytes), 0, headBytes, offset)).buffer;
    const wanted = numberBytes(head);
    if (offset + headBytes + wanted > size) return null;
    const { buffer, bytesRead } = await handle.read(new Uint8Array(wanted), 0, wanted, offset + headBytes);
    const numbers = new Float32Array(buffer.buffer);
    const sequences = head.readUInt32LE(64);
    const scores = { sequenceLogps: numbers.slice(0, sequences), tokenLogps: numbers.slice(sequences) };
    return bytesRead === wanted && digest(key, scores).equals(head.subarray(32, 64)) ? scores : null;
  } finally {
    await handle.close();
  }
}

function digest(key: Buffer, { sequenceLogps, tokenLogps }: BatchScores): Buffer {
  return createHash('sha256').update(key).update(bytesOf(sequenceLogps)).update(bytesOf(tokenLogps)).digest();
}

function counts({ sequenceLogps, tokenLogps }: BatchScores): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeUInt32LE(sequenceLogps.length, 0);
  buffer.writeUInt32LE(tokenLogps.length, 4);
  return buffer;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Deletes the least recently used files until the others fit. */
async function prune(root: string): Promise<void> {
  const names = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.scores'));
  const files = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(root, name));
      return { file: join(root, name), size, used: mtimeMs };
    }),
  );
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { file, size } of files.toSorted((a, b) => a.used - b.used)) {
    if (total <= maxBytes) return;
    await rm(file, { force: true });
    total -= size;
  }
}

async function attempt<T>(work: () => Promise<T>): Promise<T | undefined>;
async function attempt<T>(work: () => Promise<T>, otherwise: T): Promise<T>;
async function attempt<T>(work: () => Promise<T>, otherwise?: T): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    // A cache that cannot be read or written counts as empty, and the scores are computed.
    return otherwise;
  }
}
