import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { Extremes } from '../../../../webview/shared/chart/extremes';
import { keptPoints, mostKept, pixelOf, valueOf } from '../../../../webview/shared/chart/kept';
import { indexAt, lineOf, nearestX, pointAt } from '../../../../webview/shared/chart/lines';
import { smooth } from '../../../../webview/shared/chart/smooth';
import { caseSeeds } from '../../cases';

const colour = '--vscode-charts-blue';
const line = (x: readonly number[], y: readonly number[]) =>
  lineOf({ label: '', colour, x: Float64Array.from(x), y: Float64Array.from(y) }, 0, null);

/** A column of random length; x ascends by random steps, sometimes by 0. */
function column(random: () => number): { x: Float64Array; y: Float64Array } {
  const count = 1 + Math.floor(random() * 5000);
  let at = random() * 10;
  const x = Float64Array.from({ length: count }, () => (at += random() < 0.1 ? 0 : random() ** 4));
  return { x, y: Float64Array.from(x, () => (random() < 0.01 ? 100 : 1) * (random() - 0.5)) };
}

describe('the extremes of a column', () => {
  it.each(caseSeeds(8))('are those of any stretch (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const { y } = column(random);
    const extremes = new Extremes(y);
    for (let i = 0; i < 200; i++) {
      const from = Math.floor(random() * y.length);
      const to = from + 1 + Math.floor(random() * (y.length - from));
      extremes.find(from, to);
      const stretch = y.subarray(from, to);
      expect([y[extremes.low], y[extremes.high]]).toEqual([Math.min(...stretch), Math.max(...stretch)]);
    }
  });
});

describe('the points of a picture', () => {
  it.each(caseSeeds(12))('have the smallest and the largest value of each pixel column (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const { x, y } = column(random);
    const [low, high] = [x[0] ?? 0, (x.at(-1) ?? 0) + 1e-6];
    const range = [low + (high - low) * 0.3 * random(), high - (high - low) * 0.3 * random()] as const;
    const scale = { range, log: seed % 2 === 1, from: 10, to: 10 + Math.ceil(random() * 200) };
    const into = new Uint32Array(mostKept(scale.to - scale.from));
    const kept = [...into.subarray(0, keptPoints(x, new Extremes(y), scale, into))];

    expect(kept.every((index, i) => i === 0 || index > (kept[i - 1] ?? Infinity))).toBe(true);
    const columns = new Map<number, number[]>();
    x.forEach((value, i) => {
      if (value < range[0] || value >= range[1]) return;
      const pixel = Math.floor(pixelOf(scale, value));
      columns.set(pixel, [...(columns.get(pixel) ?? []), i]);
    });
    const drawn = new Set(kept);
    for (const indices of columns.values()) {
      const values = indices.map((i) => y[i] ?? Number.NaN);
      for (const extreme of [Math.min(...values), Math.max(...values)])
        // A value at the very edge of a pixel may be counted to its neighbour, which has it too.
        expect(indices.some((i) => drawn.has(i) && y[i] === extreme)).toBe(true);
    }
  });

  it('are all points if they are few, with a neighbour on each side of the range', () => {
    const x = Float64Array.of(1, 2, 3, 4, 5, 6);
    const into = new Uint32Array(mostKept(100));
    const scale = { range: [2.5, 4.5] as const, log: false, from: 0, to: 100 };
    expect([...into.subarray(0, keptPoints(x, new Extremes(x), scale, into))]).toEqual([1, 2, 3, 4]);
  });

  it('are at the pixel that gives their value back', () => {
    for (const log of [false, true]) {
      const scale = { range: [2, 50] as const, log, from: 40, to: 340 };
      expect(valueOf(scale, pixelOf(scale, 7))).toBeCloseTo(7, 9);
    }
  });
});

describe('a line', () => {
  it('leaves out points without a value, and tells infinite ones apart', () => {
    const mixed = line([1, 2, 3, 4, 5], [1, Number.NaN, Infinity, -Infinity, 2]);
    expect([...(mixed?.x ?? [])]).toEqual([1, 5]);
    expect([mixed?.above[0], mixed?.below[0]]).toEqual([3, 4]);
  });

  it('is nothing without a value, and something with a logged NaN alone', () => {
    expect(line([1, 2], [Number.NaN, Number.NaN])).toBeNull();
    const y = Float64Array.of(Number.NaN);
    const series = { label: '', colour, x: Float64Array.of(1), y, notNumbers: Float64Array.of(1) };
    expect(lineOf(series, 0, null)?.notNumbers.length).toBe(1);
  });

  it('has its points in the order of x, even if the file is damaged', () => {
    const mixed = line([1, 3, 2, Number.NaN], [10, 30, 20, 0]);
    expect([...(mixed?.x ?? [])]).toEqual([1, 2, 3]);
    expect([...(mixed?.raw.values ?? [])]).toEqual([10, 20, 30]);
  });

  it('finds the point at x, or the last one before it', () => {
    const x = Float64Array.of(1, 3, 5);
    expect([0, 1, 2, 3, 4, 9].map((at) => pointAt({ x }, at))).toEqual([null, 0, 0, 1, 1, 2]);
    expect([0, 1, 1.5, 5, 6].map((at) => indexAt(x, at))).toEqual([0, 0, 1, 2, 3]);
    expect(nearestX([{ x }, { x: Float64Array.of(4.1) }], 3.9)).toBe(4.1);
    expect(nearestX([], 3)).toBeNull();
  });

  it('is not prepared again while its columns stay', () => {
    const series = { label: '', colour, x: Float64Array.of(1, 2), y: Float64Array.of(1, 2) };
    const first = lineOf(series, 0.5, null);
    expect(lineOf({ ...series }, 0.5, first)?.bold).toBe(first?.bold);
    expect(lineOf({ ...series }, 0.9, first)?.raw).toBe(first?.raw);
    expect(lineOf({ ...series }, 0.9, first)?.bold).not.toBe(first?.bold);
  });
});

describe('smoothing', () => {
  it('does not pull towards zero', () => {
    expect([...smooth(Float64Array.of(5, 5, 5), 0.9)].map((value) => Number(value.toFixed(9)))).toEqual([5, 5, 5]);
    const [first, second] = smooth(Float64Array.of(0, 1), 0.5);
    expect([first, Number(second?.toFixed(6))]).toEqual([0, 0.666667]);
    expect([...smooth(Float64Array.of(3, 1, 2), 0)]).toEqual([3, 1, 2]);
  });

  it('leaves lines alone that are exact or have dots', () => {
    const columns = { x: Float64Array.of(1, 2), y: Float64Array.of(1, 2) };
    const exact = lineOf({ label: '', colour, ...columns, exact: true }, 0.9, null);
    expect(exact?.bold).toBe(exact?.raw);
  });
});
