import { must } from '../../src/base/pure/must';
import type { Channel } from '../../src/protocol/channel';
import type { RunComparisonHost, RunComparisonView, RunRow, TwoRuns } from '../../src/protocol/runComparison';
import { h, replace } from '../shared/dom';
import { configTable } from './configPane';
import { CurvesPane } from './curvesPane';
import { PairsPane } from './pairsPane';
import { pickTwo } from './pickTwo';
import { RewardsPane } from './rewardsPane';
import { samplePairs } from './samplesPane';
import type { ShownCurves } from './shownCurves';
import { strings } from './strings';
import { type Shown, type Tab, twoRuns, type ViewState } from './viewState';

export interface PanesSource {
  readonly channel: Channel<RunComparisonView, RunComparisonHost>;
  readonly curves: (folder: string) => Promise<ShownCurves>;
  readonly change: (part: Partial<ViewState>) => void;
  readonly announce: (text: string) => void;
  readonly failed: (error: unknown) => void;
}

/** What is below the table: the curves, or what differs. */
export class Panes {
  readonly element = h('div', { class: 'pane', id: 'pane', role: 'tabpanel', tabIndex: 0 });
  private readonly curves = new CurvesPane();
  private readonly pairs: PairsPane;
  private readonly rewards: RewardsPane;
  private two: TwoRuns | null = null;
  private picked = '';
  private picker: HTMLElement = h('div', {});
  /** What is drawn, so that a new state of the runs leaves scroll position and focus alone. */
  private drawn = '';
  private wanted = 0;

  constructor(private readonly source: PanesSource) {
    const { channel, failed } = source;
    const run = (promise: Promise<unknown>): void => void promise.catch(failed);
    this.pairs = new PairsPane({
      changes: (two) => channel.request('pairs', two),
      rows: (two, change, from, count) => channel.request('changedRows', { ...two, change, from, count }),
      open: ({ folder, row, key }) => run(channel.request('openPair', { folder, of: 'trained', row, key })),
      showInEditor: (two, change) => run(channel.request('showChanged', { ...two, change })),
      failed,
    });
    this.rewards = new RewardsPane({
      summary: (query) => channel.request('margins', query),
      rows: (query) => channel.request('marginRows', query),
      open: ({ row, key }, of) => run(channel.request('openPair', { folder: this.shownTwo.second, of, row, key })),
      showInEditor: (query) => run(channel.request('showCell', query)),
      compareModels: ({ second }) => run(channel.request('compareModels', { folder: second })),
      failed,
    });
  }

  async draw(state: ViewState, runs: readonly RunRow[], shown: readonly Shown[]): Promise<void> {
    const wanted = ++this.wanted;
    if (state.tab === 'curves') return this.drawCurves(state, runs, shown, wanted);
    if (state.tab === 'config') return this.drawConfig(runs, shown, wanted);
    this.two = twoRuns(state, runs, shown);
    if (this.two === null) return this.put('none', h('div', { class: 'empty' }, strings.oneRun));
    this.drawPicker(this.two, runs);
    await this.drawTwo(state.tab, this.two, runs, wanted);
  }

  recolour(): void {
    this.curves.recolour();
  }

  /** The charts on the screen; a PNG is in base64. */
  picture(kind: 'svg' | 'png'): string {
    return this.curves.picture(kind);
  }

  fail(message: string): void {
    this.drawn = '';
    replace(this.element, h('div', { class: 'empty bad', role: 'alert' }, message));
  }

  private get shownTwo(): TwoRuns {
    return must(this.two, 'the compared runs');
  }

  private async drawCurves(
    state: ViewState,
    runs: readonly RunRow[],
    shown: readonly Shown[],
    wanted: number,
  ): Promise<void> {
    this.put('curves', this.curves.element);
    const drawn = await Promise.all(
      shown.map(async ({ folder, slot }) => ({
        run: must(
          runs.find((one) => one.folder === folder),
          'a shown run',
        ),
        slot,
        curves: await this.source.curves(folder),
      })),
    );
    if (wanted !== this.wanted) return;
    this.curves.show(drawn, state);
    const folders = shown.map(({ folder }) => folder);
    const sentences = await this.source.channel.request('sentences', { folders });
    if (wanted === this.wanted) this.curves.say(sentences);
  }

  private async drawConfig(runs: readonly RunRow[], shown: readonly Shown[], wanted: number): Promise<void> {
    const listed = shown.flatMap(({ folder }) => runs.find((run) => run.folder === folder) ?? []);
    if (listed.length < 2) return this.put('none', h('div', { class: 'empty' }, strings.oneRun));
    const differences = await this.source.channel.request('config', { folders: listed.map(({ folder }) => folder) });
    if (wanted !== this.wanted) return;
    const names = listed.map(({ name }) => name);
    this.put(`config ${JSON.stringify([differences, names])}`, ...configTable(differences, listed));
    this.source.announce(strings.onlyDifferent(differences.length));
  }

  private async drawTwo(
    tab: Exclude<Tab, 'curves' | 'config'>,
    two: TwoRuns,
    runs: readonly RunRow[],
    wanted: number,
  ): Promise<void> {
    if (tab === 'samples') {
      const samples = await this.source.channel.request('samples', two);
      if (wanted !== this.wanted) return;
      const name = (folder: string): string => runs.find((run) => run.folder === folder)?.name ?? '';
      const names = [name(two.first), name(two.second)] as const;
      const list = h('div', { class: 'sample-pairs' }, ...samplePairs(samples, names));
      return this.put(`samples ${JSON.stringify([samples, names])}`, this.picker, list);
    }
    const pane = tab === 'pairs' ? this.pairs : this.rewards;
    this.put(tab, this.picker, pane.element);
    const said = await pane.show(two);
    if (wanted === this.wanted && said !== '') this.source.announce(said);
  }

  /** The lists are drawn again only if they show something else: one that is drawn again would close. */
  private drawPicker(two: TwoRuns, runs: readonly RunRow[]): void {
    const picked = JSON.stringify([two, runs.map(({ folder, name, baseline }) => [folder, name, baseline])]);
    if (picked === this.picked) return;
    this.picked = picked;
    const picker = pickTwo(two, runs, (part) => this.source.change(part));
    this.picker.replaceWith(picker);
    this.picker = picker;
  }

  private put(what: string, ...children: readonly HTMLElement[]): void {
    if (what === this.drawn && children.every((child, i) => what.includes(' ') || child === this.element.children[i]))
      return;
    this.drawn = what;
    replace(this.element, ...children);
  }
}
