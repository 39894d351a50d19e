import { createHash, randomUUID } from 'node:crypto';
import { appendFile, mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { openRegular } from '../base/node/smallFile';
import type { BatchScores } from '../engine/types';

/** Bytes before a record's numbers: its key, the checksum, and how many sequences and predictions follow. */
const headBytes = 32 + 32 + 4 + 4;
/** All stores of a folder together; beyond it the longest unused files go. */
const maxBytes = 2 ** 30;

/** Read at a time to find where records lie. */
const chunkBytes = 2 ** 20;

/** Offsets of a file's records by {@link shortName}: with a million rows there are a quarter of a million. */
type Places = Map<string, number>;

/**
 * Log-probs of batches on disk, by key. Each process appends to a file of its own, so writers never meet; a record that
 * is torn, damaged or gone is a miss. The store is an aid: none of its functions fails, and its files may be deleted at
 * any time.
 */
export class ScoreStore {
  private readonly files = new Map<string, Places>();
  private readonly own: string;
  private readonly ownPlaces: Places = new Map();
  private length = 0;
  private full = false;

  private constructor(private readonly folder: string) {
    this.own = join(folder, `${randomUUID()}.scores`);
    this.files.set(this.own, this.ownPlaces);
  }

  /** @param folder of one reference model; its parent holds those of all */
  static async open(folder: string): Promise<ScoreStore> {
    const store = new ScoreStore(folder);
    await attempt(() => prune(join(folder, '..')));
    for (const name of await attempt(() => readdir(folder), [])) await attempt(() => store.index(join(folder, name)));
    return store;
  }

  async find(key: Buffer): Promise<BatchScores | null> {
    for (const [file, places] of this.files) {
      const offset = places.get(shortName(key));
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
      await mkdir(this.folder, { recursive: true });
      await appendFile(this.own, record);
      return true;
    }, false);
    // What a failed write left behind would shift all that follows.
    if (!written) this.full = true;
    else this.ownPlaces.set(shortName(key), this.length);
    this.length += record.length;
  }

  private async index(file: string): Promise<void> {
    this.files.set(file, await placesIn(file));
    await utimes(file, new Date(), new Date());
  }
}

/** The start of a key. Where two keys share it, the record found tells that it is another's. */
const shortName = (key: Buffer): string => key.toString('latin1', 0, 8);

async function placesIn(file: string): Promise<Places> {
  const places: Places = new Map();
  const handle = await openRegular(file);
  try {
    const chunk = Buffer.alloc(chunkBytes);
    for (let [at, start, end] = [0, 0, 0]; ;) {
      if (at + headBytes > end) {
        start = at;
        end = at + (await handle.read(chunk, 0, chunkBytes, at)).bytesRead;
      }
      if (at + headBytes > end) return places;
      const head = chunk.subarray(at - start, at - start + headBytes);
      places.set(shortName(head), at);
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

/** Deletes the files that were not used for longest, until what remains fits. */
async function prune(root: string): Promise<void> {
  const names = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.scores'));
  const files = await Promise.all(
    names.map(async (name) => ({ file: join(root, name), ...pick(await stat(join(root, name))) })),
  );
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { file, size } of files.toSorted((a, b) => a.used - b.used)) {
    if (total <= maxBytes) return;
    await rm(file, { force: true });
    total -= size;
  }
}

const pick = ({
  size,
  mtimeMs,
}: {
  readonly size: number;
  readonly mtimeMs: number;
}): { size: number; used: number } => ({ size, used: mtimeMs });

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
