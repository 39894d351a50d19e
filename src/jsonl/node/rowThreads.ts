import { answer, Threads } from '../../base/node/threads';
import type { Reading } from '../../pairs/reading';

/** Rows for a thread to check. */
interface RowsAsked {
  readonly lines: readonly string[];
  readonly reading: Reading;
}

/** Threads that check rows. The program of a thread calls {@link answerRows}. */
export class RowThreads<Found> extends Threads<RowsAsked, Found> {
  /** Checks rows. @throws the error of a thread, which is a defect */
  look(lines: readonly string[], reading: Reading): Promise<Found> {
    return this.ask({ lines, reading });
  }
}

/**
 * The work of a thread: answers the requests of {@link RowThreads}.
 *
 * @param look checks rows, and names the buffers of its result that are handed over and not copied
 */
export function answerRows<Found>(
  look: (lines: readonly string[], reading: Reading) => { found: Found; transfer: readonly ArrayBuffer[] },
): void {
  answer<RowsAsked, Found>(({ lines, reading }) => look(lines, reading));
}
