import { type ShownVerdicts, shownVerdicts, type SuspectsState } from '../../src/protocol/suspects';
import { button, dropdown } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { strings } from './strings';

export interface HeaderOptions {
  readonly show: (verdicts: ShownVerdicts) => void;
  readonly weigh: (to: 'out' | 'asked') => void;
  readonly undo: () => void;
  readonly search: () => void;
  readonly review: () => void;
}

/** What was searched by, which suspects the list shows, and what can be done about all of these. */
export class Header {
  readonly element = h('header', { class: 'bar' });
  private drawn = '';

  constructor(private readonly options: HeaderOptions) {}

  draw(state: SuspectsState): void {
    const { name, measurements, stale, isReadOnly, order, undo, flipped, ties } = state;
    const wanted = JSON.stringify([name, measurements.length, stale, isReadOnly, order.verdicts, undo, flipped, ties]);
    // A redraw would take the focus, or end a click.
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    const runs = new Set(measurements.map(({ run }) => run)).size;
    const { verdicts } = order;
    const count = verdicts === 'flipped' ? flipped : verdicts === 'tie' ? ties : flipped + ties;
    const choices = shownVerdicts.map((id) => ({ id, label: strings.verdicts[id] }));
    const isVerdict = (id: string): id is ShownVerdicts => shownVerdicts.some((one) => one === id);
    const hasSome = count > 0;
    replace(
      this.element,
      h('b', {}, strings.title),
      h('span', { class: 'muted clip' }, `${name} · ${strings.basis(runs, measurements.length)}`),
      stale === null ? null : h('span', { class: 'warn' }, stale),
      h('span', { class: 'grow' }),
      undo === null
        ? null
        : button({ label: strings.undo, icon: 'discard', title: strings.undoTitle(undo), onClick: this.options.undo }),
      dropdown(strings.show, choices, verdicts, (id) => isVerdict(id) && this.options.show(id)),
      button({ label: strings.searchAgain, icon: 'search', onClick: this.options.search }),
      ...(isReadOnly || !hasSome ? [] : this.bulk()),
      hasSome ? button({ label: strings.review(count), primary: true, onClick: this.options.review }) : null,
    );
  }

  private bulk(): HTMLElement[] {
    const { weigh } = this.options;
    return [
      button({
        label: strings.leaveOut,
        icon: 'circle-slash',
        title: strings.leaveOutTitle,
        onClick: () => weigh('out'),
      }),
      button({ label: strings.weigh, icon: 'arrow-down', title: strings.weighTitle, onClick: () => weigh('asked') }),
    ];
  }
}
