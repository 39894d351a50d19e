import { lowerBound } from '../base/pure/lowerBound';
import { at } from '../base/pure/must';
import { GrowingColumn } from '../base/pure/growingColumn';
import { type PointBlock, pointBlock } from './pointBlock';
import { thinned } from './thinned';
import type { RunEvent } from './types';

/** The points of a run as columns of equal length. A series has NaN at a point without its metric. */
export interface CurveColumns {
  /** Strictly ascending. */
  readonly steps: Float64Array;
  /** Seconds of the run before each point; see {@link CurveStore}. Ascending. */
  readonly times: Float64Array;
  /** One column per metric. */
  readonly series: Readonly<Record<string, Float64Array>>;
  /** 0 before the first point. */
  readonly lastStep: number;
}

/** Metrics that train, eval and end-of-run points of one step all have. Repeating them does not mean a resume. */
const sharedMetrics: ReadonlySet<string> = new Set(['epoch']);

/** Some points of a run, from an index on. */
export interface CurvePage extends Omit<CurveColumns, 'lastStep'> {
  /** Increases when points that were there are replaced. Then all pages are to be read again. */
  readonly generation: number;
  readonly from: number;
  /** Points of the run. */
  readonly length: number;
  /** By metric, the steps at which NaN was logged, of the whole run. */
  readonly notNumbers: Readonly<Record<string, Float64Array>>;
}

/**
 * The points of a run's curves, collected from its events.
 *
 * Times count the seconds since the first point. If the clock jumps back, the time stands still for that point: no time
 * is counted twice, and the axis never goes back.
 */
export class CurveStore {
  private readonly steps = new GrowingColumn();
  private readonly times = new GrowingColumn();
  /** Milliseconds since 1970, as logged. */
  private readonly clock = new GrowingColumn();
  private readonly series = new Map<string, GrowingColumn>();
  private readonly notNumbers = new Map<string, number[]>();
  private generation = 0;

  /**
   * Adds `train` and `eval` events in the order of the file and ignores others. A resumed run starts at its checkpoint,
   * before the last point of the killed run. So a point of an earlier step, or one that repeats a metric of the last
   * step, replaces all points from its step on. Each step keeps one point, the newest.
   *
   * @returns whether a point was added
   */
  add(events: readonly RunEvent[]): boolean {
    return this.addBlock(pointBlock(events));
  }

  /** The same for a block of points. */
  addBlock(block: PointBlock): boolean {
    const columns = block.names.map((name) => this.column(name));
    let entry = 0;
    block.ends.forEach((end, i) => {
      const metrics = block.metrics.subarray(entry, end);
      this.addPoint(at(block.times, i), at(block.steps, i), { metrics, block, columns });
      const index = this.length - 1;
      for (; entry < end; entry++) {
        const metric = at(block.metrics, entry);
        const value = at(block.values, entry);
        at(columns, metric).set(index, value);
        if (Number.isNaN(value)) this.markNotNumber(at(block.names, metric), at(block.steps, i));
      }
    });
    return block.ends.length > 0;
  }

  get length(): number {
    return this.steps.length;
  }

  /**
   * The columns for a chart, with few points. The points are divided into `width` buckets; each series keeps its
   * smallest and its largest point of each bucket, and the first and last points always stay. Kept points have their
   * real steps and values. If the result exceeds `maxValues` numbers, there are fewer and wider buckets.
   *
   * @param width pixels of the chart
   * @param names of metrics; null: all
   */
  thin(width: number, maxValues = 24_000, names: readonly string[] | null = null): CurveColumns {
    const all = this.columns(names);
    return { ...thinned(all, width, maxValues), lastStep: all.steps.at(-1) ?? 0 };
  }

  /**
   * Points from an index on, as they are. The last point may still get metrics of an evaluation, so a reader asks for
   * it again.
   */
  page(from: number, count: number, names: readonly string[]): CurvePage {
    const { steps, times, series } = this.columns(names);
    const cut = (column: Float64Array): Float64Array => column.slice(from, from + count);
    const bad = names.flatMap((name) => {
      const found = this.notNumbers.get(name);
      return found === undefined || found.length === 0 ? [] : [[name, Float64Array.from(found)] as const];
    });
    return {
      generation: this.generation,
      from,
      length: this.length,
      steps: cut(steps),
      times: cut(times),
      series: Object.fromEntries(Object.entries(series).map(([name, column]) => [name, cut(column)])),
      notNumbers: Object.fromEntries(bad),
    };
  }

  /** All points of all metrics. The columns are valid until points are added. */
  columns(names: readonly string[] | null = null): Omit<CurveColumns, 'lastStep'> {
    const chosen = names === null ? [...this.series.keys()] : names.filter((name) => this.series.has(name));
    return {
      steps: this.steps.values,
      times: this.times.values,
      series: Object.fromEntries(chosen.map((name) => [name, this.column(name).values])),
    };
  }

  /** By metric, the steps at which NaN was logged. */
  notNumberSteps(): ReadonlyMap<string, readonly number[]> {
    return this.notNumbers;
  }

  private addPoint(t: number, step: number, given: Given): void {
    const last = this.length === 0 ? -1 : this.steps.get(this.length - 1);
    if (step < last || (step === last && this.repeats(given))) this.dropFrom(step);
    const index = this.length - 1;
    if (index >= 0 && this.steps.get(index) === step) return;
    const passed = index < 0 ? 0 : Math.max(0, (t - this.clock.get(index)) / 1000);
    this.times.push(index < 0 ? 0 : this.times.get(index) + passed);
    this.clock.push(t);
    this.steps.push(step);
    for (const column of this.series.values()) column.extend(this.length);
  }

  private repeats({ metrics, block, columns }: Given): boolean {
    const index = this.length - 1;
    return metrics.some(
      (metric) => !sharedMetrics.has(at(block.names, metric)) && !Number.isNaN(at(columns, metric).get(index)),
    );
  }

  private dropFrom(step: number): void {
    const first = lowerBound(this.steps.values, step);
    for (const column of [this.steps, this.times, this.clock, ...this.series.values()]) column.cut(first);
    for (const steps of this.notNumbers.values()) steps.splice(lowerBound(steps, step));
    this.generation++;
  }

  private markNotNumber(name: string, step: number): void {
    const steps = this.notNumbers.get(name) ?? [];
    this.notNumbers.set(name, steps);
    if (steps.at(-1) !== step) steps.push(step);
  }

  /** The column of a metric, made of NaNs if it is new. */
  private column(name: string): GrowingColumn {
    const found = this.series.get(name) ?? new GrowingColumn(this.length);
    this.series.set(name, found);
    return found;
  }
}

/** The metrics of a point that is about to be added. */
interface Given {
  readonly metrics: Uint16Array;
  readonly block: PointBlock;
  /** By the index of a name in the block. */
  readonly columns: readonly GrowingColumn[];
}
