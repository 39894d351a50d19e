import { errorMessage } from '../../src/base/pure/marginError';
import type { PairEdit } from '../../src/pairs/pairEdits';
import { Channel, ChannelError } from '../../src/protocol/channel';
import type { Overview, PairEditorHost, PairEditorView, View } from '../../src/protocol/pairEditor';
import { channelPort, type ViewApi } from '../shared/channelPort';
import { button } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { counted } from '../shared/format';
import { ActionBar, actionOf, type Action } from './actions';
import { FindingsBanner } from './findingsBanner';
import { PairPane } from './pairPane';
import { RowList } from './rowList';
import { strings } from './strings';
import { Toolbar } from './toolbar';
import { initial, type ViewState } from './viewState';

/** List at the left, pair at the right; every row is pulled from the host when it is needed. */
export class PairEditor {
  private readonly banner = h('div', { class: 'banner bad', role: 'alert' });
  private readonly announcement = h('div', { class: 'sr-only', aria: { live: 'polite' } });
  private readonly bar = new ActionBar((name) => this.act(name));
  private readonly findings = new FindingsBanner({
    reveal: (row) => void this.reveal(row),
    toggled: (findings) => this.setState({ findings }),
  });
  private readonly toolbar: Toolbar;
  private readonly rows: RowList;
  private readonly pane: PairPane;
  private readonly channel: Channel<PairEditorView, PairEditorHost>;
  private ready: () => void = () => undefined;
  private readonly started = new Promise<void>((resolve) => (this.ready = resolve));
  private overview: Overview | null = null;
  private searching = new AbortController();
  private place = '';
  /** A place of the list that was chosen, while its row is asked for. */
  private choosing: number | null = null;
  /** Settles when the row that was chosen last is shown: what is done next is meant for that row. */
  private chosen: Promise<void> = Promise.resolve();
  /** Between asking for the text field and having it, when typed letters are meant for it and no commands. */
  private opening = false;

  constructor(private readonly api: ViewApi<ViewState>) {
    this.channel = new Channel<PairEditorView, PairEditorHost>(channelPort(api), {});
    this.toolbar = new Toolbar({
      filter: (filter) => void this.setView({ filter }),
      rewards: (rewards) => void this.setView({ rewards }),
      diff: () => this.toggleDiff(),
      leave: () => this.rows.list.element.focus(),
    });
    this.rows = new RowList({
      rows: async (from, count) => (await this.channel.request('rows', { from, count })).rows,
      select: (index) => void (this.chosen = this.selectIndex(index)),
      open: () => void this.beginEdit(),
      scrolled: (top) => this.setState({ top }),
      sort: (sort) => void this.sort(sort),
    });
    this.pane = new PairPane({
      edit: (edit, revision) => void this.edit(edit, revision),
      typed: (edit, revision) => this.channel.emit('typed', { revision, edit }),
      save: () => this.command('save'),
      openText: () => this.command('openText'),
      editing: (isEditing) => this.hint(isEditing ? strings.editing : this.place),
    });
    replace(
      document.body,
      this.toolbar.element,
      this.banner,
      this.findings.element,
      h('div', { class: 'split' }, this.rows.element, this.pane.element),
      this.bar.element,
      this.announcement,
    );
    this.listen();
    void this.start().finally(() => this.ready());
  }

  private get state(): ViewState {
    return { ...initial, ...this.api.getState() };
  }

  private setState(part: Partial<ViewState>): void {
    this.api.setState({ ...this.state, ...part });
  }

  private listen(): void {
    this.channel.on('changed', (overview) => void this.take(overview, false));
    this.channel.on('reveal', ({ row }) => void this.reveal(row));
    // What is asked for while the view opens is meant for the row that it opens on.
    this.channel.on('act', ({ name }) => void this.started.then(() => this.act(name)));
    document.addEventListener('keydown', (event) => {
      const action = actionOf(event);
      if (!action) return;
      event.preventDefault();
      if (!this.opening) this.act(action);
    });
    // What the host said while nobody looked may be lost.
    document.addEventListener('visibilitychange', () => document.hidden || void this.setView({}));
  }

  private async start(): Promise<void> {
    const { view, top, diff, findings } = this.state;
    this.findings.show(findings);
    this.toolbar.setFilter(view.filter);
    this.toolbar.setDiff(diff);
    this.pane.clear(h('p', {}, strings.readingFile));
    const { overview, reveal } = await this.channel.request('hello', null);
    const isPlain = view.filter === '' && view.sort === 'row' && !view.descending && view.rewards === null;
    const current = isPlain ? overview : await this.channel.request('setView', view);
    this.rows.refresh(current, view);
    this.rows.list.position = top;
    await this.take(current, false);
    if (reveal !== null) await this.reveal(reveal);
    this.rows.list.element.focus();
  }

  private async setView(part: Partial<View>): Promise<void> {
    const view = { ...this.state.view, ...part };
    this.setState({ view });
    this.searching.abort();
    const searching = (this.searching = new AbortController());
    const late = setTimeout(() => this.toolbar.searching(), 300);
    try {
      const overview = await this.channel.request('setView', view, searching.signal);
      clearTimeout(late);
      await this.take(overview, true);
      this.announcement.textContent = strings.shown(counted(this.overview?.shown ?? 0));
    } catch (error) {
      this.complain(error);
    } finally {
      clearTimeout(late);
    }
  }

  /** @param scroll whether the selected row is brought into sight */
  private async take(overview: Overview, scroll: boolean): Promise<void> {
    this.overview = overview;
    this.findings.draw(overview.rows === 0 || overview.otherKind !== null ? [] : overview.findings);
    this.banner.textContent = overview.error ?? overview.notice ?? '';
    this.toolbar.draw(overview);
    this.rows.refresh(overview, this.state.view);
    document.body.classList.toggle('other-kind', overview.otherKind !== null);
    if (overview.otherKind !== null || overview.shown === 0) return this.showNothing(overview);
    const chosen = this.state.row;
    const row = Math.min(chosen, overview.rows - 1);
    const place = await this.channel.request('position', { row });
    // News of the file must not take back a choice that was made meanwhile, or is on its way.
    if (this.choosing !== null || this.state.row !== chosen) return;
    if (scroll || place === null) this.rows.list.show(place ?? 0);
    else this.rows.list.mark(place);
    await this.showRow(place === null ? await this.rows.rowAt(0) : row);
  }

  private showNothing({ otherKind, rows, indexing }: Overview): void {
    this.place = '';
    this.hint('');
    if (otherKind !== null) {
      const openText = button({ label: strings.openText, icon: 'go-to-file', onClick: () => this.command('openText') });
      return this.pane.clear(h('p', {}, otherKind), openText);
    }
    if (rows > 0)
      return this.pane.clear(
        h('p', {}, strings.nothingShown),
        button({ label: strings.allRows, onClick: () => this.setFilter('') }),
      );
    if (indexing) return this.pane.clear(h('p', {}, strings.readingFile));
    this.pane.clear(
      h('p', {}, strings.empty),
      button({ label: strings.insertFirst, icon: 'add', primary: true, onClick: () => this.act('insert') }),
    );
  }

  /** Who sorts wants to see what comes first. */
  private async sort(column: View['sort']): Promise<void> {
    const { sort, descending } = this.state.view;
    await this.setView({ sort: column, descending: sort === column && !descending });
    this.rows.list.move(0);
  }

  private setFilter(filter: string): Promise<void> {
    this.toolbar.setFilter(filter);
    return this.setView({ filter });
  }

  private act(name: Action): void {
    const { list } = this.rows;
    this.pane.finishEdit();
    switch (name) {
      case 'next':
        return list.move(list.selected + 1);
      case 'previous':
        return list.move(list.selected - 1);
      case 'edit':
        return void this.beginEdit();
      case 'sortByMargin':
        return void this.setView({ sort: 'margin', descending: false }).then(() => list.move(0));
      case 'focusFilter':
        return this.toolbar.focusFilter();
      case 'goToRow':
        return this.command('goToRow');
      case 'insert':
      case 'swap':
      case 'delete':
      case 'duplicate':
        void this.editChosen(name);
    }
  }

  private async editChosen(kind: 'insert' | 'swap' | 'delete' | 'duplicate'): Promise<void> {
    await this.chosen;
    if (kind === 'insert' || this.overview?.shown) await this.edit({ kind, row: this.state.row });
  }

  private async beginEdit(): Promise<void> {
    this.opening = true;
    await this.chosen;
    this.opening = false;
    this.pane.beginEdit();
  }

  private async edit(edit: PairEdit, revision = this.overview?.revision ?? 0): Promise<void> {
    try {
      const answer = await this.channel.request('edit', { revision, edit });
      this.select(answer.row);
      await this.take(answer.overview, edit.kind !== 'text' && edit.kind !== 'raw');
      this.announcement.textContent = `${edit.kind}: ${strings.where(counted(answer.row + 1), '')}`;
    } catch (error) {
      this.complain(error);
      await this.showRow(this.state.row).catch((failure: unknown) => this.complain(failure));
    }
  }

  private command(name: PairEditorHost['requests']['command']['params']['name']): void {
    this.channel.request('command', { name }).catch((error: unknown) => this.complain(error));
  }

  private toggleDiff(): void {
    this.setState({ diff: !this.state.diff });
    this.toolbar.setDiff(this.state.diff);
    void this.showRow(this.state.row);
  }

  /** A row that the filter hides is what was asked for, so the filter goes. */
  private async reveal(wanted: number): Promise<void> {
    const row = Math.max(0, Math.min(wanted, (this.overview?.rows ?? 1) - 1));
    this.select(row);
    if ((await this.channel.request('position', { row })) === null) return this.setFilter('');
    if (this.overview) await this.take(this.overview, true);
  }

  private select(row: number): void {
    this.setState({ row });
    this.channel.emit('selected', { row });
  }

  private async selectIndex(index: number): Promise<void> {
    this.choosing = index;
    const row = await this.rows.rowAt(index).catch(() => null);
    // Whoever holds a key down has moved on meanwhile.
    if (this.choosing !== index) return;
    this.choosing = null;
    if (row !== null) await this.showRow(row).catch((error: unknown) => this.complain(error));
  }

  private async showRow(row: number): Promise<void> {
    if (row !== this.state.row) this.select(row);
    const detail = await this.channel.request('detail', { row });
    if (row !== this.state.row) return;
    this.pane.show(detail, {
      diff: this.state.diff,
      scored: this.overview?.rewards !== null,
      widest: this.overview?.widest ?? 0,
    });
    this.bar.meet(detail.judged !== null);
    this.place = strings.where(counted(detail.line), detail.pair?.shape ?? detail.judged?.shape ?? '');
    this.hint(this.place);
  }

  private hint(text: string): void {
    this.bar.where.textContent = text;
    this.bar.where.title = text;
    this.bar.where.classList.remove('bad');
  }

  private complain(error: unknown): void {
    if (error instanceof ChannelError && (error.code === 'aborted' || error.code === 'disposed')) return;
    const message = errorMessage(error);
    this.hint(message);
    this.bar.where.classList.add('bad');
    this.bar.where.title = message;
    this.announcement.textContent = message;
  }
}
