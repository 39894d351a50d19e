import type uPlot from 'uplot';
import { at } from '../../../src/base/pure/must';
import { stepIncrements, stepTicks, timeIncrements, timeTicks, valueTicks } from '../ticks';
import type { Across } from './series';

/** Font size of labels in pixels, as elsewhere in the views. */
const labelSize = 11;
/** Pixels along the axis that each label needs. */
const labelSpace = { x: 56, y: 20 };
const bottom = 18;

export interface AxisLook {
  readonly across: Across;
  /** The unit across, written at the left below the plot; '' if the labels say it. */
  readonly unit: string;
  readonly logX: boolean;
  readonly logY: boolean;
}

export function axesOf({ across, unit, logX, logY }: AxisLook, style: CSSStyleDeclaration): uPlot.Axis[] {
  const stroke = style.getPropertyValue('--vscode-descriptionForeground').trim() || style.color;
  // Not the colour of borders, which high contrast makes as strong as the lines.
  const grid = { stroke: `color-mix(in srgb, ${style.color} 15%, transparent)`, width: 1 };
  const common = { stroke, grid, ticks: { show: false }, font: `${labelSize}px ${style.fontFamily}`, gap: 4 };
  const splits: uPlot.Axis.Splits = (plot, axis, low, high) => {
    const pixels = axis === 0 ? plot.width / labelSpace.x : plot.height / labelSpace.y;
    return logTicks(low, high, pixels);
  };
  return [
    {
      ...common,
      ...(across === 'count' ? { incrs: stepIncrements } : { incrs: timeIncrements }),
      ...(logX ? { splits } : {}),
      filter: (_plot, ticks) => ticks,
      grid: { show: false },
      size: bottom,
      space: labelSpace.x,
      values: (plot, ticks, _axis, _space, increment) => {
        const labels = across === 'count' ? stepTicks(ticks) : timeTicks(ticks, logX ? smallestTick(ticks) : increment);
        const measure = (text: string): number => widthOf(plot, [text], style.fontFamily);
        const free = measure(unit) - plot.bbox.left / devicePixelRatio;
        return labels.map((label, i) => (plot.valToPos(at(ticks, i), 'x') - measure(label) / 2 < free ? '' : label));
      },
    },
    {
      ...common,
      ...(logY ? { splits } : {}),
      filter: (_plot, ticks) => ticks,
      space: labelSpace.y,
      size: (plot, labels) => widthOf(plot, labels, style.fontFamily),
      values: (_plot, ticks, _axis, _space, increment) => valueTicks(ticks, logY ? smallestTick(ticks) : increment),
    },
  ];
}

/** Ticks of a logarithmic axis: 1, 2 and 5 times powers of ten if there is room for them, else only the powers. */
export function logTicks(low: number, high: number, most: number): number[] {
  const first = Math.floor(Math.log10(low));
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, i) => 10 ** (first + i));
  const inside = (ticks: readonly number[]): number[] => ticks.filter((tick) => tick >= low && tick <= high);
  const fine = inside(
    powers.flatMap((power) => [power, 2 * power, 5 * power].map((tick) => Number(tick.toPrecision(3)))),
  );
  if (fine.length <= most) return fine;
  const coarse = inside(powers.map((tick) => Number(tick.toPrecision(3))));
  const step = Math.max(1, Math.ceil(coarse.length / Math.max(1, most)));
  return coarse.filter((_, i) => i % step === 0);
}

/** The smallest positive tick of a logarithmic axis: its label needs the most decimals. At most 1. */
export function smallestTick(ticks: readonly (number | null)[]): number {
  return ticks.reduce<number>((least, tick) => (tick === null || tick <= 0 ? least : Math.min(least, tick)), 1);
}

/** Width of the longest label in pixels, with a gap. */
function widthOf({ ctx }: uPlot, labels: readonly string[] | null, family: string): number {
  // uPlot asks once before there are labels.
  const longest = labels === null ? '' : labels.reduce((a, b) => (b.length > a.length ? b : a), '');
  // The canvas counts device pixels, and its font is that of the last drawing.
  ctx.font = `${labelSize * devicePixelRatio}px ${family}`;
  return Math.ceil(ctx.measureText(longest).width / devicePixelRatio) + 8;
}
