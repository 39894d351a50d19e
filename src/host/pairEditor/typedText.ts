import type * as vscode from 'vscode';
import type { PairEdit } from '../../pairs/pairEdits';

/** While one types on, the document follows this often: rows are read and drawn again at each edit. */
const followMs = 500;

type Apply = (edit: PairEdit, revision: number, joins: boolean) => void;

/**
 * What stands in an open text field. The document follows it from the first key on, so that a view or window that goes
 * away takes nothing along; all that is typed until the field is left is one step to undo.
 */
export class TypedText implements vscode.Disposable {
  private field = '';
  private waiting: { readonly edit: PairEdit; readonly revision: number } | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly apply: Apply) {}

  take(edit: PairEdit, revision: number): void {
    const field = fieldOf(edit, revision);
    if (field !== this.field) {
      this.flush();
      this.field = field;
      return this.apply(edit, revision, false);
    }
    this.waiting = { edit, revision };
    this.timer ??= setTimeout(() => this.write(), followMs);
  }

  /** The field was left with this edit. Whether it belongs to what was typed there before. */
  leave(edit: PairEdit, revision: number): boolean {
    const joins = fieldOf(edit, revision) === this.field;
    // What waits is an earlier state of the same text.
    if (joins) this.forget();
    else this.flush();
    this.field = '';
    return joins;
  }

  /** The view goes: what it has told last is kept. */
  flush(): void {
    this.write();
    this.field = '';
  }

  dispose(): void {
    this.flush();
  }

  private write(): void {
    const { waiting } = this;
    this.forget();
    if (waiting) this.apply(waiting.edit, waiting.revision, true);
  }

  private forget(): void {
    this.waiting = null;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }
}

function fieldOf(edit: PairEdit, revision: number): string {
  const { kind, row } = edit;
  return [revision, kind, row, ...(edit.kind === 'text' ? [edit.side, edit.turn] : [])].join(' ');
}
