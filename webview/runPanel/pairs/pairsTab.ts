import { errorMessage } from '../../../src/base/pure/marginError';
import { ChannelError } from '../../../src/protocol/channel';
import type { PairsQuery, RewardRow, RunDetail, ScoredRun } from '../../../src/protocol/runPanel';
import type { PairsBehind } from '../../../src/run/symptoms/symptom';
import { h, replace } from '../../shared/dom';
import { sortedBy } from '../../shared/sorting';
import { whenSlow } from '../../shared/whenSlow';
import { strings } from '../strings';
import { ChosenPairs } from './chosenPairs';
import { MoverGrid } from './movers';
import { noRewards, pairsFoot } from './noRewards';
import { withRanges } from './numberFields';
import { PairCharts } from './pairCharts';
import type { PairChoices } from './pairChoices';
import { knownNumbers, widestOf } from './pageNumbers';
import { comparedIn, PairsBar } from './pairsBar';
import type { PairsSource } from './pairsSource';
import type { ColumnItem } from './columnMenu';
import { PairTable } from './pairTable';
import { StoppedReading } from './stoppedReading';
import { TrendPanel } from './trendPanel';
import { ViewSwitch } from './viewSwitch';

const { pairs: words } = strings;
/** What is wrong with a filter; the person can mend it. */
const filterErrors: ReadonlySet<string> = new Set(['bad-query', 'needs-text']);

/**
 * The reward of every pair at one step: groups, a histogram, a scatter, a table, the pairs that changed most, and the
 * trend of the selected one. All show the pairs of one filter, and one selected pair.
 */
export class PairsTab {
  readonly element = h('div', { class: 'pairs' });
  private readonly bar: PairsBar;
  private readonly charts: PairCharts;
  private readonly table: PairTable;
  private readonly movers = new MoverGrid((row) => this.follow(row));
  private readonly trend = new TrendPanel();
  private readonly switch: ViewSwitch;
  private readonly lower: HTMLElement;
  private readonly chosen: ChosenPairs;
  private startsAsReference = false;
  private steps: readonly number[] = [];
  private others: readonly ScoredRun[] = [];
  private best: number | null = null;
  private shown = '';
  private readonly stopped = new StoppedReading(this.element, (error) => this.fail(error));
  private selected: RewardRow | null = null;

  constructor(private readonly source: PairsSource) {
    this.chosen = new ChosenPairs(source);
    const failed = (error: unknown): void => this.fail(error);
    const filter = (text: string): void => this.filter(text);
    this.table = new PairTable({
      page: (query) => source.pairs(query),
      sort: (number) => this.change(sortedBy(this.query, number)),
      select: (row) => this.select(row),
      open: (row) => source.open(row),
      tokens: (row) => source.tokens(row, this.query.step),
      toggle: (column) => this.toggle(column),
      failed,
    });
    this.bar = new PairsBar({
      filter: (text) => text !== this.query.filter && this.change({ filter: text }),
      leave: () => this.table.focus(),
      step: (step) => {
        const isItself = this.query.before === step && this.query.beforeRun === null;
        this.change({ step, ...(isItself && { before: null }) });
      },
      before: (compared) => this.change(compared),
      editor: () => source.showInEditor(this.query),
      save: () => source.save(this.query),
    });
    const charts = {
      filter,
      choose: (part: Partial<PairChoices>) => this.remember(part),
      select: (index: number) => void this.chooseAt(index).catch(failed),
    };
    this.charts = new PairCharts(source, charts, () => this.chosen.choices);
    this.switch = new ViewSwitch((view) => {
      source.choose({ view });
      this.showView();
      this.drawMovers(this.query).catch(failed);
    });
    this.lower = h('div', { class: 'pairs-lower' }, this.table.element, this.movers.element, this.trend.element);
  }

  /** Shows a run's rewards, and selects a pair if there is a key. Reads them again only if they have changed. */
  async show(detail: RunDetail, key: string | null): Promise<void> {
    return this.stopped.run(() => this.read(detail, key));
  }

  private async read(
    { rewardSteps, rewardStep, startsAsReference, run }: RunDetail,
    key: string | null,
  ): Promise<void> {
    if (rewardStep === null) return this.showNone(run);
    const shown = JSON.stringify([run?.folder, rewardSteps, rewardStep, startsAsReference]);
    if (shown !== this.shown) {
      this.steps = rewardSteps;
      this.best = run?.state?.best?.step ?? null;
      this.startsAsReference = startsAsReference;
      this.others = await this.source.others();
      await this.offer();
      const query = this.chosen.ask({ ...comparedIn(this.query, rewardSteps, this.others), step: rewardStep });
      // If reading fails, the next call reads again, so that the error stays visible.
      this.shown = '';
      this.table.hide(this.chosen.choices.hidden);
      this.showView();
      await this.reload();
      // If a remark has asked for other pairs meanwhile, these were not drawn.
      if (this.query === query) this.shown = shown;
    }
    if (this.lower.parentElement !== this.element) this.put();
    if (key !== null) await this.reveal(key);
  }

  /** Sorts and filters as a remark about the curves asks. */
  choose({ sort, descending, margins }: PairsBehind): void {
    const bounds = margins === null ? null : { low: margins[0], high: margins[1], isBelow: true };
    const filter = bounds === null ? '' : withRanges('', [['margin', bounds]]);
    this.chosen.ask({ sort, descending, filter });
    // The next call of `show` reads the pairs.
    this.shown = '';
  }

  recolour(): void {
    this.charts.recolour();
  }

  private put(): void {
    const foot = pairsFoot(
      () => this.table.tokens(),
      () => this.source.suspects(),
    );
    replace(this.element, ...this.bar.elements, this.charts.element, this.switch.element, this.lower, foot);
  }

  private showNone(run: RunDetail['run']): void {
    const empty = noRewards(run, () => this.source.score());
    if (!this.element.firstElementChild?.isEqualNode(empty)) replace(this.element, empty);
  }

  private async reveal(key: string): Promise<void> {
    if (this.query.filter !== '') {
      this.chosen.ask({ filter: '' });
      await this.reload();
    }
    const index = await this.source.locate(this.query, key);
    if (index === null) return this.source.announce(words.gone);
    this.source.choose({ view: 'table' });
    this.showView();
    await this.chooseAt(index);
    this.table.focus();
  }

  private async reload(): Promise<void> {
    const load = (): Promise<void> => whenSlow(this.load(), (isSlow) => this.showSlow(isSlow));
    try {
      await load();
    } catch (error) {
      if (!(error instanceof ChannelError && error.code === 'column-stopped')) throw error;
      this.source.announce(errorMessage(error));
      this.chosen.goBack();
      await load();
    }
  }

  /** Says that rewards are read. What is shown stays, because a person may be typing a filter. */
  private showSlow(isSlow: boolean): void {
    this.element.classList.toggle('slow', isSlow);
    if (!isSlow) return;
    this.source.announce(words.reading);
    if (this.lower.parentElement !== this.element)
      replace(this.element, h('div', { class: 'empty', role: 'status' }, words.reading));
  }

  private async load(): Promise<void> {
    const { query } = this;
    const { steps, best, startsAsReference } = this;
    this.bar.setFilter(query.filter);
    const first = await this.source.pairs({ ...query, from: 0 });
    if (query !== this.query) return;
    const { step, before, beforeRun } = query;
    this.bar.show({ steps, best, startsAsReference, others: this.others, step, before, beforeRun });
    const known = knownNumbers(first, query, startsAsReference && query.before === null);
    this.table.scale(widestOf(first, query.histogram === 'margin'));
    this.table.show(query, first, known);
    this.chosen.hasDrawn(query);
    await this.keepSelected(query);
    await Promise.all([this.charts.show(query, first, known), this.drawMovers(query)]);
  }

  /** Selects the pair again that was selected, if the query still shows it. */
  private async keepSelected(query: PairsQuery): Promise<void> {
    const { selected } = this;
    const index = selected === null ? null : await this.source.locate(query, selected.key);
    if (query !== this.query) return;
    const row = index === null ? null : await this.rowAt(query, index);
    if (query !== this.query) return;
    this.table.mark(index ?? -1);
    this.select(row);
  }

  private async rowAt(query: PairsQuery, index: number): Promise<RewardRow | null> {
    const { rows } = await this.source.pairs({ ...query, from: index, count: 1 });
    return rows[0] ?? null;
  }

  private async drawMovers(query: PairsQuery): Promise<void> {
    if (this.source.choices().view !== 'movers') return;
    const movers = await this.source.movers(query);
    if (query === this.query) this.movers.show(movers, query.step);
  }

  private showView(): void {
    const { view } = this.source.choices();
    this.switch.show(view);
    this.table.element.hidden = view !== 'table';
    this.movers.element.hidden = view !== 'movers';
  }

  /** Asks for the columns of the dataset. While nothing shows them, the rewards need not wait for them. */
  private async offer(): Promise<void> {
    const asked = this.source.datasetColumns().then((found) => {
      this.chosen.offered = found.names;
      this.table.offer(found.names);
      return this.charts.offer(found);
    });
    if (this.chosen.needDataset) return asked;
    asked.catch((error: unknown) => this.fail(error));
  }

  /** Keeps choices, and shows their numbers. */
  private remember(part: Partial<PairChoices>): void {
    if (this.chosen.remember(part)) this.change({});
    else this.charts.redraw().catch((error: unknown) => this.fail(error));
  }

  private toggle(column: ColumnItem): void {
    const next = this.chosen.toggled(column);
    this.table.hide(next.hidden);
    this.remember(next);
  }

  private filter(text: string): void {
    this.change({ filter: text });
  }

  private get query(): PairsQuery {
    return this.chosen.query;
  }

  private change(part: Partial<PairsQuery>): void {
    this.chosen.ask(part);
    this.reload().catch((error: unknown) => this.fail(error));
  }

  private async chooseAt(index: number): Promise<void> {
    const { query } = this;
    const row = await this.rowAt(query, index);
    if (query !== this.query || row === null) return;
    this.table.select(index);
    this.select(row);
  }

  /** Selects a pair that another view than the table shows. */
  private follow(row: RewardRow): void {
    const { query } = this;
    this.select(row);
    this.source.locate(query, row.key).then(
      (index) => index !== null && query === this.query && this.table.select(index),
      (error: unknown) => this.fail(error),
    );
  }

  /** Shows one pair as selected in all views. */
  private select(row: RewardRow | null): void {
    const isSame = row !== null && row.key === this.selected?.key;
    this.selected = row;
    this.charts.select(row);
    this.movers.select(row === null ? null : row.key);
    if (row === null) this.trend.show(null);
    else this.showTrend(row, isSame).catch((error: unknown) => this.fail(error));
  }

  private async showTrend(row: RewardRow, isShown: boolean): Promise<void> {
    const { step } = this.query;
    const trend = await this.source.trend(row.key);
    if (this.selected === row || isShown) this.trend.show({ row, trend, step });
  }

  /** A filter that cannot be used is underlined; other errors take the place of the view. */
  private fail(error: unknown): void {
    if (error instanceof ChannelError && filterErrors.has(error.code)) this.bar.complain(errorMessage(error));
    else this.source.failed(error);
  }
}
