import type { PairEdit } from '../../src/pairs/pairEdits';
import type { TurnEdit } from '../../src/pairs/turnEdits';
import type { Overview, PairEditorHost, RowAction } from '../../src/protocol/pairEditor';
import type { PairPane } from './pairPane';

export type EditAnswer = PairEditorHost['requests']['edit']['result'];

export interface RowEditingOptions {
  readonly pane: PairPane;
  readonly request: (edit: PairEdit, revision: number) => Promise<EditAnswer>;
  /** The selected row, and the file as the person sees it; null before the file is open. */
  readonly selected: () => { readonly row: number; readonly overview: Overview } | null;
  /** Called after an edit; draws the row to show next. */
  readonly edited: (edit: PairEdit, answer: EditAnswer) => Promise<void>;
  /** Called if an edit was refused; says why, and draws the row as it is. */
  readonly failed: (error: unknown) => Promise<void>;
  readonly complain: (error: unknown) => void;
}

/**
 * Edits the selected row. Actions run one after the other, because each is meant for the row that the one before has
 * selected.
 */
export class RowEditing {
  private chosen: Promise<void> = Promise.resolve();
  private opening = false;

  constructor(private readonly options: RowEditingOptions) {}

  /** Whether a text field is about to open. Typed letters are then text for it, not commands. */
  get isOpening(): boolean {
    return this.opening;
  }

  /** The selected row, and the file as the person sees it; null before the file is open. */
  get selected(): ReturnType<RowEditingOptions['selected']> {
    return this.options.selected();
  }

  /** Settles when the last chosen row, or the row after an edit, is shown. */
  settled(): Promise<void> {
    return this.chosen;
  }

  /** The next action waits for `shown`, which shows another row. */
  follow(shown: Promise<void>): void {
    this.chosen = shown.catch(this.options.complain);
  }

  editSelected(action: RowAction): void {
    const ready = this.chosen;
    const act = async (): Promise<void> => {
      await ready;
      const selected = this.options.selected();
      if (!selected || (action !== 'insert' && selected.overview.shown === 0)) return;
      await this.edit(editOf(action, selected.row), selected.overview.revision);
    };
    this.follow(act());
  }

  /** Opens the text field of the selected row. */
  async begin(): Promise<void> {
    await this.ready();
    this.options.pane.beginEdit();
  }

  /** Opens the field of the tools of the selected row, or says why it has none. */
  async beginTools(): Promise<void> {
    await this.ready();
    const refusal = this.options.pane.beginTools();
    if (refusal !== null) this.options.complain(new Error(refusal));
  }

  private async ready(): Promise<void> {
    this.opening = true;
    await this.chosen;
    this.opening = false;
  }

  /** Edits a turn, and opens the text field of one that it adds, or of the empty answer of a new pair. */
  async editTurn(edit: TurnEdit, revision: number): Promise<void> {
    this.options.pane.finishEdit();
    await this.edit(edit, revision);
    if (edit.kind === 'addTurn') this.options.pane.beginTurn(edit.side, edit.turn);
    if (edit.kind === 'splitTurn') this.options.pane.beginTurn(edit.side === 'rejected' ? 'chosen' : 'rejected', 0);
  }

  /** @param revision the revision that the person saw */
  async edit(edit: PairEdit, revision: number): Promise<void> {
    try {
      await this.options.edited(edit, await this.options.request(edit, revision));
    } catch (error) {
      await this.options.failed(error);
    }
  }
}

function editOf(action: RowAction, row: number): PairEdit {
  if (action === 'moveUp' || action === 'moveDown') return { kind: 'move', row, by: action === 'moveUp' ? -1 : 1 };
  return { kind: action, row };
}
