import { partingToken, largestSize, heatSteps } from '../../src/pairs/tokenRewards/tokenRewards';
import type { ShownPair } from '../../src/protocol/tokenRewards';
import { Chart } from '../shared/chart/chart';
import { ChartGroup } from '../shared/chart/group';
import { plainOptions } from '../shared/chart/series';
import { h, perFrame, replace } from '../shared/dom';
import { rewarded, type RewardedView, type Side, sides, sumColumns, type TokenPlace } from './answerView';
import { Heat } from './heat';
import { ModelHeats } from './modelHeats';
import { PairDetail } from './pairDetail';
import { pairTables } from './pairTable';
import { strings } from './strings';

const chartHeight = 130;
/** Pixels left and right of the chart. */
const chartSides = 32;
/** The name of the performance measure of drawing a pair. */
const measured = 'margin.tokenRewards.draw';

/** A pair: both answers as heat, the values of one token, the sums as curves, and all of it as a table. */
export class PairBody {
  readonly element = h('div', { class: 'pair-body' });
  private readonly detail = new PairDetail();
  private readonly heats: Readonly<Record<Side, Heat>>;
  private readonly models = new ModelHeats((place) => this.point(place));
  private readonly legend = h('div', { class: 'legend-bar' });
  private readonly heads = { chosen: h('h2', { class: 'chosen' }), rejected: h('h2', { class: 'rejected' }) };
  private readonly answersElement: HTMLElement;
  private readonly chartPlace = h('div', { class: 'sums' });
  private readonly tablePlace = h('div', {});
  private readonly tableButton = h(
    'button',
    {
      class: 'option',
      title: strings.tableTitle,
      aria: { pressed: 'false' },
      on: { click: () => this.flipTable() },
    },
    strings.table,
  );
  private chart: Chart | null = null;
  private group: ChartGroup | null = null;
  private answers: Readonly<Record<Side, RewardedView>> | null = null;
  private isTable = false;
  /**
   * In an animation frame of its own, because it reads the width of its place, and for that the page must lay out all
   * tokens.
   */
  private readonly drawChart = perFrame(() => {
    const width = this.chartPlace.clientWidth - chartSides;
    if (width > 0) this.chart?.draw({ width, height: chartHeight });
  });

  constructor() {
    const heat = (side: Side): Heat => new Heat(side, (index) => this.point({ side, index }));
    this.heats = { chosen: heat('chosen'), rejected: heat('rejected') };
    this.answersElement = h(
      'div',
      { class: 'answers' },
      ...sides.map((side) => h('section', {}, this.heads[side], this.heats[side].element, this.models.elements[side])),
    );
    replace(this.element, this.legend, this.detail.element, this.answersElement, this.chartPlace, this.tablePlace);
    new ResizeObserver(() => this.drawChart()).observe(this.chartPlace);
  }

  /** Draws a pair in one pass. */
  show(pair: ShownPair): void {
    const from = performance.now();
    const answers = { chosen: rewarded(pair, 'chosen'), rejected: rewarded(pair, 'rejected') };
    const scale = largestSize(answers.chosen.rewards, answers.rejected.rewards);
    const parts = pair.label === null ? partingToken(answers.chosen.ids, answers.rejected.ids) : null;
    this.answers = answers;
    this.detail.clear();
    for (const side of sides) {
      this.heats[side].draw(answers[side], { scale, parts });
      this.drawHead(side, answers[side]);
    }
    this.models.show(answers);
    this.drawLegend(scale, parts, pair.label === null);
    this.makeChart(parts);
    this.drawChart();
    this.drawTable();
    performance.measure(measured, { start: from, end: performance.now() });
  }

  /** Moves the focus to a token. */
  reveal({ side, index }: TokenPlace): void {
    this.heats[side].mark(index, true);
  }

  recolour(): void {
    this.chart?.forget();
    this.drawChart();
  }

  private drawHead(side: Side, { reward, tokens, texts, sums }: RewardedView): void {
    const shown = texts.length;
    const count = shown < tokens ? strings.first(shown, tokens, Number(sums.at(-1) ?? 0)) : strings.count(tokens);
    const sum = h('span', { class: 'num' }, strings.sum(reward));
    replace(this.heads[side], strings.names[side], sum, h('span', { class: 'muted' }, count));
  }

  private drawLegend(scale: number, parts: number | null, isPair: boolean): void {
    const steps = Array.from({ length: 2 * heatSteps + 1 }, (_, i) => i - heatSteps);
    const look = (step: number): string => (step === 0 ? '' : `${step > 0 ? 'up' : 'down'} s${Math.abs(step)}`);
    const cells = steps.map((step) => h('i', { class: `tok ${look(step)}` }));
    const [low, high] = strings.legend(scale);
    const scaleElement = h(
      'span',
      { class: 'scale', role: 'img', aria: { label: strings.legendLabel(scale) } },
      h('span', {}, h('span', { class: 'word-of' }, `${strings.punished} `), low),
      ...cells,
      h('span', {}, high, h('span', { class: 'word-of' }, ` ${strings.rewarded}`)),
    );
    const apart = parts === null ? strings.same : strings.parts(parts);
    replace(
      this.legend,
      scale === 0 ? h('span', {}, strings.zero) : scaleElement,
      isPair ? h('span', { class: 'parting' }, apart) : null,
      h('span', { class: 'choices' }, this.models.button, this.tableButton),
    );
  }

  private mark(side: Side, index: number | null): void {
    this.heats[side].mark(index);
    this.models.mark(side, index);
  }

  private flipTable(): void {
    this.isTable = !this.isTable;
    this.tableButton.setAttribute('aria-pressed', String(this.isTable));
    this.drawTable();
  }

  private makeChart(parts: number | null): void {
    this.group = new ChartGroup({ pointed: (tokens) => this.pointInChart(tokens) });
    this.chart = new Chart({ title: strings.cumulative, signed: 3 }, this.group);
    replace(this.chartPlace, this.chart.element);
    if (!this.answers) return;
    const { steps: x, series } = sumColumns(this.answers);
    const line = (side: Side, colour: string) => ({ label: side, x, y: series[side], colour });
    const lines = [
      line('chosen', '--vscode-charts-green'),
      { ...line('rejected', '--vscode-charts-red'), dash: [5, 3] },
    ];
    const marks = parts === null ? [] : [{ x: parts, label: '' }];
    this.chart.show(lines, { ...plainOptions, acrossLabel: strings.across, marks });
  }

  private drawTable(): void {
    replace(this.tablePlace, this.isTable && this.answers ? pairTables(this.answers) : null);
  }

  private point(place: TokenPlace): void {
    if (!this.answers) return;
    this.detail.show(place, this.answers[place.side]);
    for (const side of sides) this.mark(side, side === place.side ? place.index : null);
    this.group?.showPoint(place.index + 1);
  }

  /** Marks the tokens at a point of the curves, which follow that many tokens. */
  private pointInChart(tokens: number | null): void {
    const { answers } = this;
    if (!answers) return;
    const token = tokens === null || tokens === 0 ? null : tokens - 1;
    for (const side of sides) this.mark(side, token);
    const side = sides.find((one) => token !== null && token < answers[one].texts.length);
    if (side && token !== null) this.detail.show({ side, index: token }, answers[side]);
  }
}
