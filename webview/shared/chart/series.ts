/** A line of a chart: points in the order of `x`. */
export interface Series {
  readonly label: string;
  /** As long as `y`. Points without a finite x are left out. */
  readonly x: Float64Array;
  /** NaN: there is no value at this point. Infinite values are marked at the edge of the plot. */
  readonly y: Float64Array;
  /** Values of x at which NaN was logged; marked below the plot. */
  readonly notNumbers?: Float64Array;
  /** Name of a theme colour. A dash or dots tell lines apart without colours. */
  readonly colour: string;
  readonly dash?: readonly number[];
  /** Draws a dot at each point, and does not smooth. */
  readonly marked?: true;
  /** Values without noise, which are not smoothed. */
  readonly exact?: true;
}

/** What the horizontal axis counts. Times are seconds. */
export type Across = 'count' | 'time';

/** A place on the horizontal axis with a line of its own. */
export interface Mark {
  readonly x: number;
  /** Shown at the line; empty: a line only. */
  readonly label: string;
}

export interface ChartOptions {
  readonly across: Across;
  /** What the horizontal axis shows, in its corner. */
  readonly acrossLabel: string;
  /** Weight of the earlier points in the bold line, from 0 to below 1. */
  readonly smoothing: number;
  readonly logX: boolean;
  /** Taken only by charts whose values are all above 0. */
  readonly logY: boolean;
  /** Leaves outliers outside of the vertical range. */
  readonly clip: boolean;
  readonly marks: readonly Mark[];
}

export const plainOptions: ChartOptions = {
  across: 'count',
  acrossLabel: '',
  smoothing: 0,
  logX: false,
  logY: false,
  clip: false,
  marks: [],
};

export interface ChartSpec {
  readonly title: string;
  /** Unit of the values, if they have one. */
  readonly unit?: string;
  /** A line of explanation below the title. */
  readonly about?: string;
  /** Decimals of values that always show a sign; others have three significant digits. */
  readonly signed?: number;
}

/** Lowest and highest value. */
export type Range = readonly [number, number];
