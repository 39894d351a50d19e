import { at } from '../../src/base/pure/must';
import type { MarginRow, MarginSummary, RunComparisonHost, TwoRuns } from '../../src/protocol/runComparison';
import type { MarginOrder } from '../../src/run/compared/types';
import { fairScale, intervalBar } from '../agreement/intervalBar';
import { button } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { counted } from '../shared/format';
import { sortedBy, type Sorting, sortMark } from '../shared/sorting';
import { RowList } from './rowList';
import { margin, percent, strings } from './strings';

type Query = RunComparisonHost['requests']['marginRows']['params'];

export interface RewardsSource {
  readonly summary: (two: TwoRuns) => Promise<MarginSummary>;
  readonly rows: (query: Query) => Promise<readonly MarginRow[]>;
  readonly open: (row: MarginRow) => void;
  readonly compareModels: (two: TwoRuns) => void;
  readonly failed: (error: unknown) => void;
}

/** The rewards of two runs pair by pair, the largest change first. */
export class RewardsPane {
  readonly element = h('div', { class: 'list-pane' });
  private readonly columns = h('div', { class: 'margin-row margin-head', role: 'group' });
  private readonly list: RowList<MarginRow>;
  private sorting: Sorting<MarginOrder> = { sort: 'difference', descending: true };
  private drawn = '';

  constructor(private readonly source: RewardsSource) {
    this.list = new RowList<MarginRow>({
      ...{ label: strings.rewardPairs, name: 'margin', open: source.open, failed: source.failed },
      draw: (element, row) => drawRow(element, row),
    });
  }

  /** @returns what McNemar's test says */
  async show(two: TwoRuns): Promise<string> {
    const summary = await this.source.summary(two);
    const drawn = JSON.stringify([two, summary, this.sorting]);
    if (drawn === this.drawn) return '';
    this.drawn = drawn;
    const { reason, text } = summary;
    if (reason !== null) {
      replace(this.element, h('div', { class: 'empty' }, reason));
      return reason;
    }
    this.drawColumns(two, summary);
    const models = {
      label: strings.compareModels,
      title: strings.compareModelsTitle,
      onClick: () => this.source.compareModels(two),
    };
    const about = h('span', { class: 'muted' }, strings.onPairs(summary.pairs, summary.leftOut));
    replace(
      this.element,
      h('div', { class: 'bar' }, about, h('span', { class: 'grow' }), button(models)),
      h('div', { class: 'reward-summary' }, scoreTable(summary), h('p', { class: 'sentence' }, text)),
      this.columns,
      this.list.element,
      h('div', { class: 'foot muted' }, strings.hint),
    );
    const query = { ...two, ...this.sorting };
    this.list.show(summary.pairs, (from, count) => this.source.rows({ ...query, from, count }));
    return text;
  }

  private drawColumns(two: TwoRuns, { scores }: MarginSummary): void {
    const names = strings.orders(at(scores, 0).name, at(scores, 1).name);
    const focused = this.columns.contains(document.activeElement) ? document.activeElement?.id : null;
    const column = (sort: MarginOrder): HTMLElement =>
      h(
        'button',
        {
          class: `option num clip ${sort === this.sorting.sort ? 'sorted' : ''}`,
          ...{ id: `order-${sort}`, title: names[sort], aria: { pressed: String(sort === this.sorting.sort) } },
          on: { click: () => this.sort(two, sort) },
        },
        `${names[sort]}${sortMark(this.sorting, sort)}`,
      );
    const prompt = h('span', { class: 'muted' }, strings.prompt);
    replace(this.columns, column('line'), prompt, column('first'), column('second'), column('difference'));
    if (focused) document.getElementById(focused)?.focus();
  }

  private sort(two: TwoRuns, sort: MarginOrder): void {
    this.sorting = sortedBy(this.sorting, sort);
    this.show(two).catch(this.source.failed);
  }
}

function drawRow(element: HTMLElement, { line, prompt, first, second }: MarginRow): void {
  element.classList.add('margin-row');
  const text = prompt ?? strings.gone;
  const value = (one: number): HTMLElement => h('span', { class: one > 0 ? 'num good' : 'num bad' }, margin(one));
  element.append(
    h('span', { class: 'num muted' }, counted(line)),
    h('span', { class: prompt === null ? 'clip muted' : 'clip', title: text, dir: 'auto' }, text),
    value(first),
    value(second),
    h('span', { class: 'num' }, margin(second - first)),
  );
}

function scoreTable({ scores }: MarginSummary): HTMLElement {
  const [run, ...numbers] = strings.rewardColumns;
  const header = (label: string, look: string): HTMLElement => {
    const cell = h('th', { class: look }, label);
    cell.setAttribute('scope', 'col');
    return cell;
  };
  const rows = scores.map(({ name, step, accuracy, low, high, meanMargin }) => {
    const head = h('th', { class: 'clip', title: name }, name);
    head.setAttribute('scope', 'row');
    const texts = [counted(step), percent(accuracy), `${percent(low)} – ${percent(high)}`, margin(meanMargin)];
    const bar = h('td', { class: 'bar-cell' }, intervalBar(accuracy, [low, high], fairScale));
    return h('tr', {}, head, ...texts.map((text) => h('td', { class: 'num' }, text)), bar);
  });
  return h(
    'table',
    { class: 'figures', aria: { label: strings.rewardsTable } },
    h('thead', {}, h('tr', {}, header(run, ''), ...numbers.map((label) => header(label, 'num')), h('td', {}))),
    h('tbody', {}, ...rows),
  );
}
