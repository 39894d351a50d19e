import type { AppliedEdit } from '../../jsonl/documentChange';
import type { Edit } from '../../pairs/edits';

type UndoStep = Pick<AppliedEdit, 'undo' | 'redo'>;

/** Knows which changes of many rows are not saved yet. */
export class BulkSteps {
  private readonly steps = new Set<unknown>();

  /** The unsaved ones; {@link saved} takes them back. */
  get unsaved(): readonly unknown[] {
    return [...this.steps];
  }

  /** Follows a step of the undo stack. One of a single row is none. */
  follow(step: UndoStep, edits: readonly Edit[]): UndoStep {
    if (edits.reduce((sum, edit) => sum + rowsOf(edit), 0) < 2) return step;
    this.steps.add(step);
    return {
      undo: () => {
        step.undo();
        // After a save, undo leads back to what the copy of that save has.
        this.steps.delete(step);
      },
      redo: () => {
        step.redo();
        this.steps.add(step);
      },
    };
  }

  /** Counts restored edits, of which nobody knows whether they were made together. */
  restored(edits: number): void {
    if (edits > 1) this.steps.add({});
  }

  /** @param steps those of {@link unsaved} when the save began */
  saved(steps: readonly unknown[]): void {
    for (const step of steps) this.steps.delete(step);
  }

  clear(): void {
    this.steps.clear();
  }
}

function rowsOf(edit: Edit): number {
  if (edit.op === 'replace') return 1;
  return edit.op === 'move' ? edit.count : edit.lines.length;
}
