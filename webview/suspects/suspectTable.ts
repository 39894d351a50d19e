import type { SuspectOrder, SuspectRow, SuspectSort, SuspectsState } from '../../src/protocol/suspects';
import { h, icon, replace } from '../shared/dom';
import { signed } from '../shared/format';
import { sortedBy, sortMark } from '../shared/sorting';
import { runLines, sparkline } from './sparkline';
import { strings } from './strings';

const verdictIcons = { clean: 'check', flipped: 'arrow-swap', tie: 'remove' } as const;

/** The head of the list, whose buttons sort it. */
export class TableHead {
  readonly element = h('div', { class: 'suspect-row head muted' });

  constructor(private readonly sort: (order: Pick<SuspectOrder, 'sort' | 'descending'>) => void) {}

  draw(order: SuspectOrder): void {
    const column = (sort: SuspectSort, look: string): HTMLElement => {
      const label = strings.columns[sort] + sortMark(order, sort);
      const on = { click: () => this.sort(sortedBy(order, sort)) };
      const title = strings.sortBy[sort];
      return h('button', { class: `link ${look}`, title, on, aria: { pressed: String(order.sort === sort) } }, label);
    };
    replace(
      this.element,
      column('row', 'num'),
      h('span', {}, strings.prompt),
      h('span', {}, strings.verdict),
      column('probability', 'num'),
      column('margin', 'num middle'),
      column('spread', 'num wide'),
      h('span', { class: 'wide' }, strings.why),
      h('span', { class: 'wider' }, strings.overSteps),
    );
  }
}

/** Draws the cells of a suspect into its row. */
export function drawSuspect(element: HTMLElement, one: SuspectRow, { measurements }: SuspectsState): void {
  const { row, label, verdict, probability, margin, spread, reasons, margins, state } = one;
  const why = reasons.join(' · ');
  element.classList.add('suspect-row', verdict, state);
  element.append(
    h('span', { class: 'num muted' }, String(row + 1)),
    h('span', { class: 'clip', title: label }, label),
    verdictCell(one),
    h('span', { class: 'num' }, probability.toFixed(2)),
    h('span', { class: margin < 0 ? 'num middle bad' : 'num middle' }, signed(margin)),
    h('span', { class: 'num muted wide' }, spread.toFixed(2)),
    h('span', { class: 'clip muted wide', title: why }, why),
    h('span', { class: 'wider' }),
  );
  element.lastElementChild?.append(sparkline(runLines(margins, measurements), verdict));
}

/** What was done about a suspect; else the verdict. */
function verdictCell({ verdict, state }: SuspectRow): HTMLElement {
  const name = strings.verdictNames[verdict];
  const text = state === 'open' ? name : strings.states[state];
  return h('span', { class: 'clip verdict', title: name }, icon(verdictIcons[verdict]), ` ${text}`);
}
