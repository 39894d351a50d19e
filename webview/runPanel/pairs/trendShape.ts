import { at } from '../../../src/base/pure/must';
import type { Range } from './plane';

/** The rewards of one pair over the scored steps of a run; NaN where it was not scored. */
export interface TrendLines {
  readonly steps: readonly number[] | Float64Array | Int32Array;
  readonly margins: readonly number[] | Float64Array;
  readonly chosen: readonly number[] | Float64Array;
  readonly rejected: readonly number[] | Float64Array;
  /** Margins that training steps saw. */
  readonly visits: readonly { readonly step: number; readonly margin: number }[];
}

export type TrendLine = 'chosen' | 'rejected' | 'margins';
export const trendLines = ['chosen', 'rejected', 'margins'] as const;

/** CSS pixels between the plot and the edge: a dot at the end must not be cut off. */
const edge = 4;

export interface Dot {
  readonly x: number;
  readonly y: number;
}

/** A trend as shapes, in CSS pixels from the upper left corner. */
export interface TrendShape {
  /** Lines as SVG path data; a gap where a step was not scored. */
  readonly paths: Readonly<Record<TrendLine, string>>;
  /** A dot at each scored step. */
  readonly dots: Readonly<Record<TrendLine, readonly Dot[]>>;
  readonly visits: readonly Dot[];
  /** The height of 0. */
  readonly zero: number;
  /** The place of the shown step; null if no step is shown, or if it is outside. */
  readonly shown: number | null;
}

/**
 * The shapes of a trend.
 *
 * @param lines the lines to draw; the others stay empty
 * @param size in CSS pixels
 * @param step the step that the view shows
 */
export function trendShape(
  trend: TrendLines,
  lines: readonly TrendLine[],
  size: { readonly width: number; readonly height: number },
  step: number | null,
): TrendShape {
  const across = rangeOf([...trend.steps, ...trend.visits.map((visit) => visit.step)]);
  const values = lines.flatMap((line) => [...trend[line]]);
  const up = rangeOf([0, ...values, ...trend.visits.map(({ margin }) => margin)]);
  const x = scaled(across, edge, size.width - edge);
  const y = scaled(up, size.height - edge, edge);
  const dotsOf = (line: TrendLine): (Dot | null)[] =>
    lines.includes(line)
      ? Array.from(trend[line], (value, i) =>
          Number.isFinite(value) ? { x: x(at(trend.steps, i)), y: y(value) } : null,
        )
      : [];
  const all = { chosen: dotsOf('chosen'), rejected: dotsOf('rejected'), margins: dotsOf('margins') };
  const known = (line: TrendLine): readonly Dot[] => all[line].filter((dot) => dot !== null);
  return {
    paths: { chosen: pathOf(all.chosen), rejected: pathOf(all.rejected), margins: pathOf(all.margins) },
    dots: { chosen: known('chosen'), rejected: known('rejected'), margins: known('margins') },
    visits: trend.visits.map(({ step: when, margin }) => ({ x: x(when), y: y(margin) })),
    zero: y(0),
    shown: step === null || step < across.low || step > across.high ? null : x(step),
  };
}

/** `M x y L x y`, in tenths of a pixel; a gap starts a new line. */
function pathOf(dots: readonly (Dot | null)[]): string {
  let isDown = false;
  const parts: string[] = [];
  for (const dot of dots) {
    if (dot) parts.push(`${isDown ? 'L' : 'M'}${dot.x.toFixed(1)} ${dot.y.toFixed(1)}`);
    isDown = dot !== null;
  }
  return parts.join('');
}

function rangeOf(values: readonly number[]): Range {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return { low: 0, high: 0 };
  return known.reduce<Range>(({ low, high }, value) => ({ low: Math.min(low, value), high: Math.max(high, value) }), {
    low: Infinity,
    high: -Infinity,
  });
}

/** A scale from a range to pixels; the middle if the range is a single value. */
function scaled({ low, high }: Range, from: number, to: number): (value: number) => number {
  return (value) => (high === low ? (from + to) / 2 : from + ((value - low) / (high - low)) * (to - from));
}
