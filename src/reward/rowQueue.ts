import type { TimeLimit } from '../base/node/timeLimit';
import { at } from '../base/pure/must';
import { valueOf } from '../base/pure/outcome';
import type { RowCollector } from './rowCollector';

/** A row that waits to be tokenised. */
interface WaitingRow {
  readonly line: number;
  /** Tokenises the row. @returns a function that stores it */
  readonly tokenize: () => () => Promise<void>;
}

/** Waiting rows are tokenised once there are this many rows, or this many characters of text. */
const [mostRows, mostCharacters] = [64, 1 << 15];

/**
 * Tokenises several rows with one clock of the time limit. Starting the clock takes as long as tokenising a short row.
 * Rows are kept, or left out for their errors, in the order in which they were added.
 */
export class RowQueue {
  private waiting: WaitingRow[] = [];
  private characters = 0;

  constructor(
    private readonly collector: RowCollector,
    private readonly limit: TimeLimit,
  ) {}

  /** @param characters of the row's text */
  async add(characters: number, row: WaitingRow): Promise<void> {
    this.waiting.push(row);
    this.characters += characters;
    if (this.waiting.length >= mostRows || this.characters >= mostCharacters) await this.finish();
  }

  /** Tokenises the rows that wait. Call it after the last row. */
  async finish(): Promise<void> {
    const { waiting } = this;
    this.waiting = [];
    this.characters = 0;
    const outcomes = this.limit.each(waiting, ({ tokenize }) => tokenize());
    for (const [i, { line }] of waiting.entries()) {
      const keep = this.collector.attempt(line, () => valueOf(at(outcomes, i)));
      await keep?.();
    }
  }
}
