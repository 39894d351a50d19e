import type { FileNumber, ShownNumber } from '../../../src/pairs/fileNumber';
import type { DatasetColumns, PairsPage, PairsQuery, RewardRow, ScatterAxes } from '../../../src/protocol/runPanel';
import { h } from '../../shared/dom';
import { FileNote } from './fileNote';
import { GroupChips } from './groupChips';
import { HistogramPanel } from './histogramPanel';
import { type Bounds, closed, withChoice, withoutNumber, withRanges } from './numberFields';
import type { PairChoices } from './pairChoices';
import { numberIn } from './pairColumns';
import type { PairsSource } from './pairsSource';
import { ScatterPanel } from './scatterPanel';

export interface ChartActions {
  readonly filter: (text: string) => void;
  /** Keeps choices, and shows their numbers. */
  readonly choose: (part: Partial<PairChoices>) => void;
  /** Chooses the pair at a place of the list. */
  readonly select: (index: number) => void;
}

/** Groups, histogram and scatter of the pairs of a query. Each writes the one filter. */
export class PairCharts {
  readonly element: HTMLElement;
  private readonly groups: GroupChips;
  private readonly histogram: HistogramPanel;
  private readonly scatter: ScatterPanel;
  private readonly note = new FileNote();
  private page: PairsPage | null = null;
  private offered: readonly FileNumber[] = [];
  private query: PairsQuery | null = null;
  private known: ReadonlySet<ShownNumber> = new Set();
  private selected: RewardRow | null = null;

  constructor(
    private readonly source: PairsSource,
    private readonly actions: ChartActions,
    private readonly choices: () => PairChoices,
  ) {
    const say = (text: string): void => source.announce(text);
    this.groups = new GroupChips({
      choose: (group) => (group ? actions.filter(group.filter) : this.rewrite((filter) => this.ungrouped(filter))),
      by: (groups) => actions.choose({ groups }),
    });
    this.histogram = new HistogramPanel({
      brush: (number, bounds) => this.range([[number, bounds]]),
      number: (histogram) => actions.choose({ histogram }),
      showAll: () => actions.filter(''),
      say,
    });
    this.scatter = new ScatterPanel({
      axes: (axes) => actions.choose({ axes }),
      brush: ({ x, y }, area) =>
        this.range([
          [y, closed(area.y)],
          [x, closed(area.x)],
        ]),
      choose: actions.select,
      say,
    });
    const plots = h('div', { class: 'plots' }, this.histogram.element, this.scatter.element);
    this.element = h('div', { class: 'pair-charts' }, this.groups.element, plots, this.note.element);
  }

  /** @param known numbers that the pairs have */
  async show(query: PairsQuery, page: PairsPage, known: ReadonlySet<ShownNumber>): Promise<void> {
    this.query = query;
    this.page = page;
    this.known = new Set([...known, ...this.offered]);
    this.histogram.show(page, query, this.known);
    this.note.show(page);
    this.select(this.selected);
    await this.redraw();
  }

  /** Offers the columns of the dataset, or says why there are none. */
  async offer(found: DatasetColumns): Promise<void> {
    this.offered = found.names;
    this.note.offer(found);
    if (this.query && this.page) await this.show(this.query, this.page, this.known);
  }

  /** Draws what other choices change. */
  async redraw(): Promise<void> {
    await Promise.all([this.drawScatter(), this.drawGroups()]);
  }

  /** Marks the selected pair in each chart. */
  select(row: RewardRow | null): void {
    this.selected = row;
    const numberOf = row === null ? null : (name: ShownNumber): number | null => numberIn(row, name);
    this.histogram.select(numberOf);
    this.scatter.select(numberOf);
  }

  recolour(): void {
    this.scatter.recolour();
  }

  private async drawScatter(): Promise<void> {
    const { query } = this;
    const { axes } = this.choices();
    if (!query) return;
    const scatter = await this.source.scatter(query, axes);
    if (query !== this.query || !isSame(axes, this.choices().axes)) return;
    this.scatter.show(scatter, axes, this.known);
    this.select(this.selected);
  }

  /** The counts are of the pairs that the rest of the filter shows, so that each group can be chosen. */
  private async drawGroups(): Promise<void> {
    const { query } = this;
    if (!query) return;
    const { groups: by } = this.choices();
    const groups = await this.source.groups({ ...query, filter: this.ungrouped(query.filter) }, by);
    if (query === this.query && by === this.choices().groups) this.groups.show(groups, by, query.filter, this.known);
  }

  /** A filter without what it says of the groups. */
  private ungrouped(filter: string): string {
    const { groups } = this.choices();
    return groups === 'dynamics' ? withChoice(filter, 'group', '') : withoutNumber(filter, groups);
  }

  private range(ranges: readonly (readonly [ShownNumber, Bounds])[]): void {
    this.rewrite((filter) => withRanges(filter, ranges));
  }

  private rewrite(change: (filter: string) => string): void {
    if (this.query) this.actions.filter(change(this.query.filter));
  }
}

function isSame(one: ScatterAxes, other: ScatterAxes): boolean {
  return one.x === other.x && one.y === other.y && one.shade === other.shade;
}
