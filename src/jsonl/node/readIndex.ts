import { ElementIndex } from '../elementIndex';
import { LineIndex } from '../lineIndex';
import type { RowIndex } from '../rowIndex';
import type { Growth } from './growth';
import type { IndexThreads } from './scan/indexThreads';

/** An open file whose rows are to be found. */
export interface UnreadFile {
  readonly path: string;
  /** Names the file in errors. */
  readonly name: string;
  readonly index: RowIndex;
  /** Bytes in the file when it was opened. */
  readonly size: number;
  readonly growth: Growth | null;
  /** Null: this thread reads the whole file. */
  readonly threads: IndexThreads | null;
  /** Fills a buffer with the bytes from a position on; returns their number. */
  read(buffer: Buffer, position: number): Promise<number>;
  /** Lends the descriptor to other threads. */
  lend<T>(use: (fd: number) => Promise<T>): Promise<T>;
}

/** Bytes read at a time in this thread; finding the line ends in them takes well under a millisecond. */
const chunkBytes = 1 << 18;
/**
 * Bytes that this thread reads first, so that the first rows appear at once. Other threads read the rest, if it has at
 * least as many bytes: starting a thread takes some 30 ms.
 */
const aloneBytes = 1 << 20;

/**
 * Pushes the bytes of a file that its index does not have yet, up to the end of the file, even if the file grows
 * meanwhile.
 *
 * @param step called after each part, with its bytes if they are in this thread
 * @throws MarginError as `LineFile.readIndex`
 */
export async function readIndex(
  file: UnreadFile,
  signal: AbortSignal | undefined,
  step: (bytes: Uint8Array | null) => void,
): Promise<void> {
  const { index, threads } = file;
  // Only a file of lines can have grown.
  if (index instanceof ElementIndex && index.bytes > 0) return;
  if (threads && index instanceof ElementIndex && file.size >= aloneBytes && !file.growth)
    return elementsInThread(file, threads, index, signal, step);
  const buffer = Buffer.alloc(chunkBytes);
  for (;;) {
    signal?.throwIfAborted();
    const { bytes: position } = index;
    if (threads && index instanceof LineIndex && isLong(file)) {
      await linesInThreads(file, threads, index, signal, step);
      if (index.bytes > position) continue;
    }
    // Other threads begin where a block of checksums does.
    const room = buffer.subarray(0, chunkBytes - (position % chunkBytes));
    const bytes = room.subarray(0, await file.read(room, position));
    if (bytes.length > 0) {
      index.push(bytes);
      step(bytes);
    } else if (!(await file.growth?.more(position))) return;
  }
}

function isLong({ index: { bytes }, size }: UnreadFile): boolean {
  return bytes >= aloneBytes && size - bytes >= aloneBytes && bytes % chunkBytes === 0;
}

function linesInThreads(
  file: UnreadFile,
  threads: IndexThreads,
  index: LineIndex,
  signal: AbortSignal | undefined,
  step: (bytes: null) => void,
): Promise<void> {
  return file.lend(async (fd) => {
    for await (const part of threads.lines(fd, file.path, index.bytes, file.size)) {
      signal?.throwIfAborted();
      index.append(part);
      step(null);
    }
  });
}

function elementsInThread(
  { name, size, lend }: UnreadFile,
  threads: IndexThreads,
  index: ElementIndex,
  signal: AbortSignal | undefined,
  step: (bytes: null) => void,
): Promise<void> {
  const { layout } = index;
  return lend(async (fd) => {
    await threads.elements({ fd, name, layout, size }, signal, (part) => {
      index.append(part);
      step(null);
    });
    // The thread may have ended before it was told to.
    signal?.throwIfAborted();
  });
}
