import type { Overview } from '../../src/protocol/pairEditor';
import { button, dropdown, textField } from '../shared/controls';
import { h, icon, replace } from '../shared/dom';
import { counted } from '../shared/format';
import { strings } from './strings';

/** Pause in typing after which the host searches. */
const settleMs = 200;

export interface ToolbarOptions {
  readonly filter: (text: string) => void;
  readonly rewards: (id: string) => void;
  readonly diff: () => void;
  /** Called when a key in the filter leads back to the list. */
  readonly leave: () => void;
}

/** The bar at the top: filter, counts, problems, choice of rewards, word diff. */
export class Toolbar {
  readonly element: HTMLElement;
  private readonly field: HTMLElement & { value: string };
  private readonly counts = h('span', { class: 'counts' });
  private readonly rewards = h('span', { class: 'rewards' });
  private readonly diff: HTMLElement;
  private drawnRewards = '';
  private timer = 0;

  constructor(private readonly options: ToolbarOptions) {
    this.field = textField(strings.filter, (text) => this.soon(text));
    this.field.prepend(searchIcon());
    this.field.addEventListener('keydown', (event) => this.key(event));
    this.diff = button({ label: strings.diff, icon: 'diff', title: strings.diffTitle, onClick: options.diff });
    this.element = h(
      'div',
      { class: 'bar' },
      this.field,
      this.counts,
      h('span', { class: 'grow' }),
      this.rewards,
      this.diff,
    );
  }

  focusFilter(): void {
    this.field.focus();
  }

  setFilter(text: string): void {
    clearTimeout(this.timer);
    this.field.value = text;
  }

  setDiff(on: boolean): void {
    this.diff.setAttribute('aria-pressed', String(on));
    this.diff.classList.toggle('on', on);
  }

  searching(): void {
    replace(this.counts, h('span', { class: 'muted' }, strings.searching));
  }

  draw(overview: Overview): void {
    const { shown, rows, problemRows, indexing } = overview;
    const count = h('b', { class: 'num' }, counted(shown));
    const rest = shown === rows ? strings.rows(rows) : strings.of(counted(rows));
    const title = strings.problems(counted(problemRows));
    const flaws = h(
      'button',
      { class: 'link warn num', title, aria: { label: title }, on: { click: () => this.apply('problem') } },
      icon('warning'),
      ` ${counted(problemRows)}`,
    );
    const all = h('button', { class: 'link', on: { click: () => this.apply('') } }, strings.allRows);
    replace(
      this.counts,
      h('span', {}, count, h('span', { class: 'muted' }, ` ${rest}`)),
      problemRows > 0 ? flaws : null,
      this.field.value === '' ? null : all,
      indexing ? h('span', { class: 'muted' }, strings.reading) : null,
    );
    this.drawRewards(overview);
  }

  /** Draws only when the choices change, because a redraw closes an open drop-down. */
  private drawRewards({ rewards, rewardChoices }: Overview): void {
    const wanted = JSON.stringify([rewards, rewardChoices]);
    if (wanted === this.drawnRewards) return;
    this.drawnRewards = wanted;
    replace(
      this.rewards,
      ...(rewards
        ? [
            h('span', { class: 'muted' }, strings.rewards),
            dropdown(strings.rewards, rewardChoices, rewards.id, this.options.rewards),
          ]
        : []),
    );
  }

  private apply(filter: string): void {
    this.setFilter(filter);
    this.options.filter(filter);
  }

  private soon(text: string): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.options.filter(text), settleMs);
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Escape' && this.field.value !== '') this.apply('');
    else if (event.key === 'Enter') this.apply(this.field.value);
    if (event.key === 'Enter' || event.key === 'Escape' || event.key === 'ArrowDown') {
      event.preventDefault();
      this.options.leave();
    }
    // Letters and undo belong to the field, F1 and other function keys to the workbench.
    const command = event.ctrlKey || event.metaKey;
    if (command ? /^[zy]$/i.test(event.key) : !/^F\d/.test(event.key)) event.stopPropagation();
  }
}

function searchIcon(): HTMLElement {
  const element = icon('search');
  element.slot = 'start';
  return element;
}
