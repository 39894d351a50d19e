import type { Edit } from '../../pairs/edits';
import type { Together } from '../pairEditor/editsTogether';

/** Knows which changes of many rows are not saved yet. */
export class BulkSteps {
  private readonly steps = new Set<unknown>();

  /** The unsaved steps, to be passed to {@link saved}. */
  get unsaved(): readonly unknown[] {
    return [...this.steps];
  }

  /** Follows a step of the undo stack. A step that changes a single row does not count. */
  follow(step: Together, edits: readonly Edit[]): Together {
    if (edits.reduce((sum, edit) => sum + rowsOf(edit), 0) < 2) return step;
    this.steps.add(step);
    return {
      count: step.count,
      undo: async (progress) => {
        await step.undo(progress);
        // After a save, an undo restores rows that the copy of that save has.
        this.steps.delete(step);
      },
      redo: async (progress) => {
        await step.redo(progress);
        this.steps.add(step);
      },
    };
  }

  /** Counts several restored edits as one step, because they may have been made together. */
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
