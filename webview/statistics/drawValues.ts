import type { Chart } from '../../src/pairs/statistics/chart';
import { counted } from '../shared/format';
import { type Area, type Drawing, fitted, type Shape, widthOf } from './drawing';

const barHeight = 12;
const between = 6;
const gap = 6;
/** Share of the width that labels may take. */
const labelShare = 0.42;

/** Draws a chart of values: a row for each, with a bar and a count for each series. */
export function drawValues({ bars, series }: Chart, width: number): Drawing {
  const highest = Math.max(1, ...bars.flatMap(({ counts }) => counts));
  const left = Math.min(labelShare * width, Math.max(...bars.map(({ label }) => widthOf(label))) + gap);
  const right = widthOf(counted(highest)) + gap;
  const full = Math.max(1, width - left - right - gap);
  const rowHeight = series.length * barHeight + between;
  const shapes: Shape[] = [];
  const areas: Area[] = [];
  for (const [i, { label, counts }] of bars.entries()) {
    const y = i * rowHeight + between / 2;
    const middle = y + (series.length * barHeight) / 2 + 4;
    shapes.push({ kind: 'text', x: 0, y: middle, text: fitted(label, left - gap), anchor: 'start', paint: 'text' });
    for (const [j, count] of counts.entries()) {
      const cell = { bar: i, series: j };
      const size = count === 0 ? 0 : Math.max(1, (full * count) / highest);
      const own = y + j * barHeight;
      const place = { x: left, y: own + 1, width: size, height: barHeight - 2 };
      shapes.push({ kind: 'rect', ...place, paint: j === 0 ? 'first' : 'second', hollow: j > 0, cell });
      const text = counted(count);
      shapes.push({ kind: 'text', x: left + size + gap, y: own + 10, text, anchor: 'start', paint: 'muted' });
      areas.push({ ...cell, x: 0, y: own, width, height: barHeight });
    }
  }
  return { width, height: bars.length * rowHeight, shapes, areas };
}
