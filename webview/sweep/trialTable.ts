import type { SweepDetail, SweepRow } from '../../src/protocol/sweep';
import { h, replace } from '../shared/dom';
import { strings } from './strings';

/** What the table is sorted by: the place of an axis, or a column. */
type SortKey = number | 'trial' | 'value' | 'step' | 'minutes';

export interface TableActions {
  select(trial: number): void;
  open(trial: number): void;
}

/** The trials of a sweep as a table. Arrow keys select a row, Enter opens its run. */
export class TrialTable {
  readonly element = h('div', { class: 'trials' });
  private readonly head = h('thead');
  private readonly body = h('tbody');
  private sort: { readonly key: SortKey; readonly descending: boolean } | null = null;
  private shown: readonly SweepRow[] = [];
  private detail: SweepDetail | null = null;
  private rows: readonly SweepRow[] = [];
  private selected: number | null = null;

  constructor(private readonly actions: TableActions) {
    const table = h('table', { aria: { label: strings.table } }, this.head, this.body);
    this.element.append(table);
    this.body.addEventListener('keydown', (event) => this.key(event));
  }

  /** @param rows those that the brushes let through */
  show(detail: SweepDetail, rows: readonly SweepRow[], selected: number | null): void {
    this.detail = detail;
    this.rows = rows;
    this.selected = selected;
    this.draw();
  }

  private draw(): void {
    const { detail } = this;
    if (detail === null) return;
    const hadFocus = this.body.contains(document.activeElement);
    this.shown = this.sorted();
    this.drawHead(detail);
    const current = this.shown.find(({ trial }) => trial === this.selected) ?? this.shown[0];
    replace(this.body, ...this.shown.map((row) => this.row(detail, row, row === current)));
    if (hadFocus) this.body.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }

  private drawHead(detail: SweepDetail): void {
    const { columns } = strings;
    const column = (key: SortKey, name: string, look = ''): HTMLElement => {
      const mark = this.sort?.key === key ? (this.sort.descending ? ' ▼' : ' ▲') : '';
      const on = { click: () => this.sortBy(key) };
      const button = h('button', { class: 'link', title: strings.sort(name), on }, name + mark);
      return h(
        'th',
        { class: look, aria: { sort: mark === '' ? 'none' : this.sort?.descending ? 'descending' : 'ascending' } },
        button,
      );
    };
    const keys = detail.axes.slice(0, -1).map(({ name }, i) => column(i, name));
    replace(
      this.head,
      h(
        'tr',
        {},
        column('trial', columns.trial, 'num'),
        ...keys,
        column('value', detail.metric, 'num'),
        h('th', { class: 'num' }, columns.interval),
        column('step', columns.step, 'num wide'),
        column('minutes', columns.minutes, 'num wide'),
        h('th', {}, columns.state),
      ),
    );
  }

  private row(detail: SweepDetail, row: SweepRow, isCurrent: boolean): HTMLElement {
    const { trial, values, value, interval, step, minutes, state, rank, error } = row;
    const isShare = interval !== null || detail.metric.startsWith('eval_rewards/accuracies');
    const element = h(
      'tr',
      {
        class: [rank, state, trial === this.selected ? 'selected' : ''].join(' '),
        tabIndex: isCurrent ? 0 : -1,
        aria: { current: String(trial === this.selected) },
        on: { click: (event) => this.click(event, trial) },
      },
      h('td', { class: 'num muted' }, String(trial)),
      ...values.map((text) => h('td', { class: 'clip' }, text)),
      h('td', { class: 'num' }, value === null ? '' : strings.value(value, isShare)),
      h('td', { class: 'num muted' }, interval === null ? '' : strings.interval(interval.low, interval.high)),
      h('td', { class: 'num muted wide' }, step === null ? '' : String(step)),
      h('td', { class: 'num muted wide' }, minutes.toFixed(1)),
      h('td', { title: error ?? strings.ranks[rank] }, stateText(row)),
    );
    element.dataset['trial'] = String(trial);
    return element;
  }

  /** A click redraws the row, so no double click would be told; the count of clicks is. */
  private click(event: Event, trial: number): void {
    if (event instanceof MouseEvent && event.detail > 1) this.actions.open(trial);
    else this.actions.select(trial);
  }

  private sortBy(key: SortKey): void {
    const isSame = this.sort?.key === key;
    this.sort = { key, descending: isSame ? !this.sort?.descending : key === 'value' };
    this.draw();
  }

  private sorted(): readonly SweepRow[] {
    const { sort } = this;
    if (sort === null) return this.rows;
    const of = (row: SweepRow): number | null =>
      typeof sort.key === 'number' ? (row.places[sort.key] ?? null) : row[sort.key];
    const sign = sort.descending ? -1 : 1;
    // Rows without a value come last either way.
    return this.rows.toSorted((a, b) => {
      const [x, y] = [of(a), of(b)];
      return x === null || y === null ? Number(x === null) - Number(y === null) : sign * (x - y);
    });
  }

  private key(event: KeyboardEvent): void {
    const at = this.shown.findIndex(({ trial }) => trial === this.selected);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: Math.max(0, at - 1),
      Home: 0,
      End: this.shown.length - 1,
    };
    const next = moves[event.key];
    if (event.key === 'Enter' && this.selected !== null) this.actions.open(this.selected);
    else if (next === undefined) return;
    event.preventDefault();
    const row = next === undefined ? undefined : this.shown[Math.min(next, this.shown.length - 1)];
    if (row) this.actions.select(row.trial);
  }
}

function stateText({ state, rank }: SweepRow): string {
  const text = strings.states[state];
  return rank === 'best' ? `${text} · ${strings.ranks.best}` : rank === 'close' ? `${text} · ≈` : text;
}
