import type { RowDetail } from '../../protocol/pairEditor';
import type { Keys } from './documentMarks';

/** A pair as it is read for a review. */
export interface ReadPair {
  readonly row: number;
  readonly keys: Keys;
  readonly detail: RowDetail;
}

export interface PairReaderOptions {
  readonly detail: (row: number) => Promise<{ readonly line: string; readonly detail: RowDetail }>;
  readonly keysOf: (line: string) => Keys | null;
  /** The next row of the queue after another one; null if none is left. */
  readonly next: (after: number) => Promise<number | null>;
  /** Whether the queue still leads to a row. */
  readonly isNext: (row: number) => boolean;
}

interface Ahead {
  readonly after: number;
  readonly next: Promise<{ readonly row: number; readonly pair: ReadPair | null } | null>;
}

/** Reads pairs for a review, and the next one ahead, so that it is there when a key decides the current one. */
export class PairReader {
  private ahead: Ahead | null = null;

  constructor(private readonly options: PairReaderOptions) {}

  /** @returns null if the row no longer holds a pair */
  async read(row: number): Promise<ReadPair | null> {
    const { line, detail } = await this.options.detail(row);
    const keys = this.options.keysOf(line);
    return keys && detail.pair ? { row, keys, detail } : null;
  }

  /** The next pair after a row. @returns null if none is left; a pair of null if the row no longer holds one */
  async next(after: number): Promise<{ readonly row: number; readonly pair: ReadPair | null } | null> {
    const { ahead } = this;
    this.ahead = null;
    // What could not be read ahead is read now, and its error is shown.
    const known = ahead?.after === after ? await ahead.next.catch(() => null) : null;
    return known && this.options.isNext(known.row) ? known : this.find(after);
  }

  /** Reads the next pair after a row, and keeps it until it is asked for. */
  readAhead(after: number): void {
    const next = this.find(after);
    next.catch(() => undefined);
    this.ahead = { after, next };
  }

  /** Called when rows have changed: the pair that was read ahead may belong to another row. */
  forget(): void {
    this.ahead = null;
  }

  private async find(after: number): Promise<{ readonly row: number; readonly pair: ReadPair | null } | null> {
    const row = await this.options.next(after);
    return row === null ? null : { row, pair: await this.read(row) };
  }
}
