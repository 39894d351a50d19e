import type uPlot from 'uplot';
import type { Extremes } from './extremes';
import { keptPoints, mostKept, pixelOf, type PixelScale } from './kept';
import type { Line } from './lines';
import type { Scales } from './paint';
import type { Picture, Stroke } from './picture';

/** What uPlot computed for an axis. Its types do not list it, and its version is pinned. */
interface DrawnAxis {
  readonly _splits?: readonly number[] | null;
  readonly _values?: readonly (string | null)[] | null;
}

export interface PictureSource {
  readonly title: string;
  readonly across: string;
  readonly plot: uPlot;
  readonly lines: readonly Line[];
  /** The values of the lines as text. */
  readonly values: readonly string[];
  /** In pixels of the page. */
  readonly scales: Scales;
  readonly colourOf: (name: string) => string;
}

/** A chart that is on the screen, as a picture. */
export function pictureOf({ title, across, plot, lines, values, scales, colourOf }: PictureSource): Picture {
  const style = getComputedStyle(document.body);
  const strokeOf = ({ series }: Line, faint: boolean): Stroke => ({
    colour: colourOf(series.colour),
    dash: series.dash ?? [],
    ...(faint ? { width: 1, alpha: 0.3 } : { width: 1.5, alpha: 1 }),
  });
  const { x, y } = scales;
  const [acrossTicks, upTicks] = plot.axes.map((axis) => ticksOf(axis as DrawnAxis));
  return {
    title,
    across,
    width: plot.width,
    height: plot.height,
    canvas: plot.ctx.canvas,
    left: x.from,
    right: x.to,
    legends: lines.map((line, i) => ({
      label: line.series.label,
      value: values[i] ?? '',
      stroke: strokeOf(line, false),
    })),
    ticks: [
      ...(acrossTicks ?? []).map(({ at, text }) => ({ x: pixelOf(x, at), y: y.from + 14, text, end: false })),
      ...(upTicks ?? []).map(({ at, text }) => ({ x: x.from - 4, y: pixelOf(y, at) + 4, text, end: true })),
    ],
    grid: (upTicks ?? []).map(({ at }) => pixelOf(y, at)),
    lines: lines.flatMap((line) => [
      ...(line.bold === line.raw ? [] : [{ stroke: strokeOf(line, true), points: pointsOf(line.x, line.raw, scales) }]),
      { stroke: strokeOf(line, false), points: pointsOf(line.x, line.bold, scales) },
    ]),
    colours: { text: style.color, background: backgroundOf(style), font: style.fontFamily },
  };
}

function ticksOf({ _splits: splits, _values: values }: DrawnAxis): { readonly at: number; readonly text: string }[] {
  return (splits ?? []).flatMap((at, i) => {
    const text = values?.[i];
    return text === undefined || text === null ? [] : [{ at, text }];
  });
}

/** Of a panel the colour is on the body; in an editor tab the body is transparent. */
function backgroundOf(style: CSSStyleDeclaration): string {
  const named = style.getPropertyValue('--vscode-editor-background').trim();
  return style.backgroundColor === 'rgba(0, 0, 0, 0)' ? named || 'white' : style.backgroundColor;
}

function pointsOf(x: Float64Array, y: Extremes, scales: { readonly x: PixelScale; readonly y: PixelScale }): number[] {
  const kept = new Uint32Array(mostKept(scales.x.to - scales.x.from));
  const count = keptPoints(x, y, scales.x, kept);
  return Array.from(kept.subarray(0, count)).flatMap((index) => [
    pixelOf(scales.x, x[index] as number),
    pixelOf(scales.y, y.values[index] as number),
  ]);
}
