import { describe, expect, it } from 'vitest';
import { at } from '../../../src/base/pure/must';
import type { Chart } from '../../../src/pairs/statistics/chart';
import { type Drawing, paints } from '../../../webview/statistics/drawing';
import { drawNumbers } from '../../../webview/statistics/drawNumbers';
import { drawValues } from '../../../webview/statistics/drawValues';
import { stepped } from '../../../webview/statistics/steps';
import { type Colours, svgText } from '../../../webview/statistics/svgText';

const head = { id: 'c', title: 'A & <b>', about: '', facts: [] };
const numbers: Chart = {
  ...head,
  kind: 'numbers',
  series: ['chosen', 'rejected'],
  bars: [0, 10, 20, 30].map((from, i) => ({
    label: `${from}–${from + 9}`,
    from,
    to: from + 10,
    counts: [i, 4 - i],
    queries: ['a', 'b'],
  })),
};
const values: Chart = {
  ...head,
  kind: 'values',
  series: ['rows'],
  bars: ['short', 'x'.repeat(200)].map((label, i) => ({ label, from: null, to: null, counts: [i], queries: [null] })),
};

function bars({ shapes }: Drawing) {
  return shapes.filter((shape) => shape.kind === 'rect').filter(({ cell }) => cell !== null);
}

describe('a drawing of a chart', () => {
  it.each([
    ['numbers', drawNumbers(numbers, 320)],
    ['values', drawValues(values, 320)],
  ])('of %s stays within its size, and has a bar and an area for each count', (_, drawing) => {
    expect(bars(drawing)).toHaveLength(drawing.areas.length);
    for (const shape of [...bars(drawing), ...drawing.areas]) {
      expect(shape.x).toBeGreaterThanOrEqual(0);
      expect(shape.x + shape.width).toBeLessThanOrEqual(drawing.width + 0.01);
      expect(shape.y + shape.height).toBeLessThanOrEqual(drawing.height);
    }
  });

  it('has bars as high as the counts', () => {
    const first = bars(drawNumbers(numbers, 320)).filter(({ cell }) => cell?.series === 0);
    expect(first.map(({ height }) => Math.round((4 * height) / 122))).toEqual([0, 1, 2, 3]);
  });

  it('has no bar for a count of 0, and a visible bar for a small count', () => {
    const many = { ...at(numbers.bars, 0), counts: [10_000, 1] };
    const [, small] = bars(drawNumbers({ ...numbers, bars: [many] }, 320));
    expect(small?.height).toBe(2);
  });

  it('is an SVG whose texts are escaped', () => {
    const colours = Object.fromEntries(paints.map((paint) => [paint, '#fff'])) as Colours;
    const text = svgText(drawValues(values, 320), 'A & <b>\u0001', colours, '"Font"');
    expect(text).toContain('<title>A &amp; &lt;b&gt;\ufffd</title>');
    expect(text).toContain('font-family="&quot;Font&quot;"');
    expect(text).toMatch(/x+…<\/text>/);
  });
});

describe('keys move between the bars', () => {
  it.each([
    ['ArrowRight', 0, 'numbers', 2],
    ['ArrowLeft', 0, 'numbers', 0],
    ['ArrowDown', 2, 'numbers', 3],
    ['ArrowDown', 3, 'numbers', 3],
    ['ArrowDown', 1, 'values', 3],
    ['ArrowLeft', 3, 'values', 2],
    ['End', 1, 'numbers', 7],
    ['Home', 7, 'values', 1],
    ['a', 7, 'values', null],
  ] as const)('%s from %i (%s) to %j', (key, current, kind, next) => {
    expect(stepped(key, current, 8, 2, kind)).toBe(next);
  });
});
