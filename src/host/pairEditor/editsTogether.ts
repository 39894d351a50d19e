import { errorCode } from '../../base/pure/marginError';
import type { AppliedEdit } from '../../jsonl/documentChange';
import type { LinesDocument } from '../../jsonl/node/document';
import type { Edit } from '../../pairs/edits';
import { Slices } from '../../editor/slices';

/** Edits between two looks at the clock. */
const sliceEdits = 16;

/** A step of the undo stack. */
export interface Together {
  /** The number of edits. */
  readonly count: number;
  /** @param progress called after each slice with the number of edits that are undone */
  undo(progress?: (undone: number) => void): Promise<void>;
  /** @param progress called after each slice with the number of edits that are applied */
  redo(progress?: (applied: number) => void): Promise<void>;
}

export interface TogetherOptions {
  /** Ends the work; all edits are taken back then. */
  readonly signal?: AbortSignal;
  /** Called after each slice with the number of edits that are applied. */
  readonly progress?: (applied: number) => void;
}

/**
 * Applies edits one after the other, to be undone and redone together. There may be many, so the work is cut into
 * slices, and the extension host answers views in between: they see a part of the edits.
 *
 * @returns null if the rows were changed or read again in between; then the edits are taken back
 * @throws errors of `applyEdit`, and the signal's reason when aborted; then the edits are taken back
 */
export async function applyTogether(
  lines: LinesDocument,
  edits: readonly Edit[],
  { signal, progress }: TogetherOptions = {},
): Promise<Together | null> {
  const applied: AppliedEdit[] = [];
  let changes = 0;
  const stop = lines.onDidChange(({ kind }) => {
    if (kind === 'edited' || kind === 'reverted') changes++;
  });
  try {
    await sliced(
      edits,
      signal,
      (edit, i) => {
        if (changes !== i) throw new ChangedBetween();
        applied.push(lines.applyEdit(edit));
      },
      progress,
    );
  } catch (error) {
    await takeBack(applied);
    if (error instanceof ChangedBetween) return null;
    throw error;
  } finally {
    stop();
  }
  return {
    count: applied.length,
    undo: (undone) => sliced(applied.toReversed(), undefined, (edit) => edit.undo(), undone),
    redo: (redone) => sliced(applied, undefined, (edit) => edit.redo(), redone),
  };
}

/** The rows were changed between two slices, so the edits are about other rows. */
class ChangedBetween extends Error {}

async function takeBack(applied: readonly AppliedEdit[]): Promise<void> {
  try {
    await sliced(applied.toReversed(), undefined, (edit) => edit.undo());
  } catch (error) {
    // The file was read again, which has discarded the edits.
    if (errorCode(error) !== 'not-undoable') throw error;
  }
}

async function sliced<T>(
  items: readonly T[],
  signal: AbortSignal | undefined,
  work: (item: T, i: number) => void,
  progress: (done: number) => void = () => undefined,
): Promise<void> {
  const slices = new Slices(signal);
  for (const [i, item] of items.entries()) {
    if (i % sliceEdits === 0 && (await slices.breathe())) progress(i);
    work(item, i);
  }
}
