import { basename } from 'node:path';
import { sameJson } from '../pairs/json';
import { findRuns, readRun, rewardSteps } from '../run/find';
import type { ModelFingerprint, RunConfig, TrainConfig } from '../run/types';

/** A run that exists already. */
export interface KnownRun {
  readonly folder: string;
  /** Whether it ended, and its pairs are scored with the model of its end. */
  readonly isScored: boolean;
  /** Whether it ended, and only the scoring is left. */
  readonly isTrained: boolean;
}

/**
 * The run in a folder of runs with the same content: bytes of the data, model and settings. Where files lie, and when
 * the run was made, does not matter. Null if there is none. A scored run comes before one that is not.
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
