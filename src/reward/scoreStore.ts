import { createHash, randomUUID } from 'node:crypto';
import { appendFile, mkdir, open, readFile, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { BatchScores } from '../engine/types';

/** Bytes before a record's numbers: its key, the checksum, and how many sequences and predictions follow. */
const headBytes = 32 + 32 + 4 + 4;
/** All stores of a folder together; beyond it the longest unused files go. */
const maxBytes = 2 ** 30;

interface Place {
  readonly file: string;
  readonly offset: number;
  readonly sequences: number;
  readonly predictions: number;
}

/**
 * Log-probs of batches on disk, by key. Each process appends to a file of its own, so writers never meet; a record that is
 * torn, damaged or gone is a miss. The store is an aid: none of its functions fails, and its files may be deleted at any time.
 */
export class ScoreStore {
  private readonly places = new Map<string, Place>();
  private readonly own: string;
  private length = 0;
  private full = false;

  private constructor(private readonly folder: string) {
    this.own = join(folder, `${randomUUID()}.scores`);
  }

  /** @param folder of one reference model; its parent holds those of all */
  static async open(folder: string): Promise<ScoreStore> {
    const store = new ScoreStore(folder);
    await attempt(() => prune(join(folder, '..')));
    for (const name of await attempt(() => readdir(folder), [])) await attempt(() => store.index(join(folder, name)));
    return store;
  }

  async find(key: Buffer): Promise<BatchScores | null> {
    const place = this.places.get(key.toString('hex'));
    return place ? attempt(() => read(place, key), null) : null;
  }

  async keep(key: Buffer, scores: BatchScores): Promise<void> {
    if (this.full) return;
    const { sequenceLogps, tokenLogps } = scores;
    const record = Buffer.concat([key, digest(key, scores), counts(scores), bytesOf(sequenceLogps), bytesOf(tokenLogps)]);
    const place = { file: this.own, offset: this.length, sequences: sequenceLogps.length, predictions: tokenLogps.length };
    const written = await attempt(async () => {
      await mkdir(this.folder, { recursive: true });
      await appendFile(this.own, record);
      return true;
    }, false);
    // What a failed write left behind would shift all that follows.
    if (!written) this.full = true;
    else this.places.set(key.toString('hex'), place);
    this.length += record.length;
  }

  private async index(file: string): Promise<void> {
    const bytes = await readFile(file);
    for (let at = 0; at + headBytes <= bytes.length; ) {
      const [sequences, predictions] = [bytes.readUInt32LE(at + 64), bytes.readUInt32LE(at + 68)];
      this.places.set(bytes.toString('hex', at, at + 32), { file, offset: at, sequences, predictions });
      at += headBytes + 4 * (sequences + predictions);
    }
    await utimes(file, new Date(), new Date());
  }
}

async function read({ file, offset, sequences, predictions }: Place, key: Buffer): Promise<BatchScores | null> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const wanted = headBytes + 4 * (sequences + predictions);
    if (offset + wanted > size) return null;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(wanted), 0, wanted, offset);
    const numbers = new Float32Array(Uint8Array.from(buffer.subarray(headBytes)).buffer);
    const scores = { sequenceLogps: numbers.slice(0, sequences), tokenLogps: numbers.slice(sequences) };
    return bytesRead === wanted && digest(key, scores).equals(buffer.subarray(32, 64)) ? scores : null;
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

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);

/** Deletes the files that were not used for longest, until what remains fits. */
async function prune(root: string): Promise<void> {
  const names = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.scores'));
  const files = await Promise.all(names.map(async (name) => ({ file: join(root, name), ...pick(await stat(join(root, name))) })));
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { file, size } of files.toSorted((a, b) => a.used - b.used)) {
    if (total <= maxBytes) return;
    await rm(file, { force: true });
    total -= size;
  }
}

const pick = ({ size, mtimeMs }: { readonly size: number; readonly mtimeMs: number }): { size: number; used: number } => ({ size, used: mtimeMs });

async function attempt<T>(work: () => Promise<T>): Promise<T | undefined>;
async function attempt<T>(work: () => Promise<T>, otherwise: T): Promise<T>;
async function attempt<T>(work: () => Promise<T>, otherwise?: T): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    // A cache that cannot be read or written is a cache without entries; what it holds is computed anew.
    return otherwise;
  }
}
