import { at } from '../../src/base/pure/must';
import type { Chart } from '../../src/pairs/statistics/chart';
import { counted } from '../shared/format';
import { type Area, type Drawing, type Shape, widthOf } from './drawing';

const height = 150;
const top = 8;
const bottom = 20;
const gap = 4;
/** Least share of the height of a bar that is not empty. */
const least = 2;

/** Draws a chart of numbers: a bar for each range, side by side for each series. */
export function drawNumbers({ bars, series }: Chart, width: number): Drawing {
  const highest = Math.max(1, ...bars.flatMap(({ counts }) => counts));
  const left = widthOf(counted(highest)) + gap;
  const [plotWidth, plotHeight] = [width - left, height - top - bottom];
  const slot = plotWidth / bars.length;
  const inner = Math.max(1, slot - (slot > 8 ? 2 : 1));
  const shapes: Shape[] = [
    ...[0, 0.5, 1].map((share) => line(left, top + plotHeight * (1 - share), plotWidth)),
    tick(counted(highest), left - gap, top + 4),
    tick('0', left - gap, top + plotHeight + 3),
  ];
  const areas: Area[] = [];
  for (const [i, { counts }] of bars.entries()) {
    const own = inner / series.length;
    for (const [j, count] of counts.entries()) {
      const cell = { bar: i, series: j };
      const x = left + i * slot + j * own;
      const size = count === 0 ? 0 : Math.max(least, (plotHeight * count) / highest);
      const place = {
        x,
        y: top + plotHeight - size,
        width: Math.max(1, own - (series.length > 1 ? 0.5 : 0)),
        height: size,
      };
      shapes.push({ kind: 'rect', ...place, paint: j === 0 ? 'first' : 'second', hollow: j > 0, cell });
      areas.push({
        ...cell,
        x: left + i * slot + (j * slot) / series.length,
        y: top,
        width: slot / series.length,
        height: plotHeight,
      });
    }
  }
  return { width, height, shapes: [...shapes, ...labels(bars, left, slot)], areas };
}

function line(x: number, y: number, width: number): Shape {
  return { kind: 'rect', x, y, width, height: 1, paint: 'grid', hollow: false, cell: null };
}

function tick(text: string, x: number, y: number): Shape {
  return { kind: 'text', x, y, text, anchor: 'end', paint: 'muted' };
}

/** The starts of as many bars as fit. */
function labels(bars: Chart['bars'], left: number, slot: number): Shape[] {
  const texts = bars.map(({ from, to, label }) =>
    from === null ? `<${counted(to ?? 0)}` : from === to ? label : counted(from),
  );
  const widest = Math.max(...texts.map(widthOf)) + 10;
  const step = Math.max(1, Math.ceil(widest / slot));
  return texts.flatMap((text, i): Shape[] => {
    const { from, to } = at(bars, i);
    if (i % step !== 0) return [];
    // The label of a range is at its start.
    const x = left + (i + (from === to || from === null ? 0.5 : 0)) * slot;
    const anchor = i === 0 && from !== to ? 'start' : 'middle';
    return [{ kind: 'text', x, y: height - 6, text, anchor, paint: 'muted' }];
  });
}
