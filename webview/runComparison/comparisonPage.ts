import { errorMessage } from '../../src/base/pure/marginError';
import { Channel, ChannelError, type Port } from '../../src/protocol/channel';
import type {
  RunComparisonHost,
  RunComparisonState,
  RunComparisonView,
  RunRow,
} from '../../src/protocol/runComparison';
import type { ViewApi } from '../shared/channelPort';
import { button } from '../shared/controls';
import type { CurvePage } from '../../src/run/curves';
import { type Points, RunPoints } from '../shared/runPoints';
import { h, replace } from '../shared/dom';
import { wantedMetrics } from './curveSpecs';
import { Header, type HeaderActions, TabBar } from './header';
import { Panes } from './panes';
import { RunBar } from './runBar';
import { listedRuns } from './runFilter';
import { RunTable } from './runTable';
import { type ShownCurves, shownCurves } from './shownCurves';
import { strings } from './strings';
import { type Shown, shownRuns, startState, toggled, type ViewState } from './viewState';

/** The runs of a workspace: a table of all, and below it what differs between the shown ones. */
export class RunComparisonPage {
  private readonly channel: Channel<RunComparisonView, RunComparisonHost>;
  private readonly header: Header;
  private readonly tabBar: TabBar;
  private readonly table: RunTable;
  private readonly bar: RunBar;
  private readonly panes: Panes;
  private readonly empty = h('div', { class: 'empty' });
  private readonly announcer = h('div', { class: 'sr-only', aria: { live: 'polite' } });
  private runs: RunComparisonState = { revision: -1, columns: [], runs: [], wanted: null };
  /** The points of each run, and the curves made of them. */
  private readonly points = new Map<string, RunPoints>();
  private readonly updates = new Map<string, Promise<boolean>>();
  private readonly curves = new WeakMap<Points, ShownCurves>();
  private busy = false;
  private again = false;

  constructor(
    private readonly api: ViewApi<Partial<ViewState>>,
    port: Port,
  ) {
    const channel = new Channel<RunComparisonView, RunComparisonHost>(port, {});
    this.channel = channel;
    const actions: HeaderActions = {
      filter: (filter) => this.change({ filter }),
      columns: () => this.run(channel.request('columns', null)),
      others: () => this.run(channel.request('addOthers', null)),
      change: (part) => this.change(part),
      save: (kind) => this.save(kind),
    };
    this.header = new Header(actions);
    this.tabBar = new TabBar(actions);
    this.table = new RunTable({
      sort: ({ sort, descending }) => this.change({ sort, descending }),
      toggle: (runs) => this.toggle(runs),
      open: (run) => this.openRun(run),
      selected: () => this.drawBar(),
    });
    this.bar = new RunBar({
      toggle: (runs) => this.toggle(runs),
      baseline: ({ folder, baseline }) => this.run(channel.request('baseline', { folder, baseline: !baseline })),
      tags: (runs) => this.run(channel.request('tags', { folders: runs.map(({ folder }) => folder) })),
      note: ({ folder }) => this.run(channel.request('note', { folder })),
      open: (run) => this.openRun(run),
      remove: ({ folder }) => this.run(channel.request('removeOther', { folder })),
    });
    this.panes = new Panes({
      channel,
      curves: (folder) => this.curvesOf(folder),
      change: (part) => this.change(part),
      announce: (text) => (this.announcer.textContent = text),
      failed: (error) => this.fail(error),
    });
    this.table.element.addEventListener('keydown', (event) => this.key(event));
    channel.on('changed', () => this.refresh());
    document.addEventListener('visibilitychange', () => this.refresh());
    this.followTheme();
    this.refresh();
  }

  private get state(): ViewState {
    return { ...startState, ...this.api.getState() };
  }

  private get shown(): readonly Shown[] {
    return shownRuns(this.state.shown, this.runs.runs);
  }

  private followTheme(): void {
    const recolour = new MutationObserver(() => this.panes.recolour());
    recolour.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
    recolour.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  }

  private refresh(): void {
    if (!document.hidden) this.run(this.load());
  }

  /** Asks for one state at a time. A change that comes before the answer makes the view ask once more. */
  private async load(): Promise<void> {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      const isFirst = this.runs.revision < 0;
      this.runs = await this.channel.request('hello', null);
      const { wanted } = this.runs;
      if (wanted !== null)
        this.api.setState({ ...this.state, shown: toggled([], wanted, true), first: null, second: null });
      await this.draw();
      if (isFirst) this.table.focus();
    } finally {
      this.busy = false;
    }
    if (!this.again) return;
    this.again = false;
    this.refresh();
  }

  private change(part: Partial<ViewState>): void {
    this.api.setState({ ...this.state, ...part });
    this.run(this.draw());
  }

  private toggle(runs: readonly RunRow[]): void {
    const folders = runs.filter(({ problem }) => problem === null).map(({ folder }) => folder);
    if (folders.length === 0) return;
    const isShown = folders.every((folder) => this.isShown(folder));
    this.announcer.textContent = `${runs.map(({ name }) => name).join(', ')}: ${isShown ? strings.isHidden : strings.isShown}`;
    this.change({ shown: toggled(this.shown, folders, !isShown) });
  }

  private isShown(folder: string): boolean {
    return this.shown.some((one) => one.folder === folder);
  }

  private async draw(): Promise<void> {
    const { state, shown, runs: content } = this;
    const { runs, columns } = content;
    if (runs.length === 0) return this.drawEmpty();
    const sorting = { sort: state.sort ?? '', descending: state.descending };
    const listed = listedRuns(content, state.filter, state.sort, state.descending);
    this.header.draw(shown.length, runs.length, state.filter);
    this.tabBar.draw(state);
    const parts = [this.header.element, this.table.element, this.bar.element, this.tabBar.element, this.panes.element];
    if (!this.table.element.isConnected) replace(document.body, ...parts, this.announcer);
    this.table.draw({ columns, runs: listed, shown, sorting }, runs);
    if (listed.length === 0) this.announcer.textContent = strings.noneFound;
    this.drawBar();
    await this.panes.draw(state, runs, shown);
  }

  private drawEmpty(): void {
    const train = button({
      label: strings.train,
      primary: true,
      onClick: () => this.run(this.channel.request('train', null)),
    });
    const others = button({
      label: strings.others,
      onClick: () => this.run(this.channel.request('addOthers', null)),
    });
    replace(this.empty, strings.noRuns, train, others);
    replace(document.body, this.empty, this.announcer);
  }

  private drawBar(): void {
    const { selected } = this.table;
    const isShown = selected.length > 0 && selected.every(({ folder }) => this.isShown(folder));
    this.bar.draw(selected, isShown);
  }

  private async curvesOf(folder: string): Promise<ShownCurves> {
    const run = this.points.get(folder) ?? new RunPoints();
    this.points.set(folder, run);
    // Two answers at once would both add the same points.
    const before = this.updates.get(folder) ?? Promise.resolve(false);
    const ask = (from: number): Promise<CurvePage> =>
      this.channel.request('points', { folder, from, metrics: wantedMetrics });
    // Whoever asked before has got the error.
    const update = before.catch(() => false).then(() => run.update(ask));
    this.updates.set(folder, update);
    await update;
    const { points } = run;
    const known = this.curves.get(points) ?? shownCurves(folder, points);
    this.curves.set(points, known);
    return known;
  }

  private save(kind: 'csv' | 'svg' | 'png'): void {
    const folders = this.shown.map(({ folder }) => folder);
    if (folders.length === 0) return;
    if (kind === 'csv') return this.run(this.channel.request('saveCurves', { folders }));
    this.run(this.channel.request('savePicture', { folders, kind, content: this.panes.picture(kind) }));
  }

  private openRun({ folder, problem, program }: RunRow): void {
    if (problem === null && program === null) this.run(this.channel.request('openRun', { folder }));
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (this.bar.act(event.key)) event.preventDefault();
  }

  /** Does not wait for a promise, but shows its error. */
  private run(promise: Promise<unknown>): void {
    promise.catch((error: unknown) => this.fail(error));
  }

  private fail(error: unknown): void {
    if (error instanceof ChannelError && error.code === 'disposed') return;
    this.panes.fail(errorMessage(error));
  }
}
