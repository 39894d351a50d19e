import { errorMessage } from '../../src/base/pure/marginError';
import { Channel, type Port } from '../../src/protocol/channel';
import type {
  SuspectOrder,
  SuspectRow,
  SuspectsDone,
  SuspectsHost,
  SuspectsState,
  SuspectsView,
} from '../../src/protocol/suspects';
import { h, replace } from '../shared/dom';
import { PageCache } from '../shared/pageCache';
import { VirtualList } from '../shared/virtualList';
import { DetailPane } from './detailPane';
import { Header } from './header';
import { strings } from './strings';
import { Summary } from './summary';
import { drawSuspect, TableHead } from './suspectTable';

/** Most pages of suspects kept. */
const maxPages = 40;

/** The suspects of a file: how noisy its labels are, the list of suspects, and the selected one in full. */
export class SuspectsTab {
  private readonly channel: Channel<SuspectsView, SuspectsHost>;
  private readonly said = h('p', { class: 'said muted', role: 'status' });
  private readonly header: Header;
  private readonly summary: Summary;
  private readonly head = new TableHead((order) => this.arrange(order));
  private readonly pages = new PageCache<SuspectRow>(maxPages);
  private readonly list: VirtualList;
  private readonly pane: DetailPane;
  private state: SuspectsState | null = null;

  constructor(port: Port) {
    this.channel = new Channel(port, {});
    this.channel.on('changed', (state) => this.take(state));
    this.list = new VirtualList({
      label: strings.list,
      draw: (element, index) => this.drawRow(element, index),
      visible: (from, count) => this.visible(from, count),
      select: (index) => this.run(this.showDetail(index)),
      open: () => this.reveal(),
      picked: () => undefined,
    });
    this.header = new Header({
      show: (verdicts) => this.arrange({ verdicts }),
      weigh: (to) => this.act(this.channel.request('weigh', { to, places: null })),
      undo: () => this.undo(),
      search: () => this.run(this.channel.request('search', null)),
      review: () => this.run(this.channel.request('review', null)),
    });
    this.summary = new Summary(() => this.run(this.channel.request('cleaning', null)));
    this.pane = new DetailPane({
      swap: () => this.swap(),
      out: () => this.leaveOut(),
      keep: () => this.keep(),
      reveal: () => this.reveal(),
      tokens: () => this.tokens(),
    });
    const table = h('div', { class: 'table' }, this.head.element, this.list.element);
    replace(document.body, this.header.element, this.said, this.summary.element, table, this.pane.element);
    document.addEventListener('keydown', (event) => this.key(event));
    document.addEventListener('visibilitychange', () => document.hidden || this.run(this.start()));
    this.run(this.start());
  }

  private async start(): Promise<void> {
    this.take(await this.channel.request('hello', null));
    this.list.element.focus();
  }

  private take(state: SuspectsState): void {
    this.state = state;
    this.header.draw(state);
    this.summary.draw(state);
    this.head.draw(state.order);
    this.pages.outdate();
    this.list.setCount(state.shown);
    if (state.shown === 0) return this.pane.clear(state.flipped + state.ties === 0 ? strings.none : strings.noneShown);
    const place = Math.max(0, Math.min(this.list.selected, state.shown - 1));
    this.list.mark(place);
    this.run(this.showDetail(place));
  }

  private arrange(part: Partial<SuspectOrder>): void {
    if (!this.state) return;
    const order = { ...this.state.order, ...part };
    const arranged = this.channel.request('arrange', order).then((state) => {
      this.pages.clear();
      this.list.mark(0);
      this.list.position = 0;
      this.take(state);
    });
    this.run(arranged);
  }

  private drawRow(element: HTMLElement, index: number): void {
    const row = this.pages.row(index);
    if (row && this.state) drawSuspect(element, row, this.state);
    else element.classList.add('suspect-row');
  }

  private visible(from: number, count: number): void {
    this.pages.fill(from, count, {
      ask: (start, most) => this.channel.request('rows', { from: start, to: start + most }),
      arrived: () => this.list.refresh(),
      failed: (error) => this.complain(error),
    });
  }

  private async showDetail(place: number): Promise<void> {
    const detail = await this.channel.request('detail', { place });
    // The person may have gone on, or the list may have changed.
    if (this.state && this.list.selected === place) this.pane.show(detail, this.state);
  }

  private swap(): void {
    if (this.hasRow && !this.isFixed()) this.act(this.channel.request('swap', { place: this.list.selected }));
  }

  private leaveOut(): void {
    if (this.hasRow && !this.isFixed()) this.act(this.channel.request('weigh', { to: 'out', places: this.places }));
  }

  private keep(): void {
    if (this.hasRow) this.act(this.channel.request('keep', { places: this.places }));
  }

  private reveal(): void {
    if (this.hasRow) this.run(this.channel.request('reveal', { place: this.list.selected }));
  }

  private tokens(): void {
    if (this.hasRow) this.run(this.channel.request('tokens', { place: this.list.selected }));
  }

  private undo(): void {
    if (this.state?.undo) this.act(this.channel.request('undo', null));
  }

  private get hasRow(): boolean {
    return this.state !== null && this.state.shown > 0;
  }

  /** The selected places of the list. */
  private get places(): readonly { readonly from: number; readonly to: number }[] {
    const { selection, selected } = this.list;
    return selection.count > 1 ? selection.ranges : [{ from: selected, to: selected + 1 }];
  }

  private isFixed(): boolean {
    if (!this.state?.isReadOnly) return false;
    this.said.textContent = strings.readOnly;
    return true;
  }

  /** Draws the state after an action, and says what was done. */
  private act(request: Promise<SuspectsDone>): void {
    const done = request.then(({ sentence, state }) => {
      this.take(state);
      this.said.textContent = sentence;
      this.list.element.focus();
    });
    this.run(done);
  }

  private key(event: KeyboardEvent): void {
    const { key } = event;
    const isUndo = (event.ctrlKey || event.metaKey) && key.toLowerCase() === 'z' && !event.shiftKey;
    if (isUndo) this.undo();
    else if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    else if (key === 's') this.swap();
    else if (key === 'o') this.leaveOut();
    else if (key === 'k') this.keep();
    else if (key === 't') this.tokens();
    else return;
    event.preventDefault();
  }

  private complain(error: unknown): void {
    this.said.textContent = errorMessage(error);
  }

  private run(promise: Promise<unknown>): void {
    promise.catch((error: unknown) => this.complain(error));
  }
}

/** A letter in a drop-down list selects an option. */
function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && target.localName === 'vscode-dropdown';
}
