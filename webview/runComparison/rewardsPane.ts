import { at } from '../../src/base/pure/must';
import type { DuelResult } from '../../src/pairs/comparison/comparisonResult';
import type { DuelCell } from '../../src/protocol/modelComparison';
import type {
  MarginRow,
  MarginSide,
  MarginSummary,
  RunComparisonHost,
  TwoRuns,
} from '../../src/protocol/runComparison';
import type { MarginOrder } from '../../src/run/compared/types';
import { fairScale, intervalBar } from '../shared/intervalBar';
import { duelTable } from '../modelComparison/duelTable';
import { button } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { counted } from '../shared/format';
import { sortedBy, type Sorting, sortMark } from '../shared/sorting';
import { RowList } from './rowList';
import { margin, percent, strings } from './strings';

type Requests = RunComparisonHost['requests'];

export interface RewardsSource {
  readonly summary: (query: Requests['margins']['params']) => Promise<MarginSummary>;
  readonly rows: (query: Requests['marginRows']['params']) => Promise<readonly MarginRow[]>;
  readonly open: (row: MarginRow, of: MarginSide) => void;
  readonly showInEditor: (query: Requests['showCell']['params']) => void;
  readonly compareModels: (two: TwoRuns) => void;
  readonly failed: (error: unknown) => void;
}

interface Choice {
  readonly of?: MarginSide;
  readonly cell: DuelCell | null;
}

/** The rewards of two runs pair by pair, the largest change first: of held-out pairs, or of those both trained on. */
export class RewardsPane {
  readonly element = h('div', { class: 'list-pane' });
  private readonly bar = h('div', { class: 'bar' });
  private readonly columns = h('div', { class: 'margin-row margin-head', role: 'group' });
  private readonly list: RowList<MarginRow>;
  private sorting: Sorting<MarginOrder> = { sort: 'difference', descending: true };
  /** Null: nobody has chosen yet, so held-out pairs come first where both runs have their rewards. */
  private wanted: MarginSide | null = null;
  private shown: MarginSide = 'trained';
  /** The cell whose pairs are listed; null: all. */
  private cell: DuelCell | null = null;
  private drawn = '';

  constructor(private readonly source: RewardsSource) {
    this.list = new RowList<MarginRow>({
      label: strings.rewardPairs,
      name: 'margin',
      failed: source.failed,
      open: (row) => source.open(row, this.shown),
      draw: (element, row) => drawRow(element, row),
    });
  }

  /** @returns what McNemar's test says */
  async show(two: TwoRuns): Promise<string> {
    const summary = await this.source.summary({ ...two, of: this.wanted });
    const drawn = JSON.stringify([two, summary, this.sorting, this.cell]);
    if (drawn === this.drawn) return '';
    this.drawn = drawn;
    this.shown = summary.of;
    const { reason, duel } = summary;
    this.drawBar(two, summary);
    if (reason !== null || duel === null) {
      replace(this.element, this.bar, h('div', { class: 'empty' }, reason));
      return reason ?? '';
    }
    this.drawColumns(two, summary);
    const cells = duelTable(duel, this.cell ?? 'flips', (cell) =>
      this.change(two, { cell: cell === this.cell ? null : cell }),
    );
    const focused = this.element.contains(document.activeElement) ? document.activeElement?.ariaLabel : null;
    replace(
      this.element,
      this.bar,
      h('div', { class: 'reward-summary' }, scoreTable(summary), h('p', { class: 'sentence' }, duel.text), cells),
      this.columns,
      this.list.element,
      h('div', { class: 'foot muted' }, strings.hint),
    );
    if (focused) [...cells.querySelectorAll('button')].find(({ ariaLabel }) => ariaLabel === focused)?.focus();
    const query = { ...two, ...this.sorting, of: summary.of, cell: this.cell };
    const count = this.cell === null ? summary.pairs : countOf(duel, this.cell);
    this.list.show(count, (from, most) => this.source.rows({ ...query, from, count: most }));
    return duel.text;
  }

  private drawBar(two: TwoRuns, { of, reason, pairs, leftOut, duel }: MarginSummary): void {
    const focused = this.bar.contains(document.activeElement) ? document.activeElement?.id : null;
    const option = (side: MarginSide): HTMLElement =>
      h(
        'button',
        {
          class: 'option',
          id: `of-${side}`,
          aria: { pressed: String(side === of) },
          on: { click: () => this.change(two, { of: side, cell: null }) },
        },
        strings.sides[side],
      );
    const { cell } = this;
    const isShown = duel !== null && cell !== null && countOf(duel, cell) > 0;
    const models = {
      label: strings.compareModels,
      title: strings.compareModelsTitle,
      onClick: () => this.source.compareModels(two),
    };
    replace(
      this.bar,
      option('held-out'),
      option('trained'),
      h('span', { class: 'muted' }, reason === null ? strings.onPairs(of, pairs, leftOut) : ''),
      h('span', { class: 'grow' }),
      isShown
        ? button({ label: strings.inEditor, onClick: () => this.source.showInEditor({ ...two, of, cell }) })
        : null,
      button(models),
    );
    if (focused) document.getElementById(focused)?.focus();
  }

  private change(two: TwoRuns, { of, cell }: Choice): void {
    this.wanted = of ?? this.wanted;
    this.cell = cell;
    this.show(two).catch(this.source.failed);
  }

  private drawColumns(two: TwoRuns, { scores }: MarginSummary): void {
    const names = strings.orders(at(scores, 0).name, at(scores, 1).name);
    const focused = this.columns.contains(document.activeElement) ? document.activeElement?.id : null;
    const column = (sort: MarginOrder): HTMLElement =>
      h(
        'button',
        {
          class: `option num clip ${sort === this.sorting.sort ? 'sorted' : ''}`,
          id: `order-${sort}`,
          title: names[sort],
          aria: { pressed: String(sort === this.sorting.sort) },
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

const countOf = (duel: DuelResult, cell: DuelCell): number =>
  cell === 'flips' ? duel.only_first + duel.only_second : duel[cell];

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
