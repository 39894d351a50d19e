import { TimeLimit } from '../../../base/node/timeLimit';
import { MarginError } from '../../../base/pure/marginError';
import { valueOf } from '../../../base/pure/outcome';
import { changerOf, type RowChanger } from '../../../pairs/bulk/changeRow';
import type { RowChange, RowOutcome } from '../../../pairs/bulk/rowChange';
import type { Reading } from '../../../pairs/reading';

/** Rows to change, as texts. */
export interface BulkQuestion {
  readonly texts: readonly string[];
  readonly change: RowChange;
  readonly reading: Reading;
}

/** What stops a change: a text that is not a pattern, or a pattern that takes too long in a row. */
export interface BulkFault {
  readonly code: string;
  readonly message: string;
  /** The index of the row. */
  readonly index: number;
}

/** The outcome for each row, or why the change was stopped. */
export type BulkAnswer = readonly RowOutcome[] | BulkFault;

/** Longest time for a pattern in one row. Real ones take microseconds, even in long rows. */
const rowMs = 1000;
const slow = 'The search takes too long: write it without repeats inside repeats, such as (a+)+.';

/** Changes rows. It keeps what it has prepared for a change until it is asked for another one. */
export class BulkProgram {
  private key = '';
  private changer: RowChanger | null = null;
  private limit = newLimit();

  /** @throws a defect; a slow pattern is an answer */
  answer({ texts, change, reading }: BulkQuestion): BulkAnswer {
    try {
      const changer = this.prepared(change);
      const outcomes = this.limit.each(texts, (text) => changer(text, reading));
      const index = outcomes.findIndex((outcome) => 'error' in outcome && outcome.error instanceof MarginError);
      const failed = outcomes[index];
      if (failed && 'error' in failed) return fault(failed.error, index);
      return outcomes.map(valueOf);
    } catch (error) {
      return fault(error, 0);
    }
  }

  private prepared(change: RowChange): RowChanger {
    const key = JSON.stringify(change);
    if (key === this.key && this.changer) return this.changer;
    const changer = changerOf(change);
    [this.key, this.changer] = [key, changer];
    // The next pattern starts with a fresh time limit.
    this.limit = newLimit();
    return changer;
  }
}

function newLimit(): TimeLimit {
  return new TimeLimit(rowMs, 'slow-pattern', slow);
}

function fault(error: unknown, index: number): BulkFault {
  if (!(error instanceof MarginError)) throw error;
  return { code: error.code, message: error.message, index };
}
