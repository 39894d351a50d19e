import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from '../../base/node/fileError';
import { errorCode, MarginError } from '../../base/pure/marginError';
import type { LineEnd } from '../../pairs/edits';
import type { RowRun, RowSource } from '../../pairs/pieceTable';
import { carryOver } from './carryOver';
import { type Disk, lookAtDisk, refuseChanged } from './diskState';
import { LineFile } from './lineFile';
import { endOf, grownStyle, type FileStyle, styleOf } from '../fileStyle';
import { refuseLost, withoutLost } from '../lostRows';
import type { Thoroughness } from './sameHead';
import { type SaveOptions, saveLines } from './save';

export interface WriteOptions {
  readonly signal?: AbortSignal;
  /** Writes over whatever is there now. */
  readonly overwrite?: boolean;
}

export interface Grown {
  /** The last line, where it went on. */
  readonly joined: { readonly line: string; readonly previous: string } | null;
}

/** The file that a document's untouched rows come from, and the style that its saves keep. */
export class SourceFile {
  constructor(
    public lines: LineFile,
    /** Null while lines are still being found. */
    private known: FileStyle | null = null,
  ) {}

  /** Reads all of a file. Errors as {@link LineFile}. */
  static async read(file: string, signal: AbortSignal): Promise<SourceFile> {
    const lines = await LineFile.open(file, { keep: true });
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

  /** To be called when all lines are known. */
  settle(): void {
    this.known = styleOf(this.lines.index);
  }

  endOf(source: RowSource): LineEnd {
    if (source.kind === 'text' && source.end) return source.end;
    return source.base === null ? this.style.lineEnd : endOf(source.base, this.lines.index, this.style);
  }

  /** The lines of a page of rows. */
  async read(page: readonly RowRun[]): Promise<string[]> {
    const { lines } = this;
    const texts: string[] = [];
    for (const run of page) {
      if (run.kind === 'text') texts.push(run.line);
      else for (const line of await lines.lines(run.start, run.count)) texts.push(line);
    }
    return texts;
  }

  /** Looks how the file stands to the lines that are known. Errors as {@link lookAtDisk}. */
  async look(check: Thoroughness): Promise<Disk> {
    const disk = await lookAtDisk(this.lines, check);
    if (disk.state === 'same') this.lines.stamp = disk.stamp;
    return disk;
  }

  /**
   * Goes on with `file`, which has more lines, and reads those; answers null where it does not, because a last line
   * without a line end goes on in it as well while an edit has taken that line's place (`lastIsRow` says that none
   * has). Errors as {@link LineFile.readIndex}.
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
   * Writes rows into the file, and answers the file that they come from now; null where it has grown meanwhile under
   * another program's hands, so that this is to be taken in first. Throws MarginError `changed-on-disk`, `lines-lost`,
   * and what {@link saveLines} throws.
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
      const file = await LineFile.open(this.path, { known: written, keep: true });
      if (file.index === written.index) {
        await file.keepKnown();
        return new SourceFile(file, written.style);
      }
      await file.close();
    } catch (error) {
      if (errorCode(error) === grownMeanwhile) return null;
      throw error;
    }
    // Another program wrote right after the save.
    refuseChanged(this.path, 'changed');
    return null;
  }

  /** Writes rows to another file. Answers those that are missing there, because their lines can no longer be read. */
  async writeCopy(runs: Iterable<RowRun>, target: string, signal: AbortSignal | undefined): Promise<readonly number[]> {
    const { lines: base, style } = this;
    const { kept, lost } = withoutLost(runs, await base.lostRows());
    await saveLines({ base, style, runs: kept }, target, signal ? { signal } : {});
    return lost;
  }

  /** The file must still be as it was taken in, at the moment at which it is replaced. */
  private async lastLook(): Promise<void> {
    const disk = await this.look('some');
    if (disk.state !== 'grown') return refuseChanged(this.path, disk.state);
    const own = await this.lines.isAt(disk.file.stamp);
    await disk.file.close();
    // What the file that is held open has more is carried over after it lost its name.
    if (!own) throw new MarginError(grownMeanwhile, `${this.path} has grown meanwhile.`, { file: this.path });
  }
}

const grownMeanwhile = 'grown-meanwhile';
