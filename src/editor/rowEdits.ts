import { TaskQueue } from '../base/pure/taskQueue';
import type { AppliedEdit } from '../jsonl/documentChange';
import { type Edit, rowAfter } from '../pairs/edits';
import { lineEdit, type PairEdit } from '../pairs/pairEdits';
import type { Reading } from '../pairs/reading';
import { editLabel } from './editLabel';
import type { EditorLines } from './editorLines';

/** The most edits that are kept to follow rows. A view is at most a few edits behind. */
const maxRemembered = 1000;

/** A document whose rows are edited. */
export interface EditedLines extends EditorLines {
  /** @throws MarginError `no-such-row`, and for a row that the file cannot hold */
  applyEdit(edit: Edit): AppliedEdit;
}

/** One step of VS Code's undo stack. */
export interface UndoStep {
  readonly label: string;
  undo(): Promise<void>;
  redo(): Promise<void>;
}

export interface RowEditsOptions {
  readonly lines: EditedLines;
  readonly reading: () => Reading;
  /** @throws MarginError if the file is not edited */
  readonly refuse: () => void;
  /** Called with each new step, but not during a save: see {@link RowEdits.whileSaving}. */
  readonly begun: (step: UndoStep) => void;
  /** Called when an edit has joined the newest step. */
  readonly joined: () => void;
}

/** What a step does to the document; a change of many rows takes time. */
interface Applied {
  undo(): void | Promise<void>;
  redo(): void | Promise<void>;
}

/** Applies a person's edits in turn, as steps of an undo stack. It finds rows that have moved since they were seen. */
export class RowEdits {
  /** How each revision moved rows; null for a row that is gone. */
  private readonly log: { readonly revision: number; readonly rowAfter: (row: number) => number | null }[] = [];
  private readonly queue = new TaskQueue();
  /** The newest step, while later edits may join it. */
  private step: { applied: AppliedEdit } | null = null;
  /** The number of running saves, and the steps made during them. */
  private saves = 0;
  private held: UndoStep[] = [];

  constructor(private readonly options: RowEditsOptions) {
    const { lines } = options;
    lines.onDidChange((change) => {
      if (change.kind === 'saved' || change.kind === 'reverted') this.step = null;
      const { revision } = lines;
      if (change.kind === 'edited') this.log.push({ revision, rowAfter: (row) => rowAfter(row, change.edit) });
      if (change.kind === 'reverted' && change.rowAfter) this.log.push({ revision, rowAfter: change.rowAfter });
      if (this.log.length > maxRemembered) this.log.shift();
    });
  }

  /**
   * Applies an edit that the person made when the rows were at `revision`.
   *
   * @param joins whether one undo takes back this edit and the one before it, unless that one is saved or undone
   * @returns the row to show next; null if the edited row is gone
   * @throws errors of {@link lineEdit}
   */
  apply(edit: PairEdit, revision: number, joins = false): Promise<number | null> {
    return this.inTurn(() => this.applyNow(edit, revision, joins));
  }

  /** Settles when all edits so far are applied. */
  settled(): Promise<void> {
    return this.queue.settled();
  }

  /** Runs a task after those before it. A failed task does not stop the next one; its caller gets the error. */
  inTurn<T>(task: () => T | Promise<T>): Promise<T> {
    return this.queue.run(task);
  }

  /** Later edits join no step that was begun before. */
  endStep(): void {
    this.step = null;
  }

  /** Adds a step that is applied already. */
  begin(applied: Applied, label: string): void {
    // In turn, because an edit that is still being applied may join this step and must be undone with it.
    const take = (way: 'undo' | 'redo'): Promise<void> =>
      this.inTurn(() => {
        this.step = null;
        return applied[way]();
      });
    const step = { label, undo: () => take('undo'), redo: () => take('redo') };
    if (this.saves > 0) this.held.push(step);
    else this.options.begun(step);
  }

  /**
   * Runs a save. When a save ends, VS Code counts every edit that it knows as saved. So it learns of edits made during
   * a save only after the save. Otherwise it would close the document without asking, and they would be lost.
   */
  async whileSaving(save: () => Promise<void>): Promise<void> {
    this.saves++;
    try {
      await save();
    } finally {
      // A timer, so that VS Code gets the answer of the save first.
      setTimeout(() => {
        this.saves--;
        if (this.saves === 0) for (const step of this.held.splice(0)) this.options.begun(step);
      }, 0);
    }
  }

  private async applyNow(asked: PairEdit, revision: number, joins: boolean): Promise<number | null> {
    const { lines, reading, refuse } = this.options;
    refuse();
    const start = this.rowNow(asked.row, revision);
    const seen = lines.revision;
    const [line] = start === null ? [] : await lines.lines(start, 1);
    if (start === null) return null;
    // While the row was read, an undo may have moved or changed it.
    const newest = this.log.at(-1);
    if (newest !== undefined && newest.revision > seen) return this.applyNow({ ...asked, row: start }, seen, joins);
    // The first row has no row above it, and the last one none below.
    if (asked.kind === 'move' && (start + asked.by < 0 || start + asked.by >= lines.rowCount)) return start;
    const { edit, row: next } = lineEdit({ ...asked, row: start }, line, reading());
    if (edit.op === 'replace' && edit.line === edit.previous) return next;
    this.keep(edit, editLabel(asked), joins);
    return Math.max(0, Math.min(next, lines.rowCount - 1));
  }

  /** Starts an undo step and tells VS Code about it, or replaces the edit of the step that this one joins. */
  private keep(edit: Edit, label: string, joins: boolean): void {
    const { step } = this;
    const { lines, joined } = this.options;
    const before = step?.applied.edit;
    if (joins && step && before?.op === 'replace' && edit.op === 'replace' && before.row === edit.row) {
      step.applied.undo();
      step.applied = lines.applyEdit({ ...edit, previous: before.previous });
      return joined();
    }
    const begun = (this.step = { applied: lines.applyEdit(edit) });
    this.begin({ undo: () => begun.applied.undo(), redo: () => begun.applied.redo() }, label);
  }

  /** The current number of a row of an earlier revision; null if it was deleted. */
  private rowNow(row: number, revision: number): number | null {
    let now: number | null = row;
    for (const entry of this.log) if (entry.revision > revision && now !== null) now = entry.rowAfter(now);
    return now;
  }
}
