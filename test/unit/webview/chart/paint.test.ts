import { expect, it } from 'vitest';
import { must } from '../../../../src/base/pure/must';
import { lineOf } from '../../../../webview/shared/chart/lines';
import { Painter } from '../../../../webview/shared/chart/paint';

const columns = 100;

/** Paints a line of 1,000 points in 100 columns of pixels. @returns the columns that each opacity paints */
function painted(dash: readonly number[], weight: number): Map<number, Set<number>> {
  const found = new Map<number, Set<number>>();
  const ignored = (): void => undefined;
  const canvas = {
    globalAlpha: 1,
    ...Object.fromEntries(
      ['save', 'restore', 'beginPath', 'rect', 'clip', 'setLineDash', 'lineTo', 'stroke'].map((name) => [
        name,
        ignored,
      ]),
    ),
    moveTo(x: number): void {
      const at = found.get(this.globalAlpha) ?? new Set();
      found.set(this.globalAlpha, at.add(Math.floor(x)));
    },
  };
  const x = Float64Array.from({ length: 1000 }, (_, i) => i / 10);
  const series = { label: 'rejected', colour: 'red', dash, x, y: x.map((value, i) => value + (i % 7)) };
  const scales = {
    x: { range: [0, columns], log: false, from: 0, to: columns },
    y: { range: [0, 110], log: false, from: 50, to: 0 },
  } as const;
  const line = must(lineOf(series, weight, null), 'the line');
  new Painter((name) => name, 'black').paint(canvas as unknown as CanvasRenderingContext2D, [line], scales, 1);
  return found;
}

it.each([0, 0.6])('a dense dashed line shows its points between the dashes, with the smoothing %d', (weight) => {
  const [faint, bold] = [...painted([4, 3], weight)].sort(([a], [b]) => a - b);
  expect(must(faint, 'the faint line')[1].size).toBe(columns);
  expect(must(bold, 'the bold line')[1].size).toBeLessThan(columns * 0.7);
});

it('a dense line without dashes and smoothing is painted once', () => {
  expect([...painted([], 0)].map(([alpha, at]) => [alpha, at.size])).toEqual([[1, columns]]);
});
