import type { RoundAction, RoundState } from '../../src/protocol/round';
import { h, replace } from '../shared/dom';
import { strings } from './strings';

/** The bar at the bottom: each decision with its key, and how far the person is. */
export class KeyBar {
  readonly element = h('div', { class: 'bar keys', role: 'toolbar', aria: { label: strings.keys } });
  private drawn = '';

  constructor(private readonly act: (action: RoundAction) => void) {}

  draw({ queue, choice, seed, isTrusted }: RoundState): void {
    const { prompt, undo } = queue;
    const where = strings.where(queue, choice, seed);
    const count = prompt ? prompt.drafts.length : 0;
    const verdict = prompt ? prompt.verdict : null;
    const wanted = JSON.stringify([count, verdict, undo, where, isTrusted]);
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    const decisions =
      count === 0 || !isTrusted
        ? []
        : [
            ranges(strings.best, strings.all(count)),
            ranges(strings.worst, `⇧ ${strings.all(count)}`),
            this.button('tie', strings.tie, 'T', verdict === 'tie'),
            this.button('allBad', strings.allBad, 'B', verdict === 'all-bad'),
            this.button('edit', strings.edit, 'E'),
            this.button('skip', strings.skip, 'X', verdict === 'skipped'),
            this.button('more', strings.more, 'M'),
          ];
    const back = undo === null || !isTrusted ? null : this.button('undo', strings.undo, 'U');
    if (back && undo !== null) back.title = strings.undoTitle(undo);
    replace(
      this.element,
      ...decisions,
      back,
      h('span', { class: 'grow' }),
      this.button('previous', strings.previousPrompt, 'K'),
      this.button('next', strings.nextPrompt, 'J'),
      h('span', { class: 'muted clip where', title: where }, where),
    );
  }

  private button(action: RoundAction, label: string, key: string, isOn?: boolean): HTMLElement {
    return h(
      'button',
      {
        class: isOn === true ? 'decision on' : 'decision',
        aria: { keyshortcuts: key, ...(isOn === undefined ? {} : { pressed: String(isOn) }) },
        on: { click: () => this.act(action) },
      },
      label,
      h('kbd', {}, key),
    );
  }
}

/** Keys of the drafts, whose buttons are in their heads. */
function ranges(label: string, keys: string): HTMLElement {
  return h('span', { class: 'key-range' }, label.charAt(0).toUpperCase() + label.slice(1), h('kbd', {}, keys));
}
