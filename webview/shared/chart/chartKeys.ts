import type { ChartGroup } from './group';
import { indexAt, type Line } from './lines';
import type { Range } from './series';

/** Points that Page Up and Page Down go, as a share of the shown ones. */
const page = 0.1;
/** The share of the range that one key press zooms to. */
const zoomed = 0.5;

/**
 * The keys of a chart: arrows, Page Up, Page Down, Home and End move the crosshair over the points; `+` and `-` zoom in
 * and out around it, with Shift the arrows move the range, Backspace goes back, and 0 shows everything.
 *
 * @returns whether the key was one of them
 */
export function chartKey(
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
  group: ChartGroup,
  lines: readonly Line[],
): boolean {
  const { range, extent } = group;
  if (range === null || extent === null) return false;
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowRight': {
      const step = key === 'ArrowRight' ? 1 : -1;
      if (shiftKey) group.panTo(shifted(range, extent, step * page));
      else move(group, lines, range, (index) => index + step);
      return true;
    }
    case 'PageUp':
    case 'PageDown': {
      const [from, to] = shownPoints(longest(lines), range);
      const step = Math.max(1, Math.round(page * (to - from))) * (key === 'PageDown' ? 1 : -1);
      move(group, lines, range, (index) => index + step);
      return true;
    }
    case 'Home':
    case 'End':
      move(group, lines, range, () => (key === 'Home' ? 0 : Infinity));
      return true;
    case '+':
    case '=':
      group.zoomTo(around(group.point, range, zoomed));
      return true;
    case '-':
      zoomOut(group, range, extent);
      return true;
    case 'Backspace':
      group.zoomBack();
      return true;
    case '0':
      group.zoomOut();
      return true;
    default:
      return false;
  }
}

function zoomOut(group: ChartGroup, range: Range, extent: Range): void {
  if (group.zoom === null) return;
  const wider = around(group.point, range, 1 / zoomed);
  if (wider[0] <= extent[0] && wider[1] >= extent[1]) return group.zoomOut();
  group.zoomTo([Math.max(extent[0], wider[0]), Math.min(extent[1], wider[1])]);
}

/** The range made so many times as wide around the crosshair, or around its middle. */
function around(point: number | null, [low, high]: Range, factor: number): Range {
  const centre = point !== null && point >= low && point <= high ? point : (low + high) / 2;
  return [centre - factor * (centre - low), centre + factor * (high - centre)];
}

/** The range moved by a share of its width, but not beyond the points. */
function shifted([low, high]: Range, extent: Range, share: number): Range {
  const step = Math.min(extent[1] - high, Math.max(extent[0] - low, share * (high - low)));
  return [low + step, high + step];
}

/** Moves the crosshair over the points of the longest line; the shown range follows it. */
function move(group: ChartGroup, lines: readonly Line[], range: Range, to: (index: number) => number): void {
  const { x } = longest(lines);
  if (x.length === 0) return;
  const { point } = group;
  // Without a crosshair the first key puts it on the last shown point.
  const at = point === null ? indexAt(x, range[1]) : to(indexAt(x, point));
  const next = x[Math.min(x.length - 1, Math.max(0, at))];
  if (next === undefined) return;
  const [low, high] = range;
  if (next < low) group.panTo([next, next + high - low]);
  if (next > high) group.panTo([next - high + low, next]);
  group.pointAt(next);
}

function longest(lines: readonly Line[]): Pick<Line, 'x'> {
  return lines.reduce<Pick<Line, 'x'>>((a, b) => (b.x.length > a.x.length ? b : a), { x: new Float64Array(0) });
}

function shownPoints({ x }: Pick<Line, 'x'>, [low, high]: Range): readonly [number, number] {
  return [indexAt(x, low), indexAt(x, high)];
}
