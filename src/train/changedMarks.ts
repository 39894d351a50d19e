import { MarginError } from '../base/pure/marginError';

/** `a.marks.jsonl has`, `a.marks.jsonl and b.marks.jsonl have` */
const have = (paths: readonly string[]): string => `${paths.join(' and ')} ${paths.length === 1 ? 'has' : 'have'}`;

/**
 * The error of a failed resume. If the rows differ from those of the checkpoint and marks files have changed, the error
 * names these files.
 *
 * @param marks the changed marks files
 */
export function mismatchOf(error: unknown, marks: readonly string[]): unknown {
  if (!(error instanceof MarginError) || error.code !== 'checkpoint-mismatch' || marks.length === 0) return error;
  const message = `${have(marks)} changed since this run was made, and its rows are no longer those of its checkpoint. Put the marks back as they were, or start a new run, from this checkpoint's weights if you like.`;
  return new MarginError('marks-changed', message, { ...error.details, marks });
}

/** The note of a resumed run about changed marks. @param hasCheckpoint false: the run starts over */
export function marksNote(marks: readonly string[], hasCheckpoint: boolean): string {
  return hasCheckpoint
    ? `${have(marks)} changed since the run was made. The rows to train on are the same, so the run goes on; held-out rows are those of the marks as they are now.`
    : `${have(marks)} changed since the run was made. The run starts over with the marks as they are now.`;
}

/** The note of a scoring about marks that changed since the run was made. */
export function scoringNote(marks: readonly string[]): string {
  return `${have(marks)} changed since the run was made: the scored pairs are those of the marks as they are now.`;
}
