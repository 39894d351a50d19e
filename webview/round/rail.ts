import { person } from '../../src/pairs/rounds/opinion';
import type { JudgeFigures } from '../../src/pairs/rounds/judgeFigures';
import type { RoundState } from '../../src/protocol/round';
import { h, icon, replace } from '../shared/dom';
import { RoundLine } from './roundLine';
import { stepsOf, type Step } from './steps';
import { strings } from './strings';

/** The rail on the left: how far the round is, the line of rounds, and what is known of the judges. */
export class Rail {
  readonly element: HTMLElement;
  private readonly steps = h('ol', { class: 'steps' });
  private readonly line = new RoundLine();
  private readonly judges = h('ul', { class: 'judges' });
  private drawn = '';

  constructor(private readonly openRun: () => void) {
    const part = (title: string, ...children: readonly HTMLElement[]): HTMLElement =>
      h('section', { aria: { label: title } }, h('h2', {}, title), ...children);
    this.element = h(
      'aside',
      { class: 'rail' },
      part(strings.steps, this.steps),
      part(strings.rounds, this.line.element),
      part(strings.judges, this.judges),
    );
  }

  draw(state: RoundState): void {
    const { steps, queue, line, judges, busy } = state;
    const wanted = JSON.stringify([steps, queue.progress.done, queue.progress.total, queue.leftOut, judges, busy]);
    this.line.draw(line);
    // A redraw would take the focus from the link to the run.
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    replace(this.steps, ...stepsOf(state).map((step) => this.step(step)));
    const items = judges.map(judge);
    replace(this.judges, ...(items.length === 0 ? [h('li', { class: 'muted' }, strings.noJudges)] : items));
  }

  private step({ name, state, detail, isLink }: Step): HTMLElement {
    const glyph = { done: 'check', now: 'circle-filled', open: 'circle-outline' }[state];
    const shown = isLink
      ? h('button', { class: 'link clip', title: detail, on: { click: this.openRun } }, detail)
      : h('span', { class: 'muted' }, detail);
    return h(
      'li',
      { class: `step ${state}` },
      icon(glyph),
      h('span', {}, h('span', { class: 'sr-only' }, `${strings.stepStates[state]}: `), name, ' ', shown),
    );
  }
}

function judge(figures: JudgeFigures): HTMLElement {
  const name = figures.judge === person ? strings.you : figures.judge;
  const title = strings.figuresTitle(figures);
  return h('li', { title }, name, ' ', h('span', { class: 'muted' }, strings.figures(figures).join(' · ')));
}
