import { isUnknown } from '../../src/pairs/suspects/sentences';
import type { ShownCleaning, SuspectsState } from '../../src/protocol/suspects';
import { h, replace } from '../shared/dom';
import { barTable } from './bars';
import { strings } from './strings';

/** Most groups that are drawn; more do not fit. */
const mostGroups = 6;

/** How noisy the labels are, as a whole and by group, and whether cleaning pays. */
export class Summary {
  readonly element = h('section', { class: 'summary', aria: { label: strings.noise } });
  private drawn = '';

  /** @param cleaning called to find out how to measure whether cleaning pays */
  constructor(private readonly cleaning: () => void) {}

  draw(state: SuspectsState): void {
    const { noise, flipped, ties, unscored, others, cleaning } = state;
    const key = JSON.stringify([noise, flipped, ties, unscored, others, cleaning]);
    if (key === this.drawn) return;
    this.drawn = key;
    replace(this.element, noiseBlock(state), groupsBlock(state), this.cleaningBlock(cleaning));
  }

  private cleaningBlock(cleaning: ShownCleaning | null): HTMLElement {
    const how = h('button', { class: 'link', on: { click: this.cleaning } }, strings.howCleaning);
    if (cleaning === null) return block(strings.cleaning(0), h('p', { class: 'muted' }, strings.notMeasured, ' ', how));
    const bars = cleaning.arms.map(({ name, accuracy: { share, low, high } }) => {
      const label = strings.armLabel(strings.arms[name], share, low, high);
      return { name: strings.arms[name], share, low, high, label, text: (100 * share).toFixed(1) };
    });
    const notes = cleaning.notes.map((note) => h('p', { class: 'muted' }, note));
    const trust = notes.length === 0 ? null : h('details', {}, h('summary', {}, strings.trust), ...notes);
    const seeds = bars.length === 0 ? 0 : cleaning.seeds;
    const table = bars.length === 0 ? null : barTable(bars);
    return block(strings.cleaning(seeds), table, h('p', {}, cleaning.text), trust);
  }
}

function noiseBlock({ noise, flipped, ties, unscored, others }: SuspectsState): HTMLElement {
  const without = unscored + others;
  return block(
    strings.noise,
    h(
      'p',
      { class: 'rate' },
      h('b', {}, strings.share(noise.rate)),
      ' ',
      h('span', { class: 'muted' }, strings.interval(noise.low, noise.high)),
    ),
    h('p', { class: 'muted' }, strings.found(flipped, ties, noise.rows)),
    isUnknown(noise) ? h('p', { class: 'warn' }, strings.unknown) : null,
    without === 0 ? null : h('p', { class: 'muted' }, strings.leftOut(without)),
  );
}

function groupsBlock({ noise: { groups } }: SuspectsState): HTMLElement {
  const columns = [...new Set(groups.map(({ column }) => column))];
  if (groups.length === 0) return block(strings.groups(columns), h('p', { class: 'muted' }, strings.noGroups));
  const shown = groups.toSorted((a, b) => b.rate - a.rate).slice(0, mostGroups);
  const bars = shown.map(({ column, value, rate, low, high, rows }) => {
    const name = columns.length === 1 ? value : `${column} ${value}`;
    const label = strings.groupLabel(name, rate, low, high, rows);
    return { name, share: rate, low, high, label, text: (100 * rate).toFixed(1) };
  });
  return block(strings.groups(columns), barTable(bars));
}

function block(title: string, ...children: (HTMLElement | null)[]): HTMLElement {
  return h('div', { class: 'block' }, h('h2', { class: 'muted' }, title), ...children);
}
