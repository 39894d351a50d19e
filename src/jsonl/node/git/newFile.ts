import { type FileHandle, open } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { fileError } from '../../../base/node/fileError';

type Done = (error?: Error | null) => void;

/** A stream into a file that must be new, and that only the user may read. It fails with those of {@link fileError}. */
export class NewFile extends Writable {
  private file: FileHandle | null = null;

  constructor(private readonly path: string) {
    super();
  }

  override _construct(done: Done): void {
    this.tell(
      open(this.path, 'wx', 0o600).then((file) => void (this.file = file)),
      done,
    );
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: Done): void {
    this.tell(this.file?.writeFile(chunk), done);
  }

  override _final(done: Done): void {
    this.tell(this.closeFile(), done);
  }

  override _destroy(error: Error | null, done: Done): void {
    this.closeFile().then(
      () => done(error),
      // The first error says what is wrong.
      () => done(error),
    );
  }

  private async closeFile(): Promise<void> {
    const { file } = this;
    this.file = null;
    await file?.close();
  }

  private tell(work: Promise<void> | undefined, done: Done): void {
    Promise.resolve(work).then(
      () => done(),
      (error: unknown) => done(fileError(error, 'write', this.path)),
    );
  }
}
