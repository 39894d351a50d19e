import { eventsStart, readEvents } from '../events';
import type { TrialResult } from './types';

/** The newest evaluation of a run that has a metric; null if it has none. Errors as `readEvents`. */
export async function newestEvaluation(folder: string, metric: string): Promise<TrialResult | null> {
  let newest: TrialResult | null = null;
  for (let place = eventsStart, more = true; more;) {
    const page = await readEvents(folder, place);
    for (const event of page.events) {
      const value = event.kind === 'eval' ? event.metrics[metric] : undefined;
      if (value !== undefined) newest = { step: event.step, value };
    }
    ({ place, more } = page);
  }
  return newest;
}
