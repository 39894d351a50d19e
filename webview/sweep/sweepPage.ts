import { errorMessage } from '../../src/base/pure/marginError';
import { Channel, type Port } from '../../src/protocol/channel';
import type { SweepDetail, SweepHost, SweepView } from '../../src/protocol/sweep';
import { button } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { isInside, type Brush } from './brushes';
import { ParallelPlot } from './parallelPlot';
import { strings } from './strings';
import { TrialTable } from './trialTable';

/** The tab of a sweep: its result in words, the trials across parallel axes, and a table of them. */
export class SweepPage {
  private readonly channel: Channel<SweepView, SweepHost>;
  private readonly bar = h('div', { class: 'bar' });
  private readonly result = h('div', { class: 'result', role: 'status' });
  private readonly count = h('p', { class: 'count muted', role: 'status' });
  private readonly plot: ParallelPlot;
  private readonly table: TrialTable;
  private detail: SweepDetail | null = null;
  private brushes: readonly (Brush | null)[] = [];
  private selected: number | null = null;
  private drawnBar = '';

  constructor(port: Port) {
    this.channel = new Channel(port, {});
    this.channel.on('changed', (detail) => this.take(detail));
    const open = (trial: number): void => this.open(trial);
    const select = (trial: number): void => this.select(trial);
    this.plot = new ParallelPlot({ brush: (axis, brush) => this.brush(axis, brush), select, open });
    this.table = new TrialTable({ select, open });
    replace(document.body, this.bar, this.result, this.plot.element, this.count, this.table.element);
    document.addEventListener('visibilitychange', () => document.hidden || this.run(this.start()));
    this.run(this.start());
  }

  private async start(): Promise<void> {
    this.take(await this.channel.request('hello', null));
  }

  private take(detail: SweepDetail): void {
    if (detail.axes.length !== this.brushes.length) this.brushes = detail.axes.map(() => null);
    this.detail = detail;
    const text = detail.sentences.join('\n');
    if (this.result.textContent !== detail.sentences.join(''))
      replace(this.result, ...text.split('\n').map((sentence) => h('p', {}, sentence)));
    this.draw();
  }

  private draw(): void {
    const { detail, brushes, selected } = this;
    if (detail === null) return;
    const rows = detail.rows.filter((row) => isInside(row, brushes));
    this.drawBar(detail);
    this.plot.show(detail, brushes, selected);
    this.table.show(detail, rows, selected);
    const shown = strings.shown(rows.length, detail.rows.length);
    if (this.count.textContent !== shown) this.count.textContent = shown;
  }

  /** Redraws the buttons only when they change, because a person may be pressing one. */
  private drawBar(detail: SweepDetail): void {
    const { name, rows, minutes, budget, isRunning, isOver } = detail;
    const over = rows.filter(({ state }) => state !== 'waiting' && state !== 'running').length;
    const facts = `${strings.over(over, rows.length)} · ${strings.minutes(minutes, budget)}`;
    const isBrushed = this.brushes.some((brush) => brush !== null);
    const look = JSON.stringify([name, isRunning, isOver, isBrushed]);
    if (look !== this.drawnBar) {
      this.drawnBar = look;
      replace(
        this.bar,
        h('b', { class: 'clip' }, strings.name(name)),
        h('span', { class: 'facts muted num' }),
        h('span', { class: 'grow' }),
        isBrushed ? button({ label: strings.clear, icon: 'clear-all', onClick: () => this.clear() }) : null,
        isRunning
          ? button({ label: strings.stop, icon: 'debug-stop', title: strings.stopTitle, onClick: () => this.stop() })
          : isOver
            ? null
            : button({ label: strings.resume, icon: 'debug-continue', primary: true, onClick: () => this.resume() }),
      );
    }
    const shown = this.bar.querySelector('.facts');
    if (shown) shown.textContent = facts;
  }

  private brush(axis: number, brush: Brush | null): void {
    this.brushes = this.brushes.map((one, i) => (i === axis ? brush : one));
    this.draw();
  }

  private clear(): void {
    this.brushes = this.brushes.map(() => null);
    this.draw();
  }

  private select(trial: number): void {
    if (trial === this.selected) return;
    this.selected = trial;
    this.draw();
  }

  private open(trial: number): void {
    const run = this.detail?.rows.find((row) => row.trial === trial)?.run;
    if (run !== undefined && run !== null) this.run(this.channel.request('openRun', { run }));
  }

  private stop(): void {
    this.count.textContent = strings.stopping;
    this.run(this.channel.request('stop', null));
  }

  private resume(): void {
    this.run(this.channel.request('resume', null));
  }

  private run(promise: Promise<unknown>): void {
    promise.catch((error: unknown) => (this.count.textContent = errorMessage(error)));
  }
}
