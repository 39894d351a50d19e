import type { PairEdit } from '../../src/pairs/pairEdits';
import type { TurnSide } from '../../src/pairs/turnEdits';
import { EditField, type EditFieldOptions } from './editField';

/** A field that a person has opened. */
export interface OpenField {
  /** Commits what is typed, and closes the field. */
  finish(): void;
}

export interface RowFieldsOptions {
  readonly edit: (edit: PairEdit, revision: number) => void;
  /** Called at each keystroke, with the edit that leaving the field would make. */
  readonly typed: (edit: PairEdit, revision: number) => void;
  readonly save: () => void;
  readonly editing: (isEditing: boolean) => void;
  /** Called when a field closes, before its edit is made. */
  readonly closed: (isChanged: boolean) => void;
}

interface TextField extends Pick<EditFieldOptions, 'id' | 'text' | 'label' | 'shown' | 'rendered'> {
  readonly revision: number;
  /** The edit that gives the row another text here. */
  readonly edit: (text: string) => PairEdit;
}

/** The text fields of the row that is shown. At most one is open. */
export class RowFields {
  /** What *Edit* opens: the last turn of the chosen or judged answer, the first one of a list, or the raw line. */
  private first: EditField | null = null;
  private openField: OpenField | null = null;
  /** By their ids. */
  private readonly fields = new Map<string, EditField>();

  constructor(private readonly options: RowFieldsOptions) {}

  get isOpen(): boolean {
    return this.openField !== null;
  }

  begin(): void {
    this.first?.begin();
  }

  /** Opens the field of a turn, if the row has it. */
  beginTurn(side: TurnSide, turn: number): void {
    this.fields.get(`${side}-${turn}`)?.begin();
  }

  /** Commits the open field. */
  finish(): void {
    this.openField?.finish();
  }

  clear(): void {
    this.first = null;
    this.fields.clear();
  }

  /** The element of a new field. Fields are added in the order in which they are drawn. */
  add({ revision, edit, ...look }: TextField): HTMLElement {
    const { id } = look;
    const field = new EditField({
      ...look,
      opened: (opened) => this.opened(opened),
      typed: (typed) => this.options.typed(edit(typed), revision),
      closed: (changed) => this.left(changed === null ? null : edit(changed), revision),
      save: this.options.save,
    });
    this.fields.set(id, field);
    const isFirst = id === 'raw' || id.startsWith('chosen') || id.startsWith('completion');
    if (isFirst || (this.first === null && id.startsWith('answer'))) this.first = field;
    return field.element;
  }

  opened(field: OpenField): void {
    this.openField = field;
    this.options.editing(true);
  }

  /** A field has closed. @param edit null if nothing has changed */
  left(edit: PairEdit | null, revision: number): void {
    this.openField = null;
    this.options.editing(false);
    this.options.closed(edit !== null);
    if (edit !== null) this.options.edit(edit, revision);
  }
}
