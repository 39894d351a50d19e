import type uPlot from 'uplot';
import { h, replace } from '../dom';
import { lineColour } from './lineColour';
import { type Line, pointAt } from './lines';
import type { Range } from './series';

/** The line at the crosshair, and a dot on each line of the chart. */
export class Crosshair {
  private readonly line = h('i', { class: 'crosshair' });
  private over: HTMLElement | null = null;

  attach(plot: uPlot): void {
    this.over = plot.over;
  }

  show(plot: uPlot, lines: readonly Line[], x: number | null, [low, high]: Range): void {
    const { over } = this;
    if (!over) return;
    const isShown = x !== null && x >= low && x <= high;
    if (!isShown) {
      this.line.remove();
      return;
    }
    this.line.style.left = `${plot.valToPos(x, 'x')}px`;
    const dots = lines.flatMap(({ x: column, bold, series }) => {
      const index = pointAt({ x: column }, x);
      const [at, value] = [column[index ?? -1], bold.values[index ?? -1]];
      if (at === undefined || value === undefined || at < low) return [];
      const top = plot.valToPos(value, 'y');
      if (!(top >= 0 && top <= plot.over.clientHeight)) return [];
      const dot = h('i', { class: 'dot' });
      dot.style.cssText = `left:${plot.valToPos(at, 'x') - plot.valToPos(x, 'x')}px;top:${top}px;background:${lineColour(series.colour)}`;
      return [dot];
    });
    replace(this.line, ...dots);
    if (this.line.parentElement !== over) over.append(this.line);
  }
}
