import { at } from '../base/pure/must';
import type { Metrics, RunEvent } from './types';

/** The points of a run as columns of equal length. A series has NaN at a point without its metric. */
export interface CurveColumns {
  /** Strictly ascending. */
  readonly steps: Float64Array;
  /** Seconds since the first point of the run. */
  readonly times: Float64Array;
  /** One column per metric. */
  readonly series: Readonly<Record<string, Float64Array>>;
  /** 0 before the first point. */
  readonly lastStep: number;
}

/** Metrics that train, eval and end-of-run points of one step all have. Repeating them does not mean a resume. */
const sharedMetrics: ReadonlySet<string> = new Set(['epoch']);

/** The points of a run's curves, collected from its events. */
export class CurveStore {
  private steps: number[] = [];
  private times: number[] = [];
  private started: number | null = null;
  private readonly series = new Map<string, number[]>();

  /**
   * Adds `train` and `eval` events in the order of the file and ignores others. A resumed run starts at its checkpoint,
   * before the last point of the killed run. So a point of an earlier step, or one that repeats a metric of the last
   * step, replaces all points from its step on. Each step keeps one point, the newest.
   *
   * @returns whether a point was added
   */
  add(events: readonly RunEvent[]): boolean {
    let added = false;
    for (const event of events) {
      if (event.kind !== 'train' && event.kind !== 'eval') continue;
      this.addPoint(event);
      added = true;
    }
    return added;
  }

  get length(): number {
    return this.steps.length;
  }

  /**
   * The columns for a chart. The points are divided into `width` buckets; each series keeps its smallest and its
   * largest point of each bucket, and the first and last points always stay. Kept points have their real steps and
   * values. If the result exceeds `maxValues` numbers, there are fewer and wider buckets.
   *
   * @param width pixels of the chart
   */
  thin(width: number, maxValues = 24_000): CurveColumns {
    let kept = this.keep(Math.max(1, Math.floor(width)));
    for (let buckets = width; kept.length > 2 && kept.length * (this.series.size + 2) > maxValues && buckets > 1;) {
      buckets = Math.floor(buckets / 2);
      kept = this.keep(Math.max(1, buckets));
    }
    const pick = (column: readonly number[]): Float64Array => Float64Array.from(kept, (index) => at(column, index));
    return {
      steps: pick(this.steps),
      times: pick(this.times),
      series: Object.fromEntries([...this.series].map(([name, column]) => [name, pick(column)])),
      lastStep: this.length === 0 ? 0 : at(this.steps, this.length - 1),
    };
  }

  private addPoint({
    t,
    step,
    metrics,
  }: {
    readonly t: number;
    readonly step: number;
    readonly metrics: Metrics;
  }): void {
    this.started ??= t;
    const last = this.steps.at(-1);
    if (last !== undefined && (step < last || (step === last && this.repeats(metrics)))) this.dropFrom(step);
    if (this.steps.at(-1) !== step) {
      this.steps.push(step);
      this.times.push((t - this.started) / 1000);
      for (const column of this.series.values()) column.push(NaN);
    }
    const index = this.steps.length - 1;
    for (const [name, value] of Object.entries(metrics)) this.column(name)[index] = value;
  }

  private repeats(metrics: Metrics): boolean {
    const index = this.steps.length - 1;
    return Object.keys(metrics).some((name) => !sharedMetrics.has(name) && !Number.isNaN(at(this.column(name), index)));
  }

  private dropFrom(step: number): void {
    const first = this.indexOf(step);
    this.steps.length = first;
    this.times.length = first;
    for (const column of this.series.values()) column.length = first;
  }

  /**
   * The index of the first point at a step or after it. A damaged file may go back at every line, so this is a binary
   * search.
   */
  private indexOf(step: number): number {
    let [low, high] = [0, this.steps.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(this.steps, middle) < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The column of a metric, made of NaNs if it is new. */
  private column(name: string): number[] {
    const found = this.series.get(name) ?? this.steps.map(() => NaN);
    this.series.set(name, found);
    return found;
  }

  /** The indices of the points to keep, in ascending order. */
  private keep(buckets: number): number[] {
    const count = this.steps.length;
    if (count <= 2 * buckets) return this.steps.map((_, index) => index);
    const kept = new Set([0, count - 1]);
    for (let bucket = 0; bucket < buckets; bucket++) {
      const from = Math.floor((bucket * count) / buckets);
      const to = Math.floor(((bucket + 1) * count) / buckets);
      for (const column of this.series.values()) keepExtremes(column, from, to, kept);
    }
    return [...kept].sort((a, b) => a - b);
  }
}

function keepExtremes(column: readonly number[], from: number, to: number, kept: Set<number>): void {
  let low = -1;
  let high = -1;
  for (let index = from; index < to; index++) {
    const value = at(column, index);
    if (Number.isNaN(value)) continue;
    if (low < 0 || value < at(column, low)) low = index;
    if (high < 0 || value > at(column, high)) high = index;
  }
  if (low >= 0) kept.add(low).add(high);
}
