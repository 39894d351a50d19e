import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { checkpointSteps, currentState, findRuns } from './find';
import { readRunConfig, runPaths } from './folder';
import { readRounds, roundNames } from './rounds/record';
import { folderBytes } from './trash';

/** A checkpoint of a run. */
export interface PrunedCheckpoint {
  readonly step: number;
  readonly path: string;
  /** Bytes on the disk. */
  readonly bytes: number;
}

/** Which checkpoints of a run would be removed, and why the others stay. Both in ascending order of steps. */
export interface PrunePlan {
  readonly run: string;
  readonly removed: readonly PrunedCheckpoint[];
  readonly kept: readonly { readonly step: number; readonly why: string }[];
}

/**
 * The steps of the checkpoints beyond a limit, the oldest first. The newest and the best one are never among them, and
 * count (transformers `trainer_utils.py`, rotate_checkpoints).
 *
 * @param steps in ascending order
 * @param best step of the best evaluation; null if there is none
 * @param limit 0 and 1 keep the newest and the best one
 */
export function stepsBeyond(steps: readonly number[], best: number | null, limit: number): readonly number[] {
  const kept = new Set([steps.at(-1), steps.find((step) => step === best)].filter((step) => step !== undefined));
  const others = steps.filter((step) => !kept.has(step));
  return others.slice(0, Math.max(0, others.length - Math.max(0, limit - kept.size)));
}

/**
 * Plans which checkpoints of a run to remove: those beyond `limit`, except those from which another run of its runs
 * folder, or a round beside that folder, starts.
 *
 * @throws MarginError `not-a-run`; `corrupt` if the run's state, or a file that may name a checkpoint, cannot be read:
 *   then it is not known which one is the best, or in use
 */
export async function planPrune(run: string, limit: number): Promise<PrunePlan> {
  await readRunConfig(run);
  const { state, remark } = await currentState(run);
  if (remark !== null)
    throw new MarginError('corrupt', `${remark} So its best checkpoint is not known, and none is removed.`, { run });
  const steps = await checkpointSteps(run);
  const best = state?.best?.step ?? null;
  const users = await usersOf(run, steps);
  const beyond = new Set(stepsBeyond(steps, best, limit).filter((step) => !users.has(step)));
  const removed = [];
  for (const step of steps.filter((one) => beyond.has(one))) {
    const path = runPaths.checkpoint(run, step);
    removed.push({ step, path, bytes: await folderBytes(path) });
  }
  const why = (step: number): string => {
    const reasons = [
      step === steps.at(-1) ? 'the newest' : null,
      step === best ? 'the best' : null,
      users.has(step) ? `${users.get(step)} starts from it` : null,
    ].filter((reason) => reason !== null);
    return reasons.length > 0 ? reasons.join(', ') : 'within --keep';
  };
  const kept = steps.filter((step) => !beyond.has(step)).map((step) => ({ step, why: why(step) }));
  return { run, removed, kept };
}

/** By step: the name of a run, or of a line of rounds, that starts from this checkpoint. */
async function usersOf(run: string, steps: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const runsFolder = dirname(run);
  const { runs, unreadable } = await findRuns([runsFolder]);
  const [unknown] = unreadable;
  // It may be the run that starts from one of these checkpoints.
  if (unknown) throw unknown.error;
  const starts: { path: string; name: string }[] = [];
  for (const { folder, name } of runs.filter((one) => resolve(one.folder) !== resolve(run))) {
    const { config } = await readRunConfig(folder);
    for (const path of [config.model_name_or_path, config.adapter_name_or_path])
      if (path !== null) starts.push({ path, name });
  }
  starts.push(...(await startsOfRounds(join(dirname(runsFolder), 'rounds'))));
  const users = new Map<number, string>();
  for (const step of steps) {
    const user = starts.find(({ path }) => isInside(path, runPaths.checkpoint(run, step)));
    if (user) users.set(step, user.name);
  }
  return users;
}

async function startsOfRounds(all: string): Promise<{ path: string; name: string }[]> {
  const found = [];
  for (const name of await roundNames(all)) {
    const record = await readRounds(join(all, name));
    for (const { policy, round } of record === null ? [] : record.rounds)
      if (policy.checkpoint !== null)
        found.push({
          path: join(policy.model, 'checkpoints', policy.checkpoint),
          name: `round ${round} of ${name}`,
        });
  }
  return found;
}

/** Whether a path is a folder or lies in it. */
function isInside(path: string, folder: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
}
