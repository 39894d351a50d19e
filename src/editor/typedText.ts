import type { PairEdit } from '../pairs/pairEdits';

/** Pace at which the document follows the typing: each edit reads and draws rows again. */
const followMs = 500;

type Apply = (edit: PairEdit, revision: number, joins: boolean) => void;

/**
 * Follows the text of an open text field. The document gets the text from the first key on, so that a closed view or
 * window loses nothing. Everything typed until the field closes is one undo step.
 */
export class TypedText {
  private field = '';
  private waiting: { readonly edit: PairEdit; readonly revision: number } | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

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

  /** The field has closed with this edit. @returns whether the edit joins what was typed in the field before */
  leave(edit: PairEdit, revision: number): boolean {
    const joins = fieldOf(edit, revision) === this.field;
    // The waiting edit is an earlier state of the same text.
    if (joins) this.forget();
    else this.flush();
    this.field = '';
    return joins;
  }

  /** Applies the waiting edit, because the view is about to close. */
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
  return [revision, kind, row, ...placeOf(edit)].join(' ');
}

function placeOf(edit: PairEdit): readonly (string | number)[] {
  if (edit.kind === 'text') return [edit.side, edit.turn];
  return edit.kind === 'answer' ? [edit.answer, edit.turn] : [];
}
