import type { Channel } from '../../src/protocol/channel';
import type { Overview, PairEditorHost, PairEditorView } from '../../src/protocol/pairEditor';
import type { ActionBar } from './actions';
import type { PairPane } from './pairPane';
import type { RowList } from './rowList';
import { strings } from './strings';
import type { attachTokens } from './tokens/attachTokens';
import { lookOf, placeOf, type ViewState } from './viewState';

export interface SelectedRowParts {
  readonly channel: Channel<PairEditorView, PairEditorHost>;
  readonly rows: RowList;
  readonly pane: PairPane;
  readonly tokens: ReturnType<typeof attachTokens>;
  readonly bar: ActionBar;
  readonly overview: () => Overview | null;
  readonly state: () => ViewState;
  readonly setState: (part: Partial<ViewState>) => void;
}

/** The selected row: asks the host for it, and draws it in full. */
export class SelectedRow {
  /** Index in the list that was chosen, until its row arrives. */
  private choosing: number | null = null;
  private place = '';

  constructor(private readonly parts: SelectedRowParts) {}

  get isChoosing(): boolean {
    return this.choosing !== null;
  }

  /** Says in the bar where the row is, or that it is being edited. */
  hint(isEditing: boolean): void {
    this.parts.bar.hint(isEditing ? strings.editing : this.place);
  }

  select(row: number, pair = 0): void {
    this.parts.setState({ row, pair });
    this.parts.channel.emit('selected', { row, pair });
  }

  /** Selects and draws the row at an index of the list. */
  async choose(index: number): Promise<void> {
    this.choosing = index;
    try {
      const row = await this.parts.rows.rowAt(index);
      // A person who holds down a key may be at another row by now.
      if (this.choosing !== index) return;
      this.choosing = null;
      await this.show(row);
    } catch (error) {
      if (this.choosing === index) this.choosing = null;
      throw error;
    }
  }

  async show(row: number): Promise<void> {
    const { channel, pane, tokens, bar, overview, state } = this.parts;
    if (row !== state().row) this.select(row);
    const detail = await channel.request('detail', { row });
    const now = overview();
    if (row !== state().row || !now) return;
    pane.show(detail, lookOf(now, state()));
    tokens.show(row, state().pair);
    bar.setJudged(detail.judged !== null);
    this.place = placeOf(detail, now.unit);
    this.hint(false);
  }

  /** Shows a message in place of a row. */
  clear(...children: HTMLElement[]): void {
    this.place = '';
    this.hint(false);
    this.parts.tokens.clear();
    this.parts.pane.clear(...children);
  }
}
