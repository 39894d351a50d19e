import { MarginError } from '../base/pure/marginError';
import { type Edit, inverse } from '../pairs/edits';
import { PieceTable } from '../pairs/pieceTable';
import type { AppliedEdit } from './documentChange';
import { rebaseEdit } from './rebaseEdit';
import type { RowHunk } from './rowDiff';

interface Entry {
  edit: Edit;
  /**
   * How often the rows had been read again when the edit was made. An edit of an earlier epoch can no longer be undone.
   */
  epoch: number;
}

/** Edits as they are on the rows that another program left. */
export interface RebasedEdits {
  readonly kind: 'apart';
  readonly edits: readonly Edit[];
  /** What the other program changed, on the rows after the edits. */
  readonly hunks: readonly RowHunk[];
}

/** Both touch the same rows. */
interface Overlap {
  readonly kind: 'conflict';
  /** The edit that touches what the other program changed, by its number from 0. */
  readonly edit: number;
}

/**
 * The rows of a file with the edits that are not saved yet. Undo removes an unsaved edit; for a saved edit it adds the
 * inverse, so that undo also works across a save (as in vscode-hexeditor's `HexDocumentModel`).
 */
export class UnsavedEdits {
  rows = new PieceTable(0);
  private entries: Entry[] = [];
  /** How many of the edits a running save writes. */
  private saving = 0;
  private epoch = 0;
  private merged = false;

  /** @param applied called with each edit that was applied; for an undo, that is the inverse */
  constructor(private readonly applied: (edit: Edit) => void) {}

  get count(): number {
    return this.entries.length;
  }

  get edits(): Edit[] {
    return this.entries.map(({ edit }) => edit);
  }

  /** @throws MarginError `no-such-row` */
  apply(edit: Edit): AppliedEdit {
    let current = this.append(edit);
    const toggle = (): void => {
      current = this.takeBack(current);
    };
    return { edit, undo: toggle, redo: toggle };
  }

  /**
   * Runs a save of the edits so far. An undo during the save adds the inverse, because the edit is already being
   * written.
   */
  async whileSaving<T>(save: (count: number) => Promise<T>): Promise<T> {
    this.saving = this.entries.length;
    try {
      return await save(this.saving);
    } finally {
      this.saving = 0;
    }
  }

  /** Continues with a file that contains the first `saved` edits. */
  rebase(rowCount: number, saved: number): void {
    this.entries = this.entries.slice(saved);
    this.rows = new PieceTable(rowCount);
    for (const { edit } of this.entries) this.rows.apply(edit);
  }

  /** Discards all edits: the file was read again. */
  discard(rowCount: number): void {
    this.epoch++;
    this.rebase(rowCount, this.entries.length);
  }

  /** The edits, rebased onto the rows that another program left. Changes nothing here. */
  over(hunks: readonly RowHunk[]): RebasedEdits | Overlap {
    const edits: Edit[] = [];
    let left = hunks;
    for (const [i, { edit }] of this.entries.entries()) {
      const rebased = rebaseEdit(edit, left);
      if (!rebased) return { kind: 'conflict', edit: i };
      edits.push(rebased.edit);
      left = rebased.hunks;
    }
    return { kind: 'apart', edits, hunks: left };
  }

  /**
   * Continues with the file that another program left. The unsaved edits can be undone one by one; edits that were
   * saved, or undone, before the merge cannot be undone or redone.
   *
   * @param edits those of {@link over}
   */
  adopt(rowCount: number, edits: readonly Edit[]): void {
    this.epoch++;
    this.merged = true;
    for (const [i, entry] of this.entries.entries()) Object.assign(entry, { edit: edits[i], epoch: this.epoch });
    this.rebase(rowCount, 0);
  }

  private append(edit: Edit): Entry {
    this.rows.apply(edit);
    const entry = { edit, epoch: this.epoch };
    this.entries.push(entry);
    this.applied(edit);
    return entry;
  }

  /** Undoes an entry. Returns the entry for the undo itself; undoing that one is the redo. */
  private takeBack(entry: Entry): Entry {
    if (entry.epoch !== this.epoch) {
      const since = this.merged ? 'Margin merged the file with what another program wrote' : 'The file was read again';
      throw new MarginError('not-undoable', `${since}, so this older edit cannot be undone or redone.`);
    }
    const edit = inverse(entry.edit);
    if (this.entries.length <= this.saving || this.entries.at(-1) !== entry) return this.append(edit);
    this.entries.pop();
    this.rows.revert();
    this.applied(edit);
    return { edit, epoch: this.epoch };
  }
}
