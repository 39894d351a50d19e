import { crc32 } from 'node:zlib';
import { TaskQueue } from '../../base/pure/taskQueue';
import type { ComparedRows } from '../comparedRows';
import { contentLength, RowSums } from '../rowSums';
import type { LineFile } from './lineFile';

/**
 * The checksums of the rows of a file. They tell which rows another program changed, even after it has overwritten
 * the bytes.
 */
export class SourceSums {
  private readonly sums = new RowSums(crc32);
  private readonly reading = new TaskQueue();

  /**
   * Reads the rows whose checksums are not known yet. It takes about a second for a gigabyte.
   *
   * @throws MarginError `changed-on-disk` if the bytes of some are gone, and other errors of {@link LineFile}; the
   *   signal's reason if aborted
   */
  take(file: LineFile, signal: AbortSignal): Promise<void> {
    // Asked for with each edit.
    if (this.sums.count === file.index.count) return this.reading.settled();
    return this.reading.run(() => this.read(file, signal));
  }

  /** Forgets a last row that has no end, because text that another program appended continues it. */
  async reopen({ index }: LineFile): Promise<void> {
    await this.reading.settled();
    if (!index.finalNewline) this.sums.forgetFrom(index.count - 1);
  }

  /** The rows of a file that {@link take} has read. */
  compared({ index }: LineFile): ComparedRows {
    const { sums } = this;
    return { count: index.count, sum: (row) => sums.at(row), length: (row) => contentLength(index, row) };
  }

  private async read(file: LineFile, signal: AbortSignal): Promise<void> {
    const { sums } = this;
    const { index } = file;
    if (sums.count === index.count) return;
    sums.begin(index);
    for await (const chunk of file.bytes(sums.count, index.count)) {
      signal.throwIfAborted();
      sums.push(chunk, index);
    }
  }
}
