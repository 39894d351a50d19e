import type { PairNumber } from '../../../src/pairs/pairNumber';
import type { PairsPage, PairsQuery, RewardRow } from '../../../src/protocol/runPanel';
import { h } from '../../shared/dom';
import { GroupChips } from './groupChips';
import { HistogramPanel } from './histogramPanel';
import { type Bounds, closed, withChoice, withRanges } from './numberFields';
import type { PairsSource } from './pairsSource';
import { ScatterPanel } from './scatterPanel';

export interface ChartActions {
  readonly filter: (text: string) => void;
  readonly histogram: (number: PairNumber) => void;
  /** Chooses the pair at a place of the list. */
  readonly choose: (index: number) => void;
}

/** Groups, histogram and scatter of the pairs of a query. Each writes the one filter. */
export class PairCharts {
  readonly element: HTMLElement;
  private readonly groups: GroupChips;
  private readonly histogram: HistogramPanel;
  private readonly scatter: ScatterPanel;
  private query: PairsQuery | null = null;
  private known: ReadonlySet<PairNumber> = new Set();
  private selected: RewardRow | null = null;

  constructor(
    private readonly source: PairsSource,
    private readonly actions: ChartActions,
  ) {
    const say = (text: string): void => source.announce(text);
    this.groups = new GroupChips((term) => this.rewrite((filter) => withChoice(filter, 'group', term)));
    this.histogram = new HistogramPanel({
      brush: (number, bounds) => this.range([[number, bounds]]),
      number: actions.histogram,
      showAll: () => actions.filter(''),
      say,
    });
    this.scatter = new ScatterPanel({
      axes: (axes) => {
        source.choose({ axes });
        this.drawScatter().catch(source.failed);
      },
      brush: ({ x, y }, area) =>
        this.range([
          [y, closed(area.y)],
          [x, closed(area.x)],
        ]),
      choose: actions.choose,
      say,
    });
    const plots = h('div', { class: 'plots' }, this.histogram.element, this.scatter.element);
    this.element = h('div', { class: 'pair-charts' }, this.groups.element, plots);
  }

  /** @param known numbers that the pairs have */
  async show(query: PairsQuery, page: PairsPage, known: ReadonlySet<PairNumber>): Promise<void> {
    this.query = query;
    this.known = known;
    this.histogram.show(page, query, known);
    this.select(this.selected);
    await Promise.all([this.drawScatter(), this.drawGroups()]);
  }

  /** Marks the selected pair in each chart. */
  select(row: RewardRow | null): void {
    this.selected = row;
    const numberOf = row === null ? null : (name: PairNumber): number | null => row[name];
    this.histogram.select(numberOf);
    this.scatter.select(numberOf);
  }

  recolour(): void {
    this.scatter.recolour();
  }

  private async drawScatter(): Promise<void> {
    const { query } = this;
    const { axes } = this.source.choices();
    if (!query) return;
    const scatter = await this.source.scatter(query, axes);
    if (query !== this.query || axes !== this.source.choices().axes) return;
    this.scatter.show(scatter, axes, this.known);
    this.select(this.selected);
  }

  /** The counts are of the pairs that the rest of the filter shows, so that each group can be chosen. */
  private async drawGroups(): Promise<void> {
    const { query } = this;
    if (!query) return;
    const groups = await this.source.groups({ ...query, filter: withChoice(query.filter, 'group', '') });
    if (query === this.query) this.groups.show(groups, query.filter);
  }

  private range(ranges: readonly (readonly [PairNumber, Bounds])[]): void {
    this.rewrite((filter) => withRanges(filter, ranges));
  }

  private rewrite(change: (filter: string) => string): void {
    if (this.query) this.actions.filter(change(this.query.filter));
  }
}
