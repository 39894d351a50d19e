import type { Channel } from '../../../src/protocol/channel';
import type { Overview, PairEditorHost, PairEditorView } from '../../../src/protocol/pairEditor';
import { button } from '../../shared/controls';
import { h, replace } from '../../shared/dom';
import { counted } from '../../shared/format';
import { PairPane } from '../pairPane';
import { RowList } from '../rowList';
import { isShowingLost } from './isShowingLost';
import { compareStrings as strings } from './compareStrings';

export interface LostViewOptions {
  readonly channel: Channel<PairEditorView, PairEditorHost>;
  readonly failed: (error: unknown) => void;
  readonly announce: (text: string) => void;
  /** Called when a row was restored, with the row to show. */
  readonly restored: (overview: Overview, row: number) => void;
  readonly closed: () => void;
}

/** The rows of the other file that this one does not have, shown in place of the rows, with *Restore* for each. */
export class LostView {
  /** Empty while the view is closed. */
  readonly element = h('div', { class: 'lost' });
  private readonly content: readonly HTMLElement[];
  private readonly hint = h('span', { class: 'clip' });
  private readonly rows: RowList;
  private readonly pane: PairPane;
  private overview: Overview | null = null;
  private origin: number | null = null;

  constructor(private readonly options: LostViewOptions) {
    const { channel, failed } = options;
    const nothing = (): void => undefined;
    this.rows = new RowList({
      rows: async (from, count) => (await channel.request('lost', { from, count })).rows,
      select: (index) => this.run(this.select(index)),
      open: nothing,
      scrolled: nothing,
      sort: nothing,
      failed,
    });
    this.rows.list.element.setAttribute('aria-label', strings.lostRows);
    const unused = { edit: nothing, typed: nothing, save: nothing, openText: nothing, chooseFormat: nothing };
    this.pane = new PairPane({ ...unused, choosePair: nothing, editing: nothing, rule: nothing, change: nothing });
    const bar = h(
      'div',
      { class: 'bar' },
      button({ label: strings.back, icon: 'arrow-left', onClick: () => this.close() }),
      this.hint,
      h('span', { class: 'grow' }),
      button({ label: strings.restore, title: strings.restoreTitle, primary: true, onClick: () => this.restore() }),
    );
    this.content = [bar, h('div', { class: 'split' }, this.rows.element, this.pane.element)];
    this.element.addEventListener('keydown', (event) => event.key === 'Escape' && this.close());
  }

  open(): void {
    document.body.classList.add('showing-lost');
    replace(this.element, ...this.content);
    if (this.overview) this.draw(this.overview);
    this.rows.list.element.focus();
    this.rows.list.move(0);
  }

  /** Follows the comparison; without lost rows, the view closes. */
  draw(overview: Overview): void {
    this.overview = overview;
    if (!isShowingLost()) return;
    const { comparison } = overview;
    const lost = comparison?.counts?.lost ?? 0;
    if (lost === 0 || comparison === null) return this.close();
    this.hint.textContent = strings.lostHint(lost, counted(lost), comparison.name ?? '');
    const plain = { ...overview, shown: lost, rewards: null };
    this.rows.refresh(plain, { filter: '', sort: 'row', descending: false, rewards: null, before: null });
    if (this.origin !== null && this.rows.list.selected >= lost) this.rows.list.move(lost - 1);
  }

  private close(): void {
    this.origin = null;
    document.body.classList.remove('showing-lost');
    replace(this.element);
    this.options.closed();
  }

  private async select(index: number): Promise<void> {
    const origin = await this.rows.rowAt(index);
    this.origin = origin;
    const detail = await this.options.channel.request('lostDetail', { origin });
    const look = {
      diff: true,
      rendered: false,
      scored: false,
      widest: 0,
      unit: 'line',
      readOnly: true,
      pair: 0,
    } as const;
    if (this.origin === origin) this.pane.show(detail, { ...look, comparedWith: null });
  }

  private restore(): void {
    const { origin, overview } = this;
    if (origin === null || overview === null) return;
    const { revision } = overview;
    const asked = { revision, restored: { kind: 'lost', origin } } as const;
    const done = this.options.channel.request('restore', asked).then((answer) => {
      this.options.announce(strings.restored);
      this.options.restored(answer.overview, answer.row);
    });
    this.run(done);
  }

  private run(promise: Promise<unknown>): void {
    promise.catch(this.options.failed);
  }
}
