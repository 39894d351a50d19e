import { Gate } from '../../src/base/pure/gate';
import type { PairEdit } from '../../src/pairs/pairEdits';
import { Channel } from '../../src/protocol/channel';
import type { Overview, PairEditorHost, PairEditorView, Place, View } from '../../src/protocol/pairEditor';
import { channelPort, type ViewApi } from '../shared/channelPort';
import { h } from '../shared/dom';
import { counted } from '../shared/format';
import { type Sorting, sortedBy } from '../shared/sorting';
import { type Action, ActionBar, isEdit, onActionKey } from './actions';
import { Banners } from './banners';
import { browserNote } from './browserNote';
import { columnStrings } from './columns/columnStrings';
import { Comparison } from './compare/comparison';
import { BulkView } from './bulk/bulkView';
import { emptyPane } from './emptyPane';
import { layOut } from './layOut';
import { Messages } from './messages';
import { PairPane } from './pairPane';
import { type EditAnswer, RowEditing } from './rowEditing';
import { attachReview } from './review/attachReview';
import { isReviewing } from './review/isReviewing';
import { actOn } from './rowActions';
import { actOnRule } from './ruleActions';
import { SelectedRow } from './selectedRow';
import { attachTokens } from './tokens/attachTokens';
import { RowList } from './rowList';
import { strings } from './strings';
import { TextLook } from './textLook';
import { Toolbar } from './toolbar';
import { initial, isPlain, restored, sameRows, type ViewState } from './viewState';

/** The pair editor: a list of rows and the selected pair. It asks the host for each row when it needs it. */
export class PairEditor {
  private readonly bar = new ActionBar((name) => this.act(name));
  private readonly messages = new Messages((message) => this.bar.hint(message, true));
  private readonly banners = new Banners({
    reveal: (row) => this.run(this.reveal({ row, pair: 0 })),
    toggled: (findings) => this.setState({ findings }),
    save: () => this.command('saveAsLines'),
    read: (on) => this.run(this.channel.request('setReading', { on }).then((now) => this.take(now, false))),
    filter: (query) => this.run(this.showView({ filter: query })),
    comparison: () => this.comparison,
  });
  private readonly toolbar: Toolbar;
  private readonly rows: RowList;
  private readonly pane: PairPane;
  private readonly channel: Channel<PairEditorView, PairEditorHost>;
  private readonly started = new Gate();
  private overview: Overview | null = null;
  private searching = new AbortController();
  /** Whether to select the first row when the search has ended. */
  private isFirstWanted = false;
  private readonly editing: RowEditing;
  private readonly look: TextLook;
  private readonly selected: SelectedRow;
  private readonly comparison: Comparison;
  private readonly tokens: ReturnType<typeof attachTokens>;
  private readonly bulk: BulkView;

  constructor(private readonly api: ViewApi<ViewState>) {
    this.channel = new Channel(channelPort(api), { settled: () => this.editing.settled().then(() => null) });
    this.toolbar = new Toolbar({
      filter: (filter) => this.run(this.setView({ filter })),
      rewards: (choice) => this.run(this.setView(choice)),
      diff: () => this.run(this.look.toggleDiff()),
      rendered: () => this.run(this.look.toggleRendered()),
      review: () => this.command('review'),
      rule: (rule) => this.run(this.channel.request('setPairRule', { rule })),
      check: (on) => this.run(this.channel.request('setChecking', { on }).then((now) => this.take(now, false))),
      leave: () => this.rows.list.element.focus(),
      facets: (asked, signal) => this.channel.request('facets', asked, signal),
    });
    this.tokens = attachTokens(this.channel, this.messages, this.toolbar, api);
    this.rows = new RowList({
      rows: async (from, count, columns) => (await this.channel.request('rows', { from, count, columns })).rows,
      laidOut: (layout, { title, width }) => {
        this.channel.emit('columns', layout);
        this.messages.announce(columnStrings.width(title, width));
      },
      select: (index) => ((this.isFirstWanted = false), this.editing.follow(this.selected.choose(index))),
      open: () => this.act('edit'),
      picked: (count) => this.bulk.picked(count),
      scrolled: (top) => this.setState({ top }),
      sort: (column) => this.run(this.sort(sortedBy(this.state.view, column))),
      failed: (error) => this.messages.complain(error),
    });
    this.pane = new PairPane({
      edit: (edit, revision) => this.run(this.editing.edit(edit, revision)),
      typed: (edit, revision) => this.channel.emit('typed', { revision, edit }),
      save: () => this.command('save'),
      openText: () => this.command('openText'),
      chooseFormat: () => this.command('chooseFormat'),
      choosePair: (pair) => (this.selected.select(this.state.row, pair), this.redraw()),
      editing: (isEditing) => this.selected.hint(isEditing),
      rule: (asked) => this.run(actOnRule(asked, this.channel, this.messages)),
      change: (action) => this.comparison.act(action),
    });
    this.selected = new SelectedRow({
      ...{ channel: this.channel, rows: this.rows, pane: this.pane, tokens: this.tokens, bar: this.bar },
      ...{ overview: () => this.overview, state: () => this.state, setState: this.setState },
    });
    this.editing = new RowEditing({
      pane: this.pane,
      request: (edit, revision) => this.channel.request('edit', { revision, edit }),
      selected: () => this.overview && { row: this.state.row, overview: this.overview },
      edited: (edit, answer) => this.edited(edit, answer),
      failed: (error) => (this.messages.complain(error), this.selected.show(this.state.row)),
      complain: (error) => this.messages.complain(error),
    });
    this.comparison = new Comparison({
      ...{ channel: this.channel, messages: this.messages, editing: this.editing },
      drawn: (overview, row) => (
        row !== null && this.selected.select(row),
        this.run(this.take(overview, row !== null))
      ),
      focusList: () => this.rows.list.element.focus(),
      filter: () => this.state.view.filter,
      setFilter: (filter) => this.run(this.showView({ filter })),
    });
    const split = [this.rows.element, this.pane.element, this.tokens.element];
    const bottom = [this.bar.element, this.comparison.lost.element, browserNote(), this.messages.element];
    layOut({ top: [...this.toolbar.elements, ...this.banners.elements], split, bottom });
    this.bulk = new BulkView({
      ...{ channel: this.channel, messages: this.messages, rows: this.rows, row: () => this.state.row },
      reveal: (row) => this.run(this.reveal({ row, pair: 0 })),
    });
    const review = attachReview(this.channel, this.messages, () => this.run(this.setView({})));
    this.listen();
    this.setState(restored(api.getState()));
    this.look = new TextLook({
      state: () => this.state,
      keep: (look) => this.setState(look),
      show: (look, rich) => {
        this.toolbar.setLook(look);
        this.pane.richText = rich;
        review.render(rich);
        if (this.overview) this.redraw();
      },
    });
    this.run(this.start().finally(() => this.started.open()));
  }

  private get state(): ViewState {
    return { ...initial, ...this.api.getState() };
  }

  private readonly setState = (part: Partial<ViewState>): void => this.api.setState({ ...this.state, ...part });

  private listen(): void {
    this.channel.on('changed', (overview) => this.run(this.take(overview, false)));
    this.channel.on('columns', (layout) => this.rows.setLayout(layout));
    this.channel.on('facetsSoFar', (counts) => this.toolbar.facetsSoFar(counts));
    this.channel.on('reveal', (place) => this.run(this.reveal(place)));
    this.channel.on('show', (part) => this.run(this.started.passed.then(() => this.showView(part))));
    this.channel.on('editTurn', ({ edit, revision }) => this.run(this.editing.editTurn(edit, revision)));
    // An action that arrives while the view opens is meant for the row that it opens on.
    this.channel.on('act', ({ name }) => this.run(this.started.passed.then(() => this.act(name))));
    onActionKey((action) => this.editing.isOpening || this.act(action));
    // A hidden view may have missed events of the host.
    document.addEventListener('visibilitychange', () => document.hidden || this.run(this.setView({})));
  }

  private async start(): Promise<void> {
    const { view, top, findings } = this.state;
    this.banners.showFindings(findings);
    this.toolbar.setFilter(view.filter);
    this.pane.clear(h('p', {}, strings.readingFile));
    await this.look.start();
    const { overview, reveal, columns } = await this.channel.request('hello', null);
    this.rows.setLayout(columns);
    const current = isPlain(view) ? overview : await this.channel.request('setView', view);
    this.rows.refresh(current, view);
    this.rows.list.position = top;
    await this.take(current, false);
    if (reveal !== null) await this.reveal(reveal);
    // Not while the person is typing elsewhere, for example a filter.
    if (document.activeElement === document.body) this.rows.list.element.focus();
  }

  private async setView(part: Partial<View>): Promise<void> {
    const view = { ...this.state.view, ...part };
    this.setState({ view });
    this.searching.abort();
    const searching = (this.searching = new AbortController());
    try {
      const overview = await this.channel.request('setView', view, searching.signal);
      await this.take(overview, true);
      if (overview.searched === null) this.messages.announce(strings.shown(counted(overview.shown)));
    } catch (error) {
      this.isFirstWanted = false;
      this.messages.complain(error);
    }
  }

  /** Draws the overview of the file from the host. @param scroll whether to scroll to the selected row */
  private async take(overview: Overview, scroll: boolean): Promise<void> {
    const before = this.overview;
    this.overview = overview;
    if (isReviewing()) return;
    this.rows.refresh(overview, this.state.view);
    for (const part of [this.banners, this.comparison, this.toolbar, this.bulk]) part.draw(overview);
    document.body.classList.toggle('other-kind', overview.otherKind !== null);
    if (before && before.searched !== null && overview.searched === null)
      this.messages.announce(strings.shown(counted(overview.shown)));
    if (overview.otherKind !== null || overview.shown === 0) return this.showNothing(overview);
    if (this.isFirstWanted && overview.searched === null) return this.rows.list.move(0);
    if (!scroll && before && this.state.row < before.rows && sameRows(before, overview)) return;
    const chosen = this.state.row;
    // The row of the last time may be in a part of the file that is not read yet.
    if (overview.indexing && chosen >= overview.rows) return;
    const row = Math.min(chosen, overview.rows - 1);
    const place = await this.channel.request('position', { row });
    // The person may have chosen another row in the meantime.
    if (this.selected.isChoosing || this.state.row !== chosen) return;
    // The filter hides the selected row: the first shown row is selected instead.
    if (place === null) {
      // The search may still find it.
      if (overview.searched !== null && row >= overview.searched) return;
      this.rows.list.show(0);
      return this.selected.show(await this.rows.rowAt(0));
    }
    // Show the row of the last time when it has been read.
    if (scroll || (before && chosen >= before.rows)) this.rows.list.show(place);
    else this.rows.list.mark(place);
    await this.selected.show(row);
  }

  private showNothing(overview: Overview): void {
    this.selected.clear(
      ...emptyPane(overview, {
        filter: this.state.view.filter,
        openText: () => this.command('openText'),
        showAll: () => this.run(this.showView({ filter: '' })),
        insert: () => this.act('insert'),
      }),
    );
  }

  /** Sorts, and selects the first row when all are sorted, because a person who sorts wants to see it. */
  private sort(sorting: Sorting<View['sort']>): Promise<void> {
    this.isFirstWanted = true;
    return this.setView(sorting);
  }

  private showView(part: Partial<View>): Promise<void> {
    this.toolbar.setFilter(part.filter ?? this.state.view.filter);
    return this.setView(part);
  }

  private act(name: Action): void {
    this.pane.finishEdit();
    if (this.overview?.readOnly && isEdit(name)) return this.command('explainReadOnly');
    if (this.bulk.takes(name)) return;
    actOn(name, {
      ...{ list: this.rows.list, editing: this.editing, toolbar: this.toolbar, look: this.look, tokens: this.tokens },
      sortByMargin: () => this.run(this.sort({ sort: 'margin', descending: false })),
      run: (promise) => this.run(promise),
      command: (command) => this.command(command),
    });
  }

  /** Draws the result of an edit, and tells a screen reader. */
  private async edited({ kind }: PairEdit, { row, overview }: EditAnswer): Promise<void> {
    this.selected.select(row);
    await this.take(overview, kind !== 'text' && kind !== 'raw');
    this.messages.announce(`${strings.done[kind]}: ${strings.where(counted(row + 1), overview.unit, '')}`);
  }

  private command(name: PairEditorHost['requests']['command']['params']['name']): void {
    this.run(this.channel.request('command', { name }));
  }

  /** Selects a row; a filter that hides it is removed. */
  private async reveal(place: Place): Promise<void> {
    if (!this.overview) return;
    const row = Math.max(0, Math.min(place.row, this.overview.rows - 1));
    this.selected.select(row, place.pair);
    if ((await this.channel.request('position', { row })) === null) return this.showView({ filter: '' });
    // The host may have sent a newer overview during the request, so it is read again here.
    await this.take(this.overview, true);
  }

  private redraw(): void {
    this.run(this.selected.show(this.state.row));
  }

  /** Does not wait for a promise, but shows its error. */
  private run(promise: Promise<unknown>): void {
    promise.catch((error: unknown) => this.messages.complain(error));
  }
}
