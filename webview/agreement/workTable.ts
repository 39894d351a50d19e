import type { ReviewerWork } from '../../src/pairs/agreement/reviewerWork';
import { h } from '../shared/dom';
import { counted } from '../shared/format';
import { intervalBar, fairScale } from '../shared/intervalBar';
import { percent, strings } from './strings';

/** How each reviewer works: verdicts, pace, and how often the answer shown first was preferred. */
export function workTable(work: readonly ReviewerWork[]): HTMLElement {
  const head = h(
    'tr',
    {},
    h('th', {}, strings.reviewer),
    h('th', { class: 'num' }, strings.verdicts),
    h('th', { class: 'num' }, strings.pace),
    h('th', { class: 'num', title: strings.firstHelp }, strings.first),
    h('td', {}),
    h('td', {}),
  );
  return h(
    'table',
    { class: 'figures', aria: { label: strings.work } },
    h('thead', {}, head),
    h('tbody', {}, ...work.map(workRow)),
  );
}

function workRow(one: ReviewerWork): HTMLElement {
  const { annotator, verdicts, pace, bias } = one;
  const name = h('th', { class: 'clip', title: annotator }, annotator);
  name.setAttribute('scope', 'row');
  const first = bias
    ? `${percent(bias.share)} of ${counted(bias.verdicts)} (${percent(bias.low)} to ${percent(bias.high)})`
    : strings.noBlind;
  return h(
    'tr',
    {},
    name,
    h('td', { class: 'num' }, counted(verdicts)),
    h('td', { class: 'num' }, pace === null ? '–' : pace.toFixed(1)),
    h('td', { class: bias ? 'num' : 'num muted' }, first),
    h('td', { class: 'bar-cell' }, bias && intervalBar(bias.share, [bias.low, bias.high], fairScale)),
    h('td', { class: bias && (bias.low > 0.5 || bias.high < 0.5) ? 'warn' : 'muted' }, strings.bias(one)),
  );
}
