import type { ChangedRow, PairChanges, TwoRuns } from '../../src/protocol/runComparison';
import type { PairChange } from '../../src/run/compared/types';
import { button } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { counted } from '../shared/format';
import { RowList } from './rowList';
import { strings } from './strings';

const kinds: readonly PairChange[] = ['added', 'removed', 'changed'];

export interface PairsSource {
  readonly changes: (two: TwoRuns) => Promise<PairChanges>;
  readonly rows: (two: TwoRuns, kind: PairChange | null, from: number, count: number) => Promise<readonly ChangedRow[]>;
  readonly open: (row: ChangedRow) => void;
  readonly showInEditor: (two: TwoRuns, kind: PairChange) => void;
  readonly failed: (error: unknown) => void;
}

/** Which pairs changed between two runs. */
export class PairsPane {
  readonly element = h('div', { class: 'list-pane' });
  private readonly bar = h('div', { class: 'bar' });
  private readonly list: RowList<ChangedRow>;
  private kind: PairChange | null = null;
  private drawn = '';

  constructor(private readonly source: PairsSource) {
    this.list = new RowList<ChangedRow>({
      label: strings.changedPairs,
      name: 'changed',
      open: source.open,
      failed: source.failed,
      draw: (element, { change, row, prompt }) => {
        element.classList.add('changed-row');
        const text = prompt ?? strings.gone;
        element.append(
          h('span', { class: lookOf[change] }, strings.changes[change]),
          h('span', { class: 'num muted' }, strings.row(row)),
          h('span', { class: prompt === null ? 'clip muted' : 'clip', title: text, dir: 'auto' }, text),
        );
      },
    });
  }

  /** @returns what changed, in words */
  async show(two: TwoRuns): Promise<string> {
    const changes = await this.source.changes(two);
    const drawn = JSON.stringify([two, changes, this.kind]);
    if (drawn === this.drawn) return '';
    this.drawn = drawn;
    const { reason, same, counts } = changes;
    if (reason !== null) {
      replace(this.element, h('div', { class: 'empty' }, reason));
      return reason;
    }
    const all = kinds.reduce((sum, kind) => sum + counts[kind], 0);
    const said = [strings.same(same), ...kinds.map((kind) => `${counted(counts[kind])} ${strings.changes[kind]}`)].join(
      ', ',
    );
    if (all === 0) {
      replace(this.element, h('div', { class: 'empty' }, `${strings.noChange} ${said}`));
      return strings.noChange;
    }
    this.drawBar(two, changes, all);
    replace(this.element, this.bar, this.list.element, h('div', { class: 'foot muted' }, strings.hint));
    const { kind } = this;
    const count = kind === null ? all : counts[kind];
    this.list.show(count, (from, most) => this.source.rows(two, kind, from, most));
    return said;
  }

  private drawBar(two: TwoRuns, { same, counts }: PairChanges, all: number): void {
    const focused = this.bar.contains(document.activeElement) ? document.activeElement?.id : null;
    const option = (kind: PairChange | null, label: string): HTMLElement =>
      h(
        'button',
        {
          class: 'option',
          id: `kind-${kind ?? 'all'}`,
          aria: { pressed: String(kind === this.kind) },
          on: { click: () => this.choose(two, kind) },
        },
        label,
      );
    const { kind } = this;
    replace(
      this.bar,
      h('span', { class: 'muted' }, strings.same(same)),
      option(null, `${strings.allChanges} ${counted(all)}`),
      ...kinds.map((one) => option(one, `${strings.changes[one]} ${counted(counts[one])}`)),
      h('span', { class: 'grow' }),
      ...kinds
        .filter((one) => (kind === null || one === kind) && counts[one] > 0)
        .map((one) => button({ label: strings.showInEditor(one), onClick: () => this.source.showInEditor(two, one) })),
    );
    if (focused) document.getElementById(focused)?.focus();
  }

  private choose(two: TwoRuns, kind: PairChange | null): void {
    this.kind = kind;
    this.show(two).catch(this.source.failed);
  }
}

const lookOf = { added: 'good', removed: 'bad', changed: 'warn' } satisfies Record<PairChange, string>;
