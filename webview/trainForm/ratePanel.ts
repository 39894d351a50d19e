import type { RateState, RateStep } from '../../src/protocol/rateTest';
import { Chart } from '../shared/chart/chart';
import { ChartGroup } from '../shared/chart/group';
import { button } from '../shared/controls';
import { h, icon, replace } from '../shared/dom';
import { bringIntoView } from './bringIntoView';
import { rateOptions, rateSeries, rateText } from './rateSeries';
import { strings } from './strings';

/** Pixels of the plot. */
const height = 150;

export interface RateEvents {
  readonly start: () => void;
  readonly cancel: () => void;
  readonly close: () => void;
  /** Writes a rate into the file, as JSON text. */
  readonly use: (rate: string) => void;
}

/** The learning-rate range test: its curve while it runs, and the rates it suggests. */
export class RatePanel {
  private readonly chart = new Chart({ title: strings.rateCurve }, new ChartGroup());
  private readonly text = h('p', { class: 'rate-text', role: 'status' });
  private readonly notes = h('ul', { class: 'help' });
  private readonly actions = h('div', { class: 'value' });
  readonly element = h(
    'section',
    { class: 'preset', aria: { label: strings.rateTest } },
    h('h2', {}, strings.rateTest),
    this.text,
    this.chart.element,
    this.notes,
    this.actions,
  );
  private drawnActions = '';

  constructor(private readonly events: RateEvents) {
    this.element.hidden = true;
    this.element.tabIndex = -1;
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.stopPropagation();
      events.close();
    });
    new ResizeObserver(() => this.draw()).observe(this.element);
    const recolour = new MutationObserver(() => {
      this.chart.forget();
      this.draw();
    });
    recolour.observe(document.documentElement, { attributeFilter: ['style', 'class'] });
    recolour.observe(document.body, { attributeFilter: ['class'] });
  }

  show(state: RateState): void {
    const wasHidden = this.element.hidden;
    this.element.hidden = state.kind === 'none';
    replace(this.text, ...line(state));
    const series = rateSeries(pointsOf(state), { loss: strings.rateLoss, smoothed: strings.rateSmoothed });
    this.chart.show(series, rateOptions(state, strings.rateAcross));
    replace(this.notes, ...(state.kind === 'done' ? state.notes.map((note) => h('li', {}, note)) : []));
    this.notes.hidden = state.kind !== 'done';
    this.showActions(state);
    this.draw();
    if (wasHidden && !this.element.hidden) bringIntoView(this.element);
  }

  /** The buttons stay the same elements while steps come in, so that no click is lost. */
  private showActions(state: RateState): void {
    const rates = state.kind === 'done' ? ratesOf(state) : [];
    const drawn = JSON.stringify([state.kind, rates]);
    if (drawn === this.drawnActions) return;
    this.drawnActions = drawn;
    const { events } = this;
    const use = rates.map((rate, i) =>
      button({ label: strings.useRate(rate), primary: i === 0, onClick: () => events.use(rate) }),
    );
    const running = [button({ label: strings.cancel, onClick: events.cancel })];
    const ended = [
      button({ label: strings.rateAgain, onClick: events.start }),
      button({ label: strings.close, onClick: events.close }),
    ];
    replace(this.actions, ...use, ...(state.kind === 'running' ? running : ended));
  }

  private draw(): void {
    const width = this.chart.element.clientWidth;
    if (width > 0 && !this.element.hidden && !this.chart.element.hidden) this.chart.draw({ width, height });
  }
}

function pointsOf(state: RateState): readonly RateStep[] {
  return state.kind === 'none' || state.kind === 'failed' ? [] : state.points;
}

/** The suggested rate first, then the other one. */
function ratesOf({ suggested, steepest, tenth }: Extract<RateState, { kind: 'done' }>): string[] {
  const found = [suggested, steepest, tenth].filter((rate) => rate !== null);
  return [...new Set(found.map(rateText))];
}

function line(state: RateState): (Node | string)[] {
  switch (state.kind) {
    case 'none':
      return [];
    case 'running': {
      const last = state.points.at(-1);
      const step = last ? strings.rateStep(last.step, rateText(last.rate)) : state.doing;
      return [icon('loading'), ` ${strings.rateRunning(step)}`];
    }
    case 'stopped':
      return [strings.rateStopped];
    case 'failed':
      return [icon('error'), ` ${strings.rateFailed(state.message)}`];
    case 'done':
      return [state.suggested === null ? strings.rateNone : strings.rateFound(rateText(state.suggested))];
  }
}
