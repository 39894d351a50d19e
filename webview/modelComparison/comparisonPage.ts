import { errorMessage } from '../../src/base/pure/marginError';
import { at } from '../../src/base/pure/must';
import { Channel, ChannelError, type Port } from '../../src/protocol/channel';
import type {
  ComparedQuery,
  ModelComparisonHost,
  ModelComparisonState,
  ModelComparisonView,
} from '../../src/protocol/modelComparison';
import type { ViewApi } from '../shared/channelPort';
import { h, replace } from '../shared/dom';
import { ComparedList } from './comparedList';
import { figures, type FigureActions } from './figures';
import { ComparisonHeader } from './header';
import { ModelRail } from './modelRail';
import { strings } from './strings';

export interface ViewState {
  /** URI of the dataset, for the host after a reload of the window. */
  readonly file: string;
  /** The pairs that are listed. */
  readonly query: ComparedQuery;
}

const flips: ComparedQuery = {
  first: 0,
  second: 1,
  cell: 'flips',
  slice: null,
  sort: 'difference',
  descending: true,
};

/** Models compared on one file: who prefers what, by slice, two against each other, and the pairs of a cell. */
export class ComparisonPage {
  private readonly channel: Channel<ModelComparisonView, ModelComparisonHost>;
  private readonly header: ComparisonHeader;
  private readonly rail: ModelRail;
  private readonly list: ComparedList;
  private readonly sheet = h('div', { class: 'sheet', tabIndex: -1 });
  private readonly announcer = h('div', { class: 'sr-only', aria: { live: 'polite' } });
  private readonly actions: FigureActions;
  private state: ModelComparisonState | null = null;
  private query: ComparedQuery;
  /** What the figures show, so that a new list of models does not draw them again. */
  private drawn = '';

  constructor(
    private readonly api: ViewApi<ViewState>,
    port: Port,
  ) {
    this.query = api.getState()?.query ?? flips;
    const channel = new Channel<ModelComparisonView, ModelComparisonHost>(port, {});
    this.channel = channel;
    this.header = new ComparisonHeader({
      measure: (measure) => this.run(channel.request('measure', { measure })),
      slice: (key) => this.run(channel.request('slice', { key })),
      otherSlice: () => this.run(channel.request('otherSlice', null).then(() => this.refresh())),
      refresh: () => this.run(channel.request('refresh', null)),
    });
    this.rail = new ModelRail(
      (ids) => this.run(channel.request('choose', { ids })),
      () => this.run(channel.request('score', null)),
    );
    this.list = new ComparedList({
      page: (query, from, count) => channel.request('rows', { query, from, count }),
      open: ({ row, key }) => this.run(channel.request('open', { row, key })),
      showInEditor: (query) => this.run(channel.request('showInEditor', query)),
      save: (query) => this.run(channel.request('savePairs', query)),
      // Not with the query that is drawn: its answer may still be on its way.
      change: (part) => this.choose({ ...this.query, ...part }),
      failed: (error) => this.fail(error),
    });
    this.actions = {
      choose: (part) => this.choose({ ...this.query, ...part }),
      measure: (measure) => this.run(channel.request('measure', { measure })),
      save: (table) => this.run(channel.request('save', { table })),
    };
    const main = h('main', { class: 'content' }, this.sheet, this.list.element);
    const split = h('div', { class: 'split' }, this.rail.element, main);
    replace(document.body, this.header.element, split, this.announcer);
    channel.on('changed', () => this.refresh());
    document.addEventListener('visibilitychange', () => this.refresh());
    this.refresh();
  }

  private refresh(): void {
    if (!document.hidden) this.run(this.channel.request('hello', null).then((state) => this.show(state)));
  }

  private async show(state: ModelComparisonState): Promise<void> {
    if (this.state && state.revision < this.state.revision) return;
    const before = this.state;
    this.state = state;
    this.header.draw(state);
    this.rail.draw(state.sources);
    if (state.status.kind === 'reading') return;
    const { first, second } = this.query;
    const isOther = before?.result && JSON.stringify(before.names) !== JSON.stringify(state.names);
    if (isOther || Math.max(first, second) >= state.names.length) this.query = flips;
    if (before?.result && before.slice !== state.slice) this.query = { ...this.query, slice: null };
    this.remember(state);
    await this.draw(state);
  }

  /** VS Code takes a hidden view away, and makes it again with what it remembers. */
  private remember({ uri }: ModelComparisonState): void {
    this.api.setState({ file: uri, query: this.query });
  }

  private async draw(state: ModelComparisonState): Promise<void> {
    const { status, result, names } = state;
    this.list.element.hidden = result === null;
    const shown = JSON.stringify([status, result, this.query]);
    if (shown === this.drawn) return;
    this.drawn = shown;
    if (result === null) {
      const message = status.kind === 'failed' ? status.message : '';
      this.announcer.textContent = message;
      return replace(this.sheet, h('div', { class: 'empty' }, h('p', {}, message)));
    }
    this.drawFigures(state);
    const duel = result.duels.find(({ models }) => models.join('\n') === this.models(names).join('\n'));
    this.announcer.textContent = `${strings.about(result)}. ${duel ? duel.text : ''}`;
    await this.list.show(this.query, names);
  }

  private models(names: readonly string[]): readonly [string, string] {
    return [at(names, this.query.first), at(names, this.query.second)];
  }

  private drawFigures(state: ModelComparisonState): void {
    const focused = this.sheet.contains(document.activeElement) ? document.activeElement : null;
    const label = focused?.getAttribute('aria-label');
    const top = this.sheet.scrollTop;
    replace(this.sheet, ...figures(state, this.query, this.actions));
    this.sheet.scrollTop = top;
    if (label) [...this.sheet.querySelectorAll<HTMLElement>('button')].find((one) => one.ariaLabel === label)?.focus();
  }

  private choose(query: ComparedQuery): void {
    this.query = query;
    const { state } = this;
    if (!state?.result) return;
    this.remember(state);
    this.drawn = JSON.stringify([state.status, state.result, query]);
    this.drawFigures(state);
    this.run(this.list.show(query, state.names).then((text) => void (this.announcer.textContent = text)));
  }

  /** Does not wait for a promise, but shows its error. */
  private run(promise: Promise<unknown>): void {
    promise.catch((error: unknown) => this.fail(error));
  }

  private fail(error: unknown): void {
    if (error instanceof ChannelError && error.code === 'disposed') return;
    this.drawn = '';
    replace(this.sheet, h('div', { class: 'empty bad', role: 'alert' }, errorMessage(error)));
  }
}
