import { CurveStore } from '../curves';
import { eventsStart, readEvents } from '../events';
import { answerLengths } from '../symptoms/answerLengths';
import type { CurveRemark } from '../symptoms/symptom';
import { remarksOn } from '../symptoms/table';
import type { RunEvent } from '../types';
import type { ComparedRun } from './comparedRun';

type SampleEvent = Extract<RunEvent, { readonly kind: 'sample' }>;
/** A prompt with the model's answers before the first step and after a step. */
export type RunSample = Pick<SampleEvent, 'prompt' | 'before' | 'after' | 'step'>;

/** Number of buckets of the curves that symptoms are found in, as in the run panel. */
const remarkWidth = 1000;

/** All points and the newest samples of a run. */
export class RunCurves {
  readonly store = new CurveStore();
  private place = eventsStart;
  private readonly sampled = new Map<string, RunSample>();
  private reading: Promise<boolean> | null = null;

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

  /** What the curves show that a person should know, the most urgent first. */
  remarks({ config: { config }, state }: Pick<ComparedRun, 'config' | 'state'>): readonly CurveRemark[] {
    const curves = this.store.thin(remarkWidth);
    return remarksOn({ curves, config, steps: state && state.steps, answers: answerLengths(this.samples) });
  }

  private async read(): Promise<boolean> {
    let isNew = false;
    for (let more = true; more;) {
      const page = await readEvents(this.folder, this.place);
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
