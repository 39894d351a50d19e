import { formatValue } from './compared/formatValue';
import type { RunState } from './types';

/**
 * What a run says whose process died without a word, and how it goes on.
 *
 * @param checkpoint the step of its newest checkpoint; null: it has none
 */
export function lostText(
  { heartbeat, step, steps }: Pick<RunState, 'heartbeat' | 'step' | 'steps'>,
  checkpoint: number | null,
): string {
  const place = steps > 0 ? `step ${step} of ${steps}` : `step ${step}`;
  const ended = `The process of this run is gone: killed, out of memory, or a power cut. It was last alive at ${formatValue(heartbeat, 'time')}, at ${place}.`;
  const again = step - (checkpoint ?? 0);
  const trained = again === 1 ? 'the step after it is' : `the ${again} steps after it are`;
  if (checkpoint === null && again <= 0) return `${ended} It had finished no step, so Resume starts it again.`;
  if (checkpoint === null)
    return `${ended} It has no checkpoint, so Resume starts from the first step: all ${again} steps are trained again.`;
  const lost = again > 0 ? `${trained} trained again` : 'nothing is lost';
  return `${ended} Resume continues from its last checkpoint, step ${checkpoint}: ${lost}.`;
}
