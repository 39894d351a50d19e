/** Width in which names and values of two lines fit side by side. */
const narrowest = 250;
/** Pixels left and right of the charts, and between two columns. */
const sides = 24;
const gap = 22;
/** Pixels between two rows, and above the first plus below the last. As in the style sheet's `.charts`. */
const rowGap = 12;
const ends = 20;
/** A lower plot has no room for two ticks and a line: then the charts scroll. */
const lowest = 104;
/** A higher plot only stretches the noise. */
const highest = 320;

export interface ChartColumns {
  readonly columns: number;
  /** Pixels of each chart. */
  readonly width: number;
}

/** How many charts fit side by side, and how wide they are. */
export function chartColumns(charts: number, viewWidth: number): ChartColumns {
  const space = Math.max(200, viewWidth - sides);
  const columns = Math.max(1, Math.min(charts, Math.floor((space + gap) / (narrowest + gap))));
  return { columns, width: Math.floor((space - (columns - 1) * gap) / columns) };
}

/**
 * The height at which the charts fill a view.
 *
 * @param headers pixels above the plot of each chart, in reading order
 * @param room pixels of the view that are left between what is above and below the charts
 */
export function plotHeight(headers: readonly number[], columns: number, room: number): number {
  const rows = Math.max(1, Math.ceil(headers.length / columns));
  const ofRow = (row: number): readonly number[] => headers.slice(row * columns, (row + 1) * columns);
  const above = Array.from({ length: rows }, (_, row) => Math.max(0, ...ofRow(row))).reduce((a, b) => a + b, 0);
  const left = room - ends - (rows - 1) * rowGap - above;
  return Math.min(highest, Math.max(lowest, Math.floor(left / rows)));
}
