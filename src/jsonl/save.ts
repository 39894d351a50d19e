import { access, constants, type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { RowRun } from '../pairs/rows';
import { fileError } from './fileError';
import type { LineFile } from './lineFile';
import { LineIndex } from './lineIndex';
import { lineBytes, withoutLineEnd } from './lineText';
import { removeAbandoned, temporaryPath } from './temporary';

export interface SaveOptions {
  readonly signal?: AbortSignal;
  /** Called when all is written, before the new file takes the old one's place; where it throws, nothing has happened. */
  readonly beforeRename?: () => Promise<void>;
}

/**
 * Writes `runs` of rows over `base` to `target` and returns the index of what was written. Untouched lines keep their bytes;
 * new lines get the line end that most have, a changed line keeps its own; byte order mark and a missing last line end stay.
 * The bytes go to a file beside the target, which is synced and then renamed to it, so that a reader (or a crash) finds the
 * old file or the new one; what a crash leaves beside it goes at the next save or opening. A symbolic link stays, its target is replaced; permission bits stay.
 * Throws MarginError `disk-full`, `no-access`, `changed-on-disk`; the signal's reason when aborted. Then the target is as it was.
 */
export async function saveLines(base: LineFile, runs: Iterable<RowRun>, target: string, options: SaveOptions = {}): Promise<LineIndex> {
  let temporary: string | undefined;
  let handle: FileHandle | undefined;
  try {
    const file = await resolved(target);
    const mode = await modeOf(file);
    await removeAbandoned(file);
    const name = temporaryPath(file);
    handle = await open(name, 'wx', mode ?? 0o666);
    temporary = name;
    const index = await new LineWriter(base, handle, new LineIndex(file), options.signal).write(runs);
    if (mode !== undefined) await handle.chmod(mode);
    await handle.sync();
    await handle.close();
    handle = undefined;
    await base.checkIntact();
    await options.beforeRename?.();
    options.signal?.throwIfAborted();
    await rename(temporary, file);
    temporary = undefined;
    await syncFolder(path.dirname(file));
    return index;
  } catch (error) {
    throw fileError(error, target, 'write');
  } finally {
    await handle?.close();
    if (temporary !== undefined) await rm(temporary, { force: true });
  }
}

/** Bytes gathered before they are written. */
const bufferBytes = 1 << 20;

class LineWriter {
  private parts: Uint8Array[] = [];
  private waiting = 0;

  constructor(
    private readonly base: LineFile,
    private readonly handle: FileHandle,
    private readonly index: LineIndex,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async write(runs: Iterable<RowRun>): Promise<LineIndex> {
    if (this.base.index.bomLength > 0) await this.put(Buffer.from('\ufeff'));
    let last: RowRun | undefined;
    for (const run of runs) {
      if (last) await this.run(last);
      last = run;
    }
    if (last) await this.lastRun(last);
    await this.flush();
    this.index.finish();
    return this.index;
  }

  private async run(run: RowRun): Promise<void> {
    if (run.kind === 'text') {
      const own = run.base !== null && this.base.index.mixedLineEnds ? await this.base.lineEnd(run.base) : '';
      return this.put(lineBytes(run.line + (own || this.base.index.lineEnd)));
    }
    const { index } = this.base;
    const end = run.start + run.count;
    for await (const chunk of this.base.chunks(index.start(run.start), index.start(end))) await this.put(chunk);
    if (end === index.count && !index.finalNewline) await this.put(Buffer.from(index.lineEnd));
  }

  /** Like {@link run}, but the last line ends as the last line of the base does: with a line end, or without. */
  private async lastRun(run: RowRun): Promise<void> {
    if (this.base.index.finalNewline) return this.run(run);
    if (run.kind === 'text') return this.put(lineBytes(run.line));
    const last = run.start + run.count - 1;
    if (run.count > 1) await this.run({ ...run, count: run.count - 1 });
    await this.put(withoutLineEnd(await this.base.bytes(last, last + 1)));
  }

  private async put(bytes: Uint8Array): Promise<void> {
    this.parts.push(new Uint8Array(bytes));
    this.waiting += bytes.length;
    if (this.waiting >= bufferBytes) await this.flush();
  }

  private async flush(): Promise<void> {
    this.signal?.throwIfAborted();
    const bytes = Buffer.concat(this.parts);
    this.parts = [];
    this.waiting = 0;
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.handle.write(bytes, at, bytes.length - at);
      at += bytesWritten;
    }
    this.index.push(bytes);
  }
}

async function resolved(target: string): Promise<string> {
  return realpath(target).catch((error: unknown) => {
    if (isMissing(error)) return path.resolve(target);
    throw error;
  });
}

/** Permission bits of the file that is to be replaced; undefined where there is none. A rename would ignore write protection. */
async function modeOf(file: string): Promise<number | undefined> {
  try {
    const { mode } = await stat(file);
    await access(file, constants.W_OK);
    return mode & 0o7777;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // Windows and some network disks cannot sync a folder; the rename itself has happened.
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
