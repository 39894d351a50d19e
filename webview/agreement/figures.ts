import type { Estimate, PairAgreement } from '../../src/pairs/agreement/agreement';
import type { DimensionAgreement } from '../../src/protocol/agreement';
import { h } from '../shared/dom';
import { chanceScale, intervalBar, type Scale, shareScale } from '../shared/intervalBar';
import { percent, strings } from './strings';

interface Figure {
  readonly name: string;
  readonly estimate: Estimate | null;
  readonly scale: Scale;
}

/** α of all annotators. */
export function alphaTable({ alpha }: DimensionAgreement): HTMLElement {
  return figureTable(strings.all, [
    { name: strings.alpha, estimate: alpha.nominal, scale: chanceScale },
    { name: strings.ordinalAlpha, estimate: alpha.ordinal, scale: chanceScale },
  ]);
}

/** The share of equal labels and κ of two annotators. */
export function pairTable({ annotators, raw, kappa, linear, quadratic }: PairAgreement): HTMLElement {
  return figureTable(strings.pair(...annotators), [
    { name: strings.raw, estimate: raw, scale: shareScale },
    { name: strings.kappa, estimate: kappa, scale: chanceScale },
    { name: strings.linear, estimate: linear, scale: chanceScale },
    { name: strings.quadratic, estimate: quadratic, scale: chanceScale },
  ]);
}

/** A table of figures with their intervals, and a bar for each. */
function figureTable(name: string, figures: readonly Figure[]): HTMLElement {
  const head = [strings.figure, strings.value, strings.interval].map((text, i) =>
    h('th', { class: i === 0 ? '' : 'num' }, text),
  );
  const rows = figures.flatMap(({ name: figure, estimate, scale }) =>
    estimate === null ? [] : [figureRow(figure, estimate, scale)],
  );
  return h(
    'table',
    { class: 'figures', aria: { label: name } },
    h('thead', {}, h('tr', {}, ...head, h('td', {}))),
    h('tbody', {}, ...rows),
  );
}

function figureRow(name: string, { value, interval }: Estimate, scale: Scale): HTMLElement {
  const text = (one: number): string => (scale === shareScale ? percent(one) : figureText(one));
  const within = interval ? `${text(interval[0])} to ${text(interval[1])}` : '';
  const heading = h('th', {}, name);
  heading.setAttribute('scope', 'row');
  return h(
    'tr',
    {},
    heading,
    value === null
      ? h('td', { class: 'muted num' }, strings.notDefined)
      : h('td', { class: 'num' }, h('b', {}, text(value))),
    h('td', { class: 'num muted' }, within),
    h('td', { class: 'bar-cell' }, value === null ? null : intervalBar(value, interval, scale)),
  );
}

/** Two digits with a true minus sign. */
export function figureText(value: number): string {
  const text = Math.abs(value).toFixed(2);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}
