import { fileError } from '../base/node/fileError';
import { damagedLines } from './eventLines';
import { lastTrainMetrics } from './events';
import { runPaths } from './folder';

export interface NewestLoss {
  /** Null before the first training point. */
  readonly loss: number | null;
  /** Why events could not be read; null if they could. */
  readonly remark: string | null;
}

/** The loss of a run's newest training point, for lists. Damaged events do not hide the run, only its loss. */
export async function newestLoss(folder: string): Promise<NewestLoss> {
  try {
    const { metrics, damaged } = await lastTrainMetrics(folder);
    const remark = damaged === 0 ? null : damagedLines(runPaths.events(folder), damaged);
    return { loss: metrics?.['loss'] ?? null, remark };
  } catch (error) {
    return { loss: null, remark: fileError(error, 'read', runPaths.events(folder)).message };
  }
}
