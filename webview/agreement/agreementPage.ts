import { errorMessage } from '../../src/base/pure/marginError';
import { agreementSentence } from '../../src/pairs/agreement/agreementWords';
import type {
  AgreementHost,
  AgreementState,
  AgreementView,
  ConfusionCell,
  DimensionAgreement,
} from '../../src/protocol/agreement';
import { Channel, ChannelError, type Port } from '../../src/protocol/channel';
import type { ViewApi } from '../shared/channelPort';
import { h, icon, replace } from '../shared/dom';
import { confusionTable } from './confusionTable';
import { alphaTable, pairTable } from './figures';
import { RatedList } from './ratedList';
import { SourceRail } from './sourceRail';
import { strings } from './strings';
import { workTable } from './workTable';

/** More pairs of annotators are not drawn: nobody reads hundreds of tables. */
const mostPairs = 28;

export interface ViewState {
  /** URI of the dataset, for the host after a reload of the window. */
  readonly file: string;
  readonly dimension: string;
}

/** How far annotators agree: figures, confusion tables, reviewers, and the rows of a cell. */
export class AgreementPage {
  private readonly channel: Channel<AgreementView, AgreementHost>;
  private readonly rail: SourceRail;
  private readonly list: RatedList;
  private readonly head = h('div', { class: 'bar' });
  private readonly dimensions = h('div', { class: 'options', role: 'group', aria: { label: strings.dimensions } });
  private readonly figures = h('div', { class: 'sheet', tabIndex: -1 });
  private readonly main: HTMLElement;
  private readonly announcer = h('div', { class: 'sr-only', aria: { live: 'polite' } });
  private state: AgreementState | null = null;
  private dimension: string;
  private cell: ConfusionCell | null = null;

  constructor(
    private readonly api: ViewApi<ViewState>,
    port: Port,
  ) {
    this.dimension = api.getState()?.dimension ?? '';
    this.channel = new Channel<AgreementView, AgreementHost>(port, {});
    const { channel } = this;
    this.rail = new SourceRail((ids) => this.run(channel.request('choose', { ids })));
    this.list = new RatedList({
      page: (query, from, count) => channel.request('rows', { query, from, count }),
      open: ({ row }) => this.run(channel.request('open', { row })),
      adjudicate: (query) => this.run(channel.request('adjudicate', query)),
      showDisputed: () => this.choose(null),
      failed: (error) => this.fail(error),
    });
    this.main = h('main', { class: 'content' }, this.figures, this.list.element);
    const split = h('div', { class: 'split' }, this.rail.element, this.main);
    replace(document.body, this.head, split, this.announcer);
    channel.on('changed', () => this.refresh());
    document.addEventListener('visibilitychange', () => this.refresh());
    this.refresh();
  }

  private refresh(): void {
    if (!document.hidden) this.run(this.channel.request('hello', null).then((state) => this.show(state)));
  }

  private async show(state: AgreementState): Promise<void> {
    if (this.state && state.revision < this.state.revision) return;
    this.state = state;
    const names = state.dimensions.map(({ dimension }) => dimension);
    if (!names.includes(this.dimension)) this.dimension = names[0] ?? '';
    this.api.setState({ file: state.uri, dimension: this.dimension });
    this.rail.draw(state.sources);
    this.drawHead(state);
    if (state.status.kind !== 'reading') await this.draw();
  }

  /** Draws the figures of the dimension, and its rows. */
  private async draw(): Promise<void> {
    const { state } = this;
    if (!state) return;
    const shown = state.dimensions.find(({ dimension }) => dimension === this.dimension);
    this.list.element.hidden = shown === undefined;
    if (!shown) {
      const message = state.status.kind === 'failed' ? state.status.message : '';
      this.announce(message);
      return replace(this.figures, h('div', { class: 'empty' }, h('p', {}, message)));
    }
    this.drawFigures(state, shown);
    this.announce(strings.announce(shown.dimension, agreementSentence(shown)));
    await this.list.show({ dimension: shown.dimension, cell: this.cell });
  }

  private drawHead({ file, status, dimensions }: AgreementState): void {
    const refresh = (): void => this.run(this.channel.request('refresh', null));
    const options = dimensions.map(({ dimension }) =>
      h(
        'button',
        {
          class: 'option',
          aria: { pressed: String(dimension === this.dimension) },
          on: { click: () => this.chooseDimension(dimension) },
        },
        dimension,
      ),
    );
    replace(this.dimensions, ...(options.length > 1 ? options : []));
    replace(
      this.head,
      h('b', {}, strings.title),
      h('span', { class: 'clip', title: file }, file),
      this.dimensions,
      h('span', { class: 'grow' }),
      h('span', { class: 'muted', role: 'status' }, status.kind === 'reading' ? strings.reading(status.rows) : ''),
      h('button', { class: 'link', title: strings.refreshTitle, on: { click: refresh } }, strings.refresh),
    );
  }

  private drawFigures({ notes, work }: AgreementState, shown: DimensionAgreement): void {
    const focused = document.activeElement?.closest('.confusion') ? document.activeElement : null;
    const label = focused?.getAttribute('aria-label');
    const { pairs } = shown;
    const top = this.figures.scrollTop;
    replace(
      this.figures,
      ...notes.map((note) => h('p', { class: 'note warn' }, icon('warning'), ` ${note}`)),
      h('p', { class: 'sentence' }, agreementSentence(shown)),
      h('p', { class: 'muted note' }, strings.summary(shown)),
      section(strings.all, alphaTable(shown)),
      ...pairs.slice(0, mostPairs).map((pair) => {
        const options = { chosen: this.cell, choose: (cell: ConfusionCell) => this.choose(cell) };
        const title = strings.pair(...pair.annotators);
        const both = h('span', { class: 'muted' }, strings.both(pair.items));
        const tables = h('div', { class: 'tables' }, pairTable(pair), confusionTable(pair, shown.labels, options));
        return section(title, tables, both);
      }),
      pairs.length > mostPairs ? h('p', { class: 'muted note' }, strings.more(pairs.length - mostPairs)) : null,
      work.length === 0 ? null : section(strings.work, workTable(work)),
    );
    this.figures.scrollTop = top;
    if (label) [...this.figures.querySelectorAll<HTMLElement>('.cell')].find((one) => one.ariaLabel === label)?.focus();
  }

  private choose(cell: ConfusionCell | null): void {
    this.cell = cell;
    const { state } = this;
    const shown = state?.dimensions.find(({ dimension }) => dimension === this.dimension);
    if (!state || !shown) return;
    this.drawFigures(state, shown);
    const listed = this.list.show({ dimension: shown.dimension, cell });
    this.run(listed.then((text) => this.announce(text)));
  }

  private chooseDimension(dimension: string): void {
    const { state } = this;
    if (!state) return;
    this.dimension = dimension;
    this.cell = null;
    this.api.setState({ file: state.uri, dimension });
    this.drawHead(state);
    this.dimensions.querySelector<HTMLElement>('[aria-pressed=true]')?.focus();
    this.run(this.draw());
  }

  private announce(text: string): void {
    if (text !== '') this.announcer.textContent = text;
  }

  /** Does not wait for a promise, but shows its error. */
  private run(promise: Promise<unknown>): void {
    promise.catch((error: unknown) => this.fail(error));
  }

  private fail(error: unknown): void {
    if (error instanceof ChannelError && error.code === 'disposed') return;
    replace(this.figures, h('div', { class: 'empty bad', role: 'alert' }, errorMessage(error)));
  }
}

function section(title: string, content: HTMLElement, beside: HTMLElement | null = null): HTMLElement {
  return h('section', { class: 'block', aria: { label: title } }, h('h2', {}, title, beside && ' ', beside), content);
}
