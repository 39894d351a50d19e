import type { Metrics, RunEvent } from './types';

/** Columns of equal length: `steps` rises strictly; a series is NaN where its point has none. */
export interface CurveColumns {
  readonly steps: Float64Array;
  /** Seconds since the run's first point. */
  readonly times: Float64Array;
  readonly series: Readonly<Record<string, Float64Array>>;
  readonly lastStep: number;
}

/** What train, eval and end-of-run points of one step all carry, so that its repetition tells nothing. */
const shared: ReadonlySet<string> = new Set(['epoch']);

/** The points of a run, collected event by event. */
export class CurveStore {
  private steps: number[] = [];
  private times: number[] = [];
  private started: number | null = null;
  private readonly series = new Map<string, number[]>();

  /**
   * Takes the events in the file's order; others than `train` and `eval` are passed over. A resumed run starts at its
   * checkpoint, before the last point of the killed one: a point that lies behind, or repeats a metric of the last
   * step, takes the place of all points from its step on. So each step has one point, the newest.
   *
   * @returns whether anything was added
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
   * Columns for a chart of `width` pixels. Points are put into `width` buckets; of each bucket every series keeps its
   * smallest and its largest point, and the first and last point of all stay. A kept column holds all its series' real
   * values at its real step. No more points than that, as long as they fit in `maxValues` numbers: beyond it the
   * buckets widen.
   */
  thin(width: number, maxValues = 24_000): CurveColumns {
    let kept = this.keep(Math.max(1, Math.floor(width)));
    for (let buckets = width; kept.length > 2 && kept.length * (this.series.size + 2) > maxValues && buckets > 1;) {
      buckets = Math.floor(buckets / 2);
      kept = this.keep(Math.max(1, buckets));
    }
    const pick = (column: readonly number[]): Float64Array => Float64Array.from(kept, (index) => column[index] ?? NaN);
    return {
      steps: pick(this.steps),
      times: pick(this.times),
      series: Object.fromEntries([...this.series].map(([name, column]) => [name, pick(column)])),
      lastStep: this.steps.at(-1) ?? 0,
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
    return Object.keys(metrics).some(
      (name) => !shared.has(name) && !Number.isNaN(this.series.get(name)?.[index] ?? NaN),
    );
  }

  private dropFrom(step: number): void {
    const first = this.placeOf(step);
    this.steps.length = first;
    this.times.length = first;
    for (const column of this.series.values()) column.length = first;
  }

  /** The first point at a step or after it; found by halving, since a damaged file may go back at every line. */
  private placeOf(step: number): number {
    let [low, high] = [0, this.steps.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.steps[middle] ?? 0) < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private column(name: string): number[] {
    const found = this.series.get(name) ?? this.steps.map(() => NaN);
    this.series.set(name, found);
    return found;
  }

  /** Indices of the points that stay, rising. */
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
    const value = column[index] ?? NaN;
    if (Number.isNaN(value)) continue;
    if (low < 0 || value < (column[low] ?? NaN)) low = index;
    if (high < 0 || value > (column[high] ?? NaN)) high = index;
  }
  if (low >= 0) kept.add(low).add(high);
}
