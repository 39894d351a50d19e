import { errorMessage } from '../../../src/base/pure/marginError';
import type { BulkAction, BulkCommand, BulkDone, FoundTexts, SelectedRows } from '../../../src/protocol/bulk';
import { type Channel, ChannelError } from '../../../src/protocol/channel';
import type { Overview, PairEditorHost, PairEditorView } from '../../../src/protocol/pairEditor';
import type { TextSearch } from '../../../src/pairs/bulk/textSearch';
import { rowsIn } from '../../../src/pairs/bulk/sentences';
import type { Action } from '../actions';
import type { Messages } from '../messages';
import type { RowList } from '../rowList';
import { BulkBar } from './bulkBar';
import { bulkStrings } from './bulkStrings';
import { FindPanel } from './findPanel';

export interface BulkParts {
  readonly channel: Channel<PairEditorView, PairEditorHost>;
  readonly messages: Messages;
  readonly rows: RowList;
  /** The selected row. */
  readonly row: () => number;
  readonly reveal: (row: number) => void;
}

/** What a person does to many rows: find and replace, and actions on the rows that are selected in the list. */
export class BulkView {
  private readonly panel: FindPanel;
  private readonly bar: BulkBar;
  private overview: Overview | null = null;
  private found: FoundTexts | null = null;
  private working = new AbortController();
  /** Whether rows are being changed, and not searched. */
  private isChanging = false;

  constructor(private readonly parts: BulkParts) {
    const { channel, rows, messages } = parts;
    this.bar = new BulkBar({
      act: (action) => this.act(action),
      replace: () => this.panel.open(true, true),
      deselect: () => rows.list.selectOne(),
      cancel: () => this.working.abort(),
    });
    this.panel = new FindPanel({
      find: (search, within) => void this.find(search, within),
      step: (step) => void this.step(step),
      preview: (replacement, from, count) =>
        channel.request('previewTexts', { id: this.found ? this.found.id : -1, replacement, from, count }),
      replace: (replacement, except) => void this.replace(replacement, except),
      cancel: () => this.working.abort(),
      show: parts.reveal,
      closed: () => rows.list.element.focus(),
      // Rows that have changed are searched again, and the new matches are shown.
      failed: (error) => isCode(error, 'rows-changed') || messages.complain(error),
    });
    channel.on('bulkProgress', (progress) => (this.isChanging ? this.bar.busy(progress) : this.panel.busy(progress)));
    channel.on('bulkCommand', (command) => this.command(command));
    rows.element.append(this.bar.element);
    rows.element.parentElement?.before(this.panel.element);
  }

  /** Called when other rows are selected. */
  picked(count: number): void {
    this.bar.draw(count);
    this.bar.say('');
    if (this.panel.isWithin) this.panel.again();
    this.parts.messages.announce(bulkStrings.selected(rowsIn(count)));
  }

  /** Called when the file or the list has changed. */
  draw(overview: Overview): void {
    const { overview: before } = this;
    this.overview = overview;
    if (before && before.order !== overview.order) this.parts.rows.list.selectOne();
    // A search would end the change that is made.
    if (this.isChanging) return;
    if (before && before.revision !== overview.revision && !overview.indexing) this.panel.again();
  }

  /** Whether an action is meant for several rows, and is done to them. */
  takes(action: Action): boolean {
    if ((action !== 'swap' && action !== 'delete') || this.parts.rows.list.selection.count < 2) return false;
    this.act(action);
    return true;
  }

  private command(command: BulkCommand): void {
    const several = this.parts.rows.list.selection.count > 1;
    if (command === 'find') this.panel.open(false, null);
    else if (command === 'replace') this.panel.open(true, several ? true : null);
    else if (command === 'selectAll') {
      this.parts.rows.list.selectAll();
      this.parts.rows.list.element.focus();
    } else this.act(command);
  }

  private act(action: BulkAction): void {
    const selected = this.selected();
    if (!selected) return;
    this.done((signal) => this.parts.channel.request('bulk', { action, selected }, signal)).catch((error: unknown) =>
      this.parts.messages.complain(error),
    );
  }

  private async find(search: TextSearch | null, within: boolean): Promise<void> {
    const { channel } = this.parts;
    const signal = this.start();
    if (!search) return this.show(null);
    try {
      const asked = { search, within: within ? this.selected() : null };
      this.show(await channel.request('findTexts', asked, signal));
    } catch (error) {
      // A newer search replaces an aborted one.
      if (signal.aborted) return;
      this.show(null);
      this.panel.say(errorMessage(error));
    }
  }

  private show(found: FoundTexts | null): void {
    this.found = found;
    this.panel.show(found, this.overview?.readOnly?.reason ?? null);
  }

  private async step(step: 1 | -1): Promise<void> {
    const { channel, row, reveal, messages } = this.parts;
    if (!this.found) return;
    try {
      const next = await channel.request('nextText', { id: this.found.id, row: row(), step });
      if (next !== null) reveal(next);
    } catch (error) {
      messages.complain(error);
    }
  }

  private async replace(replacement: string, except: readonly number[]): Promise<void> {
    const { found } = this;
    if (!found) return;
    const asked = { id: found.id, replacement, except };
    await this.done((signal) => this.parts.channel.request('replaceTexts', asked, signal));
  }

  /** Does something to many rows, and says what was done. The list gets the focus, so that Ctrl+Z takes it back. */
  private async done(work: (signal: AbortSignal) => Promise<BulkDone>): Promise<void> {
    const { messages, rows } = this.parts;
    const signal = this.start();
    this.isChanging = true;
    try {
      const { sentence } = await work(signal);
      rows.list.element.focus();
      this.say(sentence);
    } catch (error) {
      this.say(isCode(error, 'aborted') ? bulkStrings.cancelled : '');
      messages.complain(error);
    } finally {
      this.isChanging = false;
      this.panel.again();
    }
  }

  private say(sentence: string): void {
    this.bar.say(sentence);
    if (sentence !== '') this.parts.messages.announce(sentence);
  }

  private start(): AbortSignal {
    this.working.abort();
    this.working = new AbortController();
    return this.working.signal;
  }

  private selected(): SelectedRows | null {
    const { selection } = this.parts.rows.list;
    return this.overview && { order: this.overview.order, places: selection.ranges };
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof ChannelError && error.code === code;
}
