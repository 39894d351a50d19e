import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from '../../base/node/fileError';
import { errorCode, MarginError } from '../../base/pure/marginError';
import type { Edit } from '../../pairs/edits';
import type { PieceTable, RowRun } from '../../pairs/pieceTable';
import { carryOver } from './carryOver';
import { type DiskLook, lookAtDisk, refuseChanged } from './diskState';
import { LineFile, type OpenOptions, type RowForm } from './lineFile';
import { grownStyle, type FileStyle, styleOf, withEnds } from '../fileStyle';
import { refuseLost, withoutLost } from '../lostRows';
import type { Thoroughness } from './sameHead';
import { SourceSums } from './sourceSums';
import { type SaveOptions, saveLines } from './save';

export interface WriteOptions {
  readonly signal?: AbortSignal;
  /** Overwrites the file even if another program has changed it. */
  readonly overwrite?: boolean;
}

/** Lines that another program appended. */
export interface Grown {
  /** The last line before, if the appended text continued it. */
  readonly joined: { readonly line: string; readonly previous: string } | null;
}

/** The file that the unchanged rows of a document come from, and the style in which it is saved. */
export class SourceFile {
  readonly sums = new SourceSums();

  constructor(
    public lines: LineFile,
    /** Null while the file is still being read. */
    private known: FileStyle | null = null,
  ) {}

  /** Opens a file and reads its index. @throws MarginError as {@link LineFile} */
  static async read(file: string, signal: AbortSignal, options: OpenOptions = {}): Promise<SourceFile> {
    const lines = await LineFile.open(file, { ...options, keep: true });
    try {
      await lines.readIndex({ signal });
      return new SourceFile(lines, styleOf(lines.index));
    } catch (error) {
      await lines.close();
      throw error;
    }
  }

  get path(): string {
    return this.lines.path;
  }

  get style(): FileStyle {
    return this.known ?? styleOf(this.lines.index);
  }

  /** Call this when all lines are known: it fixes the style. */
  settle(): void {
    this.known = styleOf(this.lines.index);
  }

  /**
   * Keeps the checksums of all rows, so that edits can be merged with the changes of another program. The bytes of a
   * small file are kept anyway.
   */
  keepSums(signal: AbortSignal): void {
    // Missing checksums are read when they are needed, if that is still possible.
    if (!this.lines.isKept) this.sums.take(this.lines, signal).catch(() => undefined);
  }

  /** See {@link withEnds}. */
  withEnds(edit: Edit, rows: PieceTable): Edit {
    return withEnds(edit, rows, this.lines.index, this.style);
  }

  /** The lines of a page of rows, in the form of {@link LineFile.lines}. */
  async read(page: readonly RowRun[], form: RowForm = 'json'): Promise<string[]> {
    const { lines } = this;
    const texts: string[] = [];
    for (const run of page) {
      if (run.kind === 'text') texts.push(form === 'json' ? run.line : lines.forms.asWritten(run.line));
      else for (const line of await lines.lines(run.start, run.count, form)) texts.push(line);
    }
    return texts;
  }

  /** Compares the file on the disk with the known lines. @throws MarginError as {@link lookAtDisk} */
  async look(check: Thoroughness): Promise<DiskLook> {
    const disk = await lookAtDisk(this.lines, check);
    if (disk.state === 'same') this.lines.stamp = disk.stamp;
    return disk;
  }

  /**
   * Continues with `file`, which has more lines, and reads these.
   *
   * @param lastIsRow whether the last line is still an unchanged row
   * @returns null, and nothing has changed, if the appended text continues a last line that an edit has replaced
   * @throws MarginError as {@link LineFile.readIndex}
   */
  async extend(file: LineFile, lastIsRow: boolean, signal: AbortSignal): Promise<Grown | null> {
    const { lines: old, style } = this;
    const known = old.index.count;
    const joins = !old.index.finalNewline && !/^\r?\n/.test((await file.beyond(2)).toString('latin1'));
    if (joins && !lastIsRow) {
      await file.close();
      return null;
    }
    const [previous] = joins ? await file.lines(known - 1, 1) : [];
    await this.sums.reopen(old);
    this.lines = file;
    try {
      await file.readIndex({ signal });
    } finally {
      await old.close();
    }
    this.known = grownStyle(style, file.index, known);
    const [line] = joins ? await file.lines(known - 1, 1) : [];
    return { joined: line === undefined || previous === undefined ? null : { line, previous } };
  }

  /**
   * Writes rows into the file.
   *
   * @returns the new file; null, and nothing was written, if another program has appended lines that must be added
   *   first
   * @throws MarginError `changed-on-disk`, `lines-lost`, and those of {@link saveLines}
   */
  async write(runs: readonly RowRun[], { signal, overwrite = false }: WriteOptions): Promise<SourceFile | null> {
    const { lines: base, style } = this;
    if (overwrite) refuseLost(this.path, withoutLost(runs, await base.lostRows()).lost);
    const options: SaveOptions = {
      ...(signal && { signal }),
      ...(!overwrite && { beforeReplace: () => this.lastLook() }),
    };
    try {
      await mkdir(path.dirname(this.path), { recursive: true }).catch((error: unknown) => {
        throw fileError(error, 'write', this.path);
      });
      const written = await saveLines({ base, style, runs }, this.path, options);
      if (!overwrite) await carryOver(base, this.path, written.index);
      const file = await LineFile.open(this.path, { known: written, keep: true, threads: base.threads });
      if (file.index === written.index) {
        await file.keepKnown();
        return new SourceFile(file, written.style);
      }
      await file.close();
    } catch (error) {
      if (errorCode(error) === grownMeanwhile) return null;
      throw error;
    }
    // Another program changed the file right after the save.
    refuseChanged(this.path, 'changed');
    return null;
  }

  /** Writes rows to another file. Returns the rows that are missing there because they can no longer be read. */
  async writeCopy(runs: Iterable<RowRun>, target: string, signal: AbortSignal | undefined): Promise<readonly number[]> {
    const { lines: base, style } = this;
    const { kept, lost } = withoutLost(runs, await base.lostRows());
    await saveLines({ base, style, runs: kept }, target, signal ? { signal } : {});
    return lost;
  }

  /** Checks right before the file is replaced that it has not changed since it was read. */
  private async lastLook(): Promise<void> {
    const disk = await this.look('some');
    if (disk.state !== 'grown') return refuseChanged(this.path, disk.state);
    const own = await this.lines.isAt(disk.file.stamp);
    await disk.file.close();
    // If the open file itself has grown, its new bytes are carried over after the save.
    if (!own) throw new MarginError(grownMeanwhile, `${this.path} has grown during the save.`, { file: this.path });
  }
}

const grownMeanwhile = 'grown-meanwhile';
