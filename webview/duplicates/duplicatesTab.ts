import { errorMessage } from '../../src/base/pure/marginError';
import { Channel, type Port } from '../../src/protocol/channel';
import type { DuplicatesHost, DuplicatesState, DuplicatesView, GroupSummary } from '../../src/protocol/duplicates';
import { button } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { PageCache } from '../shared/pageCache';
import { VirtualList } from '../shared/virtualList';
import { GroupPane } from './groupPane';
import { strings } from './strings';

/** Most pages of groups kept. */
const maxPages = 40;

/** The duplicates of a file: the list of groups, and the rows of the selected one side by side. */
export class DuplicatesTab {
  private readonly channel: Channel<DuplicatesView, DuplicatesHost>;
  private readonly bar = h('div', { class: 'bar' });
  private readonly said = h('span', { class: 'muted clip grow', role: 'status' });
  private readonly pages = new PageCache<GroupSummary>(maxPages);
  private readonly list: VirtualList;
  private readonly pane: GroupPane;
  private state: DuplicatesState | null = null;

  constructor(port: Port) {
    this.channel = new Channel(port, {});
    this.channel.on('changed', (state) => this.take(state));
    this.list = new VirtualList({
      label: strings.list,
      draw: (element, index) => this.drawRow(element, index),
      visible: (from, count) => this.visible(from, count),
      select: (index) => this.run(this.showGroup(index)),
      open: () => undefined,
    });
    this.pane = new GroupPane({
      keep: (row) => this.keep(row),
      keepAll: () => this.keepAll(),
      reveal: (row) => this.run(this.channel.request('reveal', { row })),
    });
    const side = h('nav', { class: 'side' }, this.list.element);
    replace(document.body, this.bar, h('div', { class: 'split' }, side, this.pane.element));
    document.addEventListener('keydown', (event) => this.key(event));
    document.addEventListener('visibilitychange', () => document.hidden || this.run(this.start()));
    this.run(this.start());
  }

  private async start(): Promise<void> {
    this.take(await this.channel.request('hello', null));
    this.list.element.focus();
  }

  private take(state: DuplicatesState): void {
    this.state = state;
    this.pages.outdate();
    const isShown = state.fixed !== 'changed';
    this.list.setCount(isShown ? state.groups : 0);
    this.drawBar(state);
    if (!isShown) return this.pane.say(strings.changed);
    if (state.groups === 0) return this.pane.say(strings.none);
    this.list.move(Math.max(0, Math.min(this.list.selected, state.groups - 1)));
  }

  private drawBar(state: DuplicatesState): void {
    const { groups, redundant, fixed, deleted } = state;
    const keepFirst = button({
      label: strings.keepFirst,
      icon: 'trash',
      primary: true,
      onClick: () => this.keepFirst(),
    });
    const undo = button({
      label: strings.undo(deleted),
      icon: 'discard',
      onClick: () => this.act(this.channel.request('restore', null), () => strings.restored),
    });
    const again = button({
      label: strings.search,
      icon: 'search',
      onClick: () => this.act(this.channel.request('search', null), () => ''),
    });
    const counts = h('span', { class: 'counts' }, `${strings.groups(groups)}, ${strings.redundant(redundant)}`);
    if (fixed === 'read-only') this.said.textContent = strings.readOnly;
    replace(
      this.bar,
      fixed === 'changed' ? null : counts,
      this.said,
      deleted > 0 ? undo : null,
      fixed === null && redundant > 0 ? keepFirst : null,
      again,
    );
  }

  private drawRow(element: HTMLElement, index: number): void {
    const group = this.pages.row(index);
    element.classList.add('group-row');
    if (!group || !this.state) return;
    const numbers = strings.numbers(this.state.unit, group.rows);
    element.append(
      h('span', { class: 'clip', role: 'gridcell' }, h('b', {}, numbers), ` ${group.label}`),
      h('span', { class: 'muted', role: 'gridcell' }, strings.kind(group)),
    );
  }

  private visible(from: number, count: number): void {
    this.pages.fill(from, count, {
      ask: (start, most) => this.channel.request('groups', { from: start, count: most }),
      arrived: () => this.list.refresh(),
      failed: (error) => this.complain(error),
    });
  }

  private async showGroup(index: number): Promise<void> {
    const [[group], rows] = await Promise.all([
      this.channel.request('groups', { from: index, count: 1 }),
      this.channel.request('group', { index }),
    ]);
    // The person may have gone on, or the list may have changed.
    if (group && this.state && this.list.selected === index) this.pane.show(group, rows, this.state);
  }

  private keep(row: number): void {
    const params = { index: this.list.selected, row };
    this.act(this.channel.request('keep', params), ({ deleted }) => strings.deleted(deleted));
  }

  private keepAll(): void {
    this.act(this.channel.request('keepAll', { index: this.list.selected }), () => strings.kept);
  }

  private keepFirst(): void {
    this.act(this.channel.request('keepFirst', null), ({ deleted }) => strings.deleted(deleted));
  }

  /** Draws the state after an action, and says what was done. The host refuses if the rows have changed. */
  private act(request: Promise<DuplicatesState>, text: (state: DuplicatesState) => string): void {
    const done = request.then((state) => {
      this.take(state);
      this.said.textContent = state.fixed === 'changed' ? '' : text(state);
      this.list.element.focus();
    });
    this.run(done);
  }

  /** 1 to 9 keep a row of the group, A keeps all; the arrow keys are the list's. */
  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || this.state?.groups === 0) return;
    const { key } = event;
    if (key === 'j') this.list.move(this.list.selected + 1);
    else if (key === 'k') this.list.move(this.list.selected - 1);
    else if (key === 'a') this.keepAll();
    else if (/^[1-9]$/.test(key) && this.state?.fixed === null) this.keepNth(Number(key));
    else return;
    event.preventDefault();
  }

  private keepNth(number: number): void {
    const row = this.pages.row(this.list.selected)?.rows[number - 1];
    if (row !== undefined) this.keep(row);
  }

  private complain(error: unknown): void {
    this.said.textContent = errorMessage(error);
  }

  private run(promise: Promise<unknown>): void {
    promise.catch((error: unknown) => this.complain(error));
  }
}
