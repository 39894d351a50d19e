import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from '../../../base/node/fileError';
import { openRegular } from '../../../base/node/smallFile';
import { MarginError } from '../../../base/pure/marginError';
import { lineBytes } from '../../lineText';
import { sameStamp, stampOf } from '../../stamp';
import { readFooter } from '../containers/parquetFooter';
import { parquetRows } from '../containers/parquetRows';
import { unwrapped } from '../containers/unwrap';
import { requireSpace } from './freeSpace';

/** How far a file is decoded. */
export interface DecodeProgress {
  /** Bytes that can be read in the target. */
  readonly written: number;
  /** How much of the source is read, from 0 to 1. */
  readonly share: number;
}

export interface DecodeOptions {
  readonly signal?: AbortSignal;
  /** Most bytes that are written. */
  readonly maxBytes: number;
  readonly onProgress: (progress: DecodeProgress) => void;
}

/** Bytes between two looks at the free space of the disk. */
const lookBytes = 64 << 20;
const newline = 10;

/**
 * Writes what a file holds into a new file, from the start, so that the target can be read meanwhile. The text inside
 * gzip, zstd or UTF-16 is written as it is, in UTF-8; the rows of Parquet are written as JSON Lines.
 *
 * @throws MarginError `decodes-too-large`, `disk-full`, `changed-on-disk`, and those of `readRows`
 */
export async function decodeFile(source: string, target: string, options: DecodeOptions): Promise<void> {
  const handle = await openRegular(source);
  try {
    const before = stampOf(await handle.stat());
    await requireSpace(path.dirname(target), before.size, source);
    const writer = await DecodeWriter.create(source, target, options);
    try {
      await decodeInto(writer, handle, source, before.size, options.signal);
    } finally {
      await writer.close();
    }
    if (sameStamp(before, stampOf(await handle.stat()))) return;
    const message = `${source} was changed by another program while it was read. Open it again.`;
    throw new MarginError('changed-on-disk', message, { file: source });
  } finally {
    await handle.close();
  }
}

async function decodeInto(
  writer: DecodeWriter,
  handle: FileHandle,
  file: string,
  size: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const place = { file, line: 0 };
  let share = 0;
  const { container, chunks } = await unwrapped(handle, place, signal, (bytes) => (share = bytes / size));
  if (container.kind === 'parquet') {
    const rowCount = Number((await readFooter(handle, file)).metadata.num_rows);
    for await (const rows of parquetRows(file, signal ? { signal } : {})) {
      const last = rows.at(-1)?.line ?? 0;
      await writer.write(lineBytes(rows.map(({ text }) => `${text}\n`).join('')), last / rowCount);
    }
    return;
  }
  for await (const chunk of chunks) {
    await writer.write(chunk, share);
    place.line += newlinesIn(chunk);
  }
}

/** Appends to the target, within the limits. */
class DecodeWriter {
  private written = 0;
  private looked = 0;

  private constructor(
    private readonly source: string,
    private readonly target: string,
    private readonly handle: FileHandle,
    private readonly options: DecodeOptions,
  ) {}

  static async create(source: string, target: string, options: DecodeOptions): Promise<DecodeWriter> {
    const handle = await open(target, 'wx', 0o600).catch((error: unknown) => {
      throw fileError(error, 'write', target);
    });
    return new DecodeWriter(source, target, handle, options);
  }

  /** @param share how much of the source is read */
  async write(bytes: Uint8Array, share: number): Promise<void> {
    const { source, target, options } = this;
    if (this.written + bytes.length > options.maxBytes) {
      const most = Math.floor(options.maxBytes / 2 ** 30);
      const message = `${source} unpacks to more than ${most} GB, which Margin does not show. Convert it (margin convert), or split it.`;
      throw new MarginError('decodes-too-large', message, { file: source });
    }
    if (this.written + bytes.length - this.looked > lookBytes) {
      this.looked = this.written;
      await requireSpace(path.dirname(target), bytes.length, source);
    }
    await this.handle.writeFile(bytes).catch((error: unknown) => {
      throw fileError(error, 'write', target);
    });
    this.written += bytes.length;
    options.onProgress({ written: this.written, share: Math.min(1, share) });
  }

  async close(): Promise<void> {
    await this.handle.close().catch((error: unknown) => {
      throw fileError(error, 'write', this.target);
    });
  }
}

function newlinesIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count++;
  return count;
}
