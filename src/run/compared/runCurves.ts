import { at } from '../../base/pure/must';
import { type CurveColumns, CurveStore } from '../curves';
import { eventsStart, readEvents } from '../events';
import { answerLengths } from '../symptoms/answerLengths';
import type { CurveRemark } from '../symptoms/symptom';
import { remarksOn } from '../symptoms/table';
import type { RunEvent } from '../types';
import type { ComparedRun } from './comparedRun';
import type { RunSample } from './types';

type SampleEvent = Extract<RunEvent, { readonly kind: 'sample' }>;

/** A metric by step. */
export interface MetricColumn {
  readonly steps: Float64Array;
  /** Seconds since the first point of the run. */
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** Number of buckets of the curves that symptoms are found in, as in the run panel. */
const remarkWidth = 1000;

/** All points and the newest samples of a run. */
export class RunCurves {
  readonly store = new CurveStore();
  private place = eventsStart;
  private readonly sampled = new Map<string, RunSample>();
  private reading: Promise<boolean> | null = null;
  private whole: CurveColumns | null = null;

  constructor(private readonly folder: string) {}

  /**
   * Reads what was written since the last time.
   *
   * @returns whether there was anything
   * @throws MarginError as {@link readEvents}
   */
  async update(): Promise<boolean> {
    this.reading ??= this.read().finally(() => (this.reading = null));
    return this.reading;
  }

  /** The newest sample of each prompt. */
  get samples(): readonly RunSample[] {
    return [...this.sampled.values()];
  }

  /** The points at which a metric was logged; null if it never was. */
  points(metric: string): MetricColumn | null {
    const { steps, times, series } = this.columns();
    const values = series[metric];
    if (values === undefined) return null;
    const has = (_: number, i: number): boolean => !Number.isNaN(at(values, i));
    return { steps: steps.filter(has), times: times.filter(has), values: values.filter(has) };
  }

  /** What the curves show that a person should know, the most urgent first. */
  remarks({ config: { config }, state }: Pick<ComparedRun, 'config' | 'state'>): readonly CurveRemark[] {
    const curves = this.store.thin(remarkWidth);
    return remarksOn({ curves, config, steps: state && state.steps, answers: answerLengths(this.samples) });
  }

  /** All points; made again only if there are new ones. */
  private columns(): CurveColumns {
    const { store } = this;
    this.whole ??= store.thin(Math.max(1, store.length), Infinity);
    return this.whole;
  }

  private async read(): Promise<boolean> {
    let isNew = false;
    for (let more = true; more;) {
      const page = await readEvents(this.folder, this.place);
      this.place = page.place;
      more = page.more;
      if (this.store.add(page.events)) this.whole = null;
      for (const event of page.events) if (event.kind === 'sample') this.take(event);
      isNew ||= page.events.length > 0;
    }
    return isNew;
  }

  private take({ prompt, before, after, step }: SampleEvent): void {
    this.sampled.set(prompt, { prompt, before, after, step });
  }
}
