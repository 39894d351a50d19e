import type { RowDetail } from '../../protocol/pairEditor';
import type { ReviewPairEdit, ReviewState } from '../../protocol/review';
import type { Opinions } from './adjudication';
import type { DocumentMarks } from './documentMarks';
import type { ReviewQueue } from './reviewQueue';

/** What a review needs from its view and document. */
export interface SessionOptions {
  readonly marks: DocumentMarks;
  readonly queue: ReviewQueue;
  readonly dimensions: readonly string[];
  readonly blind: boolean;
  /** Null for a review of pairs that nobody compares. */
  readonly opinions: Opinions | null;
  /** The filter and order of the queue, in words. */
  readonly queueText: () => string;
  /** Why the texts of the document cannot be edited; null if they can. */
  readonly fixed: () => string | null;
  readonly detail: (row: number) => Promise<{ readonly line: string; readonly detail: RowDetail }>;
  readonly edit: (edit: ReviewPairEdit, revision: number) => Promise<unknown>;
  readonly typed: (edit: ReviewPairEdit, revision: number) => void;
  readonly undoEdit: () => Thenable<unknown>;
  readonly show: (state: ReviewState) => void;
  readonly failed: (error: unknown) => void;
}
