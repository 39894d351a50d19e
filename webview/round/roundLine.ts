import type { Measured, RoundPoint } from '../../src/protocol/round';
import { h, replace } from '../shared/dom';
import { counted } from '../shared/format';
import { strings } from './strings';

/** The rounds as a line: what each has brought, in a table. */
export class RoundLine {
  readonly element = h('div', { class: 'round-line' });
  private drawn = '';

  draw(line: readonly RoundPoint[]): void {
    const wanted = JSON.stringify(line);
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    const isMeasured = line.some(({ heldOut, winRate, guard }) => heldOut ?? winRate ?? guard);
    replace(this.element, isMeasured ? roundTable(line) : h('p', { class: 'muted' }, strings.notMeasured));
  }
}

function roundTable(line: readonly RoundPoint[]): HTMLElement {
  const head = h('tr', {}, ...strings.columns.map((name) => h('th', { class: 'num' }, name)));
  return h('table', {}, h('thead', {}, head), h('tbody', {}, ...line.map(row)));
}

function row({ round, pairs, heldOut, winRate, guard }: RoundPoint): HTMLElement {
  const cell = (text: string, title = ''): HTMLElement => h('td', { class: 'num', title }, text);
  const name = h('th', { class: 'num' }, round === 0 ? strings.base : String(round));
  return h(
    'tr',
    {},
    name,
    cell(pairs === null ? '–' : counted(pairs)),
    share(heldOut, heldOut ? strings.heldOutTitle(heldOut.pairs) : ''),
    share(winRate, winRate ? strings.winTitle(winRate.judge, winRate.games) : ''),
    guard ? cell(strings.share(guard.kept), strings.guardTitle(guard.loss)) : cell('–'),
  );
}

function share(measured: Measured | null, title: string): HTMLElement {
  if (!measured) return h('td', { class: 'num' }, '–');
  const { low, high } = measured;
  const interval = h('span', { class: 'muted' }, ` ${strings.interval(low, high)}`);
  return h('td', { class: 'num', title }, strings.share(measured.share), interval);
}
