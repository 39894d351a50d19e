import { describe, expect, it } from 'vitest';
import { Brush } from '../../../../webview/runPanel/pairs/brush';
import {
  areaOf,
  fromX,
  fromY,
  niceTicks,
  padded,
  type Plane,
  toX,
  toY,
} from '../../../../webview/runPanel/pairs/plane';
import {
  cellBox,
  type Colours,
  paintCloud,
  paintMarks,
  type Pen,
} from '../../../../webview/runPanel/pairs/scatterPaint';
import { nearestPoint, nextCell, PointSteps } from '../../../../webview/runPanel/pairs/scatterSteps';

const plane: Plane = { x: { low: -50, high: 150 }, y: { low: -2, high: 2 }, width: 448, height: 224 };
const points = { x: Float64Array.of(-40, 0, 100, Number.NaN), y: Float64Array.of(1, -1, 0.5, 1) };
const colours: Colours = {
  point: 'blue',
  bad: 'red',
  high: 'yellow',
  axis: 'grey',
  text: 'grey',
  mark: 'white',
  background: 'black',
  font: 'sans',
};

/** A pen that notes the names of its calls, and the filling of each `fill`. */
function notingPen(): { pen: Pen; calls: string[]; fills: string[] } {
  const calls: string[] = [];
  const fills: string[] = [];
  const state: Record<string, unknown> = {};
  const pen = new Proxy(state, {
    get: (_, name: string) =>
      name in state
        ? state[name]
        : () => {
            calls.push(name);
            if (name === 'fill' || name === 'fillRect') fills.push(String(state['fillStyle']));
          },
  });
  return { pen: pen as unknown as Pen, calls, fills };
}

describe('the plane of a scatter', () => {
  it('leads from numbers to pixels and back', () => {
    expect(fromX(plane, toX(plane, 33))).toBeCloseTo(33);
    expect(fromY(plane, toY(plane, -1.5))).toBeCloseTo(-1.5);
    expect(toY(plane, 1)).toBeLessThan(toY(plane, -1));
  });

  it('has room at the ends, also for a single value', () => {
    expect(padded({ low: 0, high: 100 })).toEqual({ low: -3, high: 103 });
    expect(padded({ low: 5, high: 5 })).toEqual({ low: 2.5, high: 7.5 });
    expect(padded({ low: 0, high: 0 })).toEqual({ low: -0.5, high: 0.5 });
  });

  it('rounds a rectangle to what a pixel can tell', () => {
    const a = { x: toX(plane, 10), y: toY(plane, -0.5) };
    const b = { x: toX(plane, 60), y: toY(plane, 1.25) };
    expect(areaOf(plane, a, b)).toEqual({ x: { low: 10, high: 60 }, y: { low: -0.5, high: 1.25 } });
    expect(areaOf(plane, b, a)).toEqual(areaOf(plane, a, b));
  });

  it('has ticks at round numbers', () => {
    const { ticks, step } = niceTicks({ low: -1.3, high: 2.2 }, 4);
    expect([ticks, step]).toEqual([[-1, 0, 1, 2], 1]);
  });
});

describe('the brush', () => {
  it('tells a click from a drag, and stays within the plot', () => {
    const brush = new Brush();
    brush.down({ x: 100, y: 100 });
    brush.move({ x: 102, y: 101 }, plane);
    expect(brush.box).toBeNull();
    expect(brush.up()).toEqual({ kind: 'click', at: { x: 100, y: 100 } });
    brush.down({ x: 100, y: 100 });
    brush.move({ x: 9999, y: -50 }, plane);
    expect(brush.box).toEqual({ x: 100, y: 6, width: 340, height: 94 });
    expect(brush.up()?.kind).toBe('drag');
    expect(brush.up()).toBeNull();
  });
});

describe('a scatter by keyboard', () => {
  it('goes from point to point in the order of x, and of y', () => {
    const steps = new PointSteps(points);
    expect(steps.next(null, 'ArrowRight')).toBe(0);
    expect(steps.next(0, 'ArrowRight')).toBe(1);
    expect(steps.next(2, 'ArrowRight')).toBe(2);
    expect(steps.next(1, 'ArrowUp')).toBe(2);
    expect(steps.next(0, 'ArrowDown')).toBe(2);
    expect([steps.next(1, 'Home'), steps.next(1, 'End'), steps.next(1, 'x')]).toEqual([0, 2, null]);
  });

  it('goes from cell to cell, from the lower left', () => {
    const grid = { columns: 4, rows: 3 };
    expect(nextCell(null, 'ArrowRight', grid)).toBe(0);
    expect(nextCell(3, 'ArrowRight', grid)).toBe(3);
    expect(nextCell(3, 'ArrowUp', grid)).toBe(7);
    expect(nextCell(1, 'End', grid)).toBe(11);
    expect(cellBox(plane, grid, 0).y).toBeGreaterThan(cellBox(plane, grid, 4).y);
  });

  it('finds the nearest point, within reach', () => {
    expect(nearestPoint(points, plane, { x: toX(plane, 1), y: toY(plane, -1) }, 8)).toBe(1);
    expect(nearestPoint(points, plane, { x: toX(plane, 50), y: toY(plane, 1.9) }, 8)).toBeNull();
  });
});

describe('the painting of a scatter', () => {
  const many = {
    x: Float64Array.from({ length: 5000 }, (_, i) => i / 50),
    y: Float64Array.from({ length: 5000 }, (_, i) => Math.sin(i)),
  };

  it('draws points below 0 in the bad colour, and leaves out what has no number', () => {
    const { pen, fills } = notingPen();
    paintCloud(pen, plane, { kind: 'points', points, shade: null }, 'y', colours);
    expect(fills.filter((fill) => fill === 'red')).toHaveLength(1);
    expect(fills.filter((fill) => fill === 'blue')).toHaveLength(2);
  });

  it('draws a cell for each count above 0', () => {
    const { pen, fills } = notingPen();
    const counts = Uint32Array.of(0, 3, 0, 1, 0, 9);
    paintCloud(pen, plane, { kind: 'density', counts, columns: 2, rows: 3, shade: null }, 'y', colours);
    expect(fills).toEqual(['red', 'blue', 'blue']);
  });

  it('colours points and cells by a third number, those without it grey and below the others', () => {
    const mixed = (share: number): string => `color-mix(in oklch, yellow ${share}%, blue)`;
    const ofPoints = notingPen();
    const shade = { values: Float64Array.of(1, Number.NaN, 5), range: [1, 5] } as const;
    const three = { x: Float64Array.of(1, 2, 3), y: Float64Array.of(1, -1, 0) };
    paintCloud(ofPoints.pen, plane, { kind: 'points', points: three, shade }, 'y', colours);
    expect(ofPoints.fills).toEqual(['grey', mixed(0), mixed(100)]);
    const ofCells = notingPen();
    const cells = { kind: 'density', counts: Uint32Array.of(2, 1, 7), columns: 3, rows: 1, shade } as const;
    paintCloud(ofCells.pen, plane, cells, 'y', colours);
    expect(ofCells.fills).toEqual([mixed(0), 'grey', mixed(100)]);
  });

  it('draws the brush without drawing the points again: the calls do not grow with the pairs', () => {
    const { pen, calls } = notingPen();
    const brush = { x: 50, y: 20, width: 100, height: 40 };
    paintMarks(pen, plane, { brush, selected: { x: 1, y: 1 }, current: { x: 2, y: 1 } }, colours);
    expect(calls.length).toBeLessThan(20);
    const all = notingPen();
    paintCloud(all.pen, plane, { kind: 'points', points: many, shade: null }, 'y', colours);
    expect(all.calls.length).toBeGreaterThan(15_000);
  });
});
