import { MarginError } from '../../../base/pure/marginError';
import type { RewardColumns } from '../../../run/rewardColumns/rewardColumns';

/** Reads rewards. @param told called with the part that is read, 0 to 1. @param signal stops the reading */
type ReadRewards = (told: (part: number) => void, signal: AbortSignal) => Promise<RewardColumns>;

/** Shows that the rewards of a step are read, if that takes a while, and lets the person stop it. */
export type SlowReading = (folder: string, step: number, read: ReadRewards) => Promise<RewardColumns>;

/** Nobody sees it, and nobody stops it. */
export const unseen: SlowReading = (_folder, _step, read) => read(() => undefined, new AbortController().signal);

/** The person has stopped the reading of rewards. The view offers to read them again. */
export function readingStopped(step: number): MarginError {
  const message = `The rewards of step ${step} were not read to the end, because you stopped it.`;
  return new MarginError('reading-stopped', message, { step });
}
