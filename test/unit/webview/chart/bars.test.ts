import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { Bars } from '../../../../webview/shared/chart/bars';
import { Extremes } from '../../../../webview/shared/chart/extremes';
import { pixelOf, type PixelScale } from '../../../../webview/shared/chart/kept';
import { caseSeeds } from '../../cases';

const up: PixelScale = { range: [-1, 1], log: false, from: 200, to: 0 };
const barsOf = (x: readonly number[], y: readonly number[], across: PixelScale): Bars => {
  const bars = new Bars();
  bars.place(Float64Array.from(x), across);
  bars.measure(new Extremes(Float64Array.from(y)), up);
  return bars;
};
const ends = ({ top, bottom, count }: Bars): number[][] =>
  Array.from({ length: count }, (_, i) => [top[i] ?? Number.NaN, bottom[i] ?? Number.NaN]);

/** Of each column what the polyline covers, from all its segments. */
function covered(x: readonly number[], y: readonly number[], across: PixelScale, count: number): number[][] {
  const points = x.map((value, i) => [pixelOf(across, value), pixelOf(up, y[i] ?? Number.NaN)] as const);
  return Array.from({ length: count }, (_, column) => {
    const [left, right] = [across.from + column, across.from + column + 1];
    const heights = points.flatMap(([b, to], i) => {
      const [a, from] = points[i - 1] ?? [b, to];
      if (b < left || a > right) return [];
      const at = (pixel: number): number => (b === a ? to : from + ((pixel - a) / (b - a)) * (to - from));
      return [at(Math.max(a, left)), at(Math.min(b, right))];
    });
    return [Math.min(...heights), Math.max(...heights)];
  });
}

describe('the bars of a line', () => {
  it.each(caseSeeds(12))('cover what all its points and the lines between them cover (seed %i)', (seed) => {
    const random = seededRandom(seed);
    let at = 1 + random();
    const count = 2 + Math.floor(random() * 3000);
    const x = Array.from({ length: count }, () => (at += 0.01 + random() ** 4));
    const y = x.map(() => (random() < 0.01 ? 3 : 1) * (random() - 0.5));
    const [low, high] = [x[0] ?? 0, x.at(-1) ?? 0];
    const range = [low + (high - low) * 0.3 * random(), high - (high - low) * 0.3 * random()] as const;
    const across: PixelScale = { range, log: false, from: 10, to: 10 + Math.ceil(random() * 200) };

    const found = ends(barsOf(x, y, across));
    const expected = covered(x, y, across, found.length);
    found.forEach((bar, column) =>
      bar.forEach((end, side) => expect(end).toBeCloseTo(expected[column]?.[side] ?? Number.NaN, 6)),
    );
  });

  it('begin and end with it, and go on where it has no point', () => {
    const across: PixelScale = { range: [0, 4], log: false, from: 0, to: 4 };
    const bars = ends(barsOf([1, 3], [-1, 1], across));
    expect(bars).toEqual([
      [Infinity, -Infinity],
      [100, 200],
      [0, 100],
      [0, 0],
    ]);
  });

  it('find the points of a logarithmic axis, also after one at 0', () => {
    const across: PixelScale = { range: [1, 100], log: true, from: 0, to: 2 };
    const bars = ends(barsOf([0, 1, 10, 100], [0, 0, 1, 0], across));
    expect(bars[0]?.map(Math.round)).toEqual([0, 100]);
    expect(bars[1]?.map(Math.round)).toEqual([0, 100]);
  });

  it('are as long and as wide as the line is thick', () => {
    const across: PixelScale = { range: [0, 4], log: false, from: 0, to: 4 };
    const bars = barsOf([0, 1.4, 1.5, 1.6, 4], [0, 0, 1, 0, 0], across);
    bars.widen(3);
    expect(ends(bars)).toEqual([
      [-1.5, 101.5],
      [-1.5, 101.5],
      [-1.5, 101.5],
      [98.5, 101.5],
    ]);
  });
});
