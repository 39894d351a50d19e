import { type CurvePage, CurveStore } from '../curves';
import { eventsStart, readEvents } from '../events';
import { answerLengths } from '../symptoms/answerLengths';
import type { CurveRemark } from '../symptoms/symptom';
import { remarksOn } from '../symptoms/table';
import type { RunEvent } from '../types';
import type { ComparedRun } from './comparedRun';
import type { RunSample } from './types';

type SampleEvent = Extract<RunEvent, { readonly kind: 'sample' }>;

/** The points of a run that another program logged. */
export interface LoggedPoints {
  readonly events: readonly RunEvent[];
  readonly hasTimes: boolean;
}

/** Number of buckets of the curves that symptoms are found in, as in the run panel. */
const remarkWidth = 1000;

/** All points and the newest samples of a run. */
export class RunCurves {
  readonly store = new CurveStore();
  private place = eventsStart;
  private readonly sampled = new Map<string, RunSample>();
  private reading: Promise<boolean> | null = null;

  /** @param source the run folder, or all points of a run that another program logged */
  constructor(private readonly source: string | LoggedPoints) {}

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

  /** Points from an index on, as {@link CurveStore.page} has them; NaN as time where the files have no times. */
  page(from: number, count: number, names: readonly string[]): CurvePage {
    const page = this.store.page(from, count, names);
    const isTimed = typeof this.source === 'string' || this.source.hasTimes;
    return isTimed ? page : { ...page, times: page.times.map(() => Number.NaN) };
  }

  /** What the curves show that a person should know, the most urgent first. */
  remarks({ config, state }: Pick<ComparedRun, 'config' | 'state'>): readonly CurveRemark[] {
    // What curves mean depends on settings that another program's run may not state.
    if (config === null) return [];
    const curves = this.store.thin(remarkWidth);
    return remarksOn({
      curves,
      config: config.config,
      steps: state && state.steps,
      answers: answerLengths(this.samples),
    });
  }

  private async read(): Promise<boolean> {
    if (typeof this.source !== 'string') {
      if (this.store.length > 0) return false;
      return this.store.add(this.source.events);
    }
    let isNew = false;
    for (let more = true; more;) {
      const page = await readEvents(this.source, this.place);
      this.place = page.place;
      more = page.more;
      this.store.add(page.events);
      for (const event of page.events) if (event.kind === 'sample') this.take(event);
      isNew ||= page.events.length > 0;
    }
    return isNew;
  }

  private take({ prompt, before, after, step }: SampleEvent): void {
    this.sampled.set(prompt, { prompt, before, after, step });
  }
}
