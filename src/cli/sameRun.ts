import { basename } from 'node:path';
import { sameJson } from '../pairs/json';
import { findRuns, readRun, rewardSteps } from '../run/find';
import type { ModelFingerprint, RunConfig, TrainConfig } from '../run/types';

/** A run that exists already. */
export interface KnownRun {
  readonly folder: string;
  /** Whether it has ended, and its pairs were scored with its final model. */
  readonly isScored: boolean;
  /** Whether it has ended, and only the scoring remains to be done. */
  readonly isTrained: boolean;
}

/**
 * Finds a run with the same data bytes, model and settings in a folder of runs. Paths of files and the time of the run
 * do not matter. A scored run is preferred. Null if there is none.
 */
export async function findSameRun(outputDir: string, wanted: RunConfig): Promise<KnownRun | null> {
  const { runs } = await findRuns([outputDir]);
  let best: KnownRun | null = null;
  for (const { folder, name } of runs) {
    if (name !== wanted.name) continue;
    const { config, status, scoring } = await readRun(folder);
    if (!isSame(config, wanted)) continue;
    const isTrained = status === 'done';
    const steps = (await rewardSteps(folder)).filter((step) => step > 0);
    const isScored = isTrained && scoring?.status === 'done' && steps.length > 0;
    if (best === null || (isScored && !best.isScored)) best = { folder, isScored, isTrained };
  }
  return best;
}

function isSame(a: RunConfig, b: RunConfig): boolean {
  return (
    a.data.sha256 === b.data.sha256 &&
    a.marks.length + b.marks.length === 0 &&
    a.model.length === b.model.length &&
    a.model.every((file, i) => isSameFile(file, b.model[i])) &&
    sameJson(withoutPlaces(a.config), withoutPlaces(b.config))
  );
}

/** A large file that no run has hashed yet is known by its path and size. */
function isSameFile(a: ModelFingerprint, b: ModelFingerprint | undefined): boolean {
  if (b === undefined || a.size !== b.size) return false;
  return a.sha256 !== null && b.sha256 !== null
    ? a.sha256 === b.sha256 && basename(a.path) === basename(b.path)
    : a.path === b.path;
}

function withoutPlaces(config: TrainConfig): TrainConfig {
  return { ...config, model_name_or_path: '', train_file: '', output_dir: '' };
}
