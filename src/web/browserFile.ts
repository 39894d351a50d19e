import { isRecord } from '../base/pure/isRecord';
import { MarginError } from '../base/pure/marginError';
import { headBytes, notLines, readOnlyKind } from '../jsonl/fileKind';
import { MemoryFile } from '../jsonl/memoryFile';

/** The largest file that is opened: all of it is in the memory of the browser, several times while it is saved. */
export const maxFileBytes = 50 * 1024 * 1024;

/** `FilePermission.Readonly` of VS Code. */
const readonlyPermission = 1;

/** The part of VS Code's file system that is used. Paths are URIs of any scheme. */
export interface FileSystem<Uri> {
  stat(uri: Uri): Thenable<{ readonly size: number; readonly mtime: number; readonly permissions?: number }>;
  readFile(uri: Uri): Thenable<Uint8Array>;
  writeFile(uri: Uri, content: Uint8Array): Thenable<void>;
}

/** What was read: the rows, or a sentence that says why they are not shown and what to do. */
export type Opened =
  { readonly rows: MemoryFile; readonly otherKind: null } | { readonly rows: null; readonly otherKind: string };

/** How a file is, compared with what was read or written last. */
export type FileState = 'same' | 'changed' | 'gone';

/** A file of the workspace, as it was read or written last. */
export class BrowserFile<Uri> {
  private known: { readonly bytes: Uint8Array; readonly mtime: number } | null = null;
  private isLocked = false;

  /**
   * @param name the path, for messages
   * @param isWritable whether files can be written where it is; undefined if that is not known
   */
  constructor(
    private readonly files: FileSystem<Uri>,
    readonly uri: Uri,
    readonly name: string,
    private readonly isWritable?: boolean,
  ) {}

  /** Why the file is not edited, and what to do, in a sentence; null if it is edited. */
  get readOnly(): string | null {
    if (!this.isLocked && this.isWritable !== false) return null;
    const where = this.isLocked ? 'is read-only' : 'is in a place that takes no changes';
    return `${this.name} ${where}, so its rows are only shown: save it under another name (File > Save As…), or open this folder in VS Code on the desktop.`;
  }

  /** Reads the file. @throws errors of the file system */
  async read(): Promise<Opened> {
    const { size, mtime, permissions = 0 } = await this.files.stat(this.uri);
    this.known = null;
    this.isLocked = (permissions & readonlyPermission) !== 0;
    if (size > maxFileBytes) return refused(tooLarge(this.name, size));
    const bytes = await this.files.readFile(this.uri);
    this.known = { bytes, mtime };
    const head = bytes.subarray(0, headBytes);
    const whole = bytes.length <= headBytes;
    const other = notLines(head, whole, this.name);
    if (other) return refused(other.message);
    const packed = readOnlyKind(head, whole, this.name);
    if (packed) return refused(ofDesktop(this.name, packed.name));
    try {
      return { rows: MemoryFile.of(bytes, this.name), otherKind: null };
    } catch (error) {
      if (error instanceof MarginError) return refused(error.message);
      throw error;
    }
  }

  /**
   * How the file is now: another program may have written other bytes, or removed it.
   *
   * @throws errors of the file system
   */
  async state(): Promise<FileState> {
    const { known } = this;
    try {
      const { size, mtime } = await this.files.stat(this.uri);
      if (size !== known?.bytes.length) return 'changed';
      // File systems that have no times give 0.
      if (mtime === known.mtime && mtime !== 0) return 'same';
      return equal(await this.files.readFile(this.uri), known.bytes) ? 'same' : 'changed';
    } catch (error) {
      if (isMissing(error)) return 'gone';
      throw error;
    }
  }

  /** Writes the file. @throws MarginError `not-writable` */
  async write(bytes: Uint8Array): Promise<void> {
    try {
      await this.files.writeFile(this.uri, bytes);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `${this.name} cannot be written (${reason}). Your edits are kept: save under another name.`;
      throw new MarginError('not-writable', message, { file: this.name });
    }
    const { mtime } = await this.files.stat(this.uri);
    this.known = { bytes, mtime };
  }
}

function refused(otherKind: string): Opened {
  return { rows: null, otherKind };
}

function tooLarge(name: string, size: number): string {
  const megabytes = (bytes: number): number => Math.ceil(bytes / (1024 * 1024));
  return `${name} has ${megabytes(size)} MB. The browser opens files of up to ${megabytes(maxFileBytes)} MB: open it in VS Code on the desktop, which takes files of any size.`;
}

function ofDesktop(name: string, kind: string): string {
  return `${name} is ${kind}, whose rows Margin shows on the desktop only: open this folder in VS Code on the desktop, or write the file as JSON Lines.`;
}

/** Whether an error is VS Code's `FileSystemError.FileNotFound`. */
function isMissing(error: unknown): boolean {
  return isRecord(error) && error['code'] === 'FileNotFound';
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
