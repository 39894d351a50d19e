import { fileError } from '../base/node/fileError';
import { lastTrainMetrics } from './events';
import { runPaths } from './folder';

export interface NewestLoss {
  /** Null before the first point. */
  readonly loss: number | null;
  /** Why the events cannot be read; null: they can. */
  readonly remark: string | null;
}

/** The loss of a run's newest training point, for lists: damaged events cost the loss, not the run. */
export async function newestLoss(folder: string): Promise<NewestLoss> {
  try {
    const metrics = await lastTrainMetrics(folder);
    return { loss: metrics?.['loss'] ?? null, remark: null };
  } catch (error) {
    return { loss: null, remark: fileError(error, 'read', runPaths.events(folder)).message };
  }
}
