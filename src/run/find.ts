import { access, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inTurns } from '../base/pure/inTurns';
import { errorCode, MarginError } from '../base/pure/marginError';
import { derivedStatus, isLiving } from './alive';
import { fileError } from '../base/node/fileError';
import { lostText } from './lostRun';
import { controlRemark, readRunConfig, readState, runPaths, stepOfName } from './folder';
import { endStep, readScoring, scoringRemark } from './scoring';
import { unknownKeys } from './shapes';
import { stateFromTraces } from './traces';
import type { RunConfig, RunState, RunStatus, Scoring } from './types';

/** Run folders read at once: enough to keep a disk busy, and their files take some MB at most. */
const atOnce = 8;

/** What a list shows of a run. */
export interface FoundRun {
  readonly folder: string;
  readonly name: string;
  readonly status: RunStatus | 'lost';
  readonly state: RunState | null;
  /** Milliseconds since 1970. */
  readonly created: number;
  /** A sentence for each damaged small file, if the run can still be read. */
  readonly remarks: readonly string[];
  /** The progress of the rewards at its end; null while it runs, and if it has no checkpoint. */
  readonly scoring: Scoring | null;
  /** Only of a lost run: when it was last alive, and what a resume repeats, in sentences. */
  readonly lost?: string;
}

/** The state of a run now. */
export interface CurrentState {
  /** Null if the run was never started. */
  readonly state: RunState | null;
  readonly status: FoundRun['status'];
  /** Why the state had to be derived from other files; null if it comes from state.json. */
  readonly remark: string | null;
}

export interface OpenRun extends FoundRun {
  readonly config: RunConfig;
}

export interface FoundRuns {
  /** Newest first. */
  readonly runs: readonly FoundRun[];
  /** Run folders that cannot be read, because they are damaged or from a newer Margin. */
  readonly unreadable: readonly { readonly folder: string; readonly error: MarginError }[];
}

/**
 * Reads a run's config and state. The status is `stopped` if the run was never started, and `lost` if its process is
 * gone. Errors as {@link readRunConfig}.
 */
export async function readRun(folder: string): Promise<OpenRun> {
  const config = await readRunConfig(folder);
  const { state, status, remark } = await currentState(folder);
  const alive = isLiving(status);
  const unknown = unknownKeys(config.config);
  const found = [
    remark,
    alive ? await controlRemark(folder) : await scoringRemark(folder),
    unknown.length === 0
      ? null
      : `${runPaths.config(folder)} has keys that this Margin ignores: ${unknown.join(', ')}.`,
  ];
  const remarks = found.filter((one) => one !== null);
  const scoring = alive ? null : await scoringOf(folder, config, state);
  const lost =
    status === 'lost' && state ? { lost: lostText(state, (await checkpointSteps(folder)).at(-1) ?? null) } : {};
  return { folder, name: config.name, created: config.created, status, state, scoring, remarks, config, ...lost };
}

async function scoringOf(folder: string, { config }: RunConfig, state: RunState | null): Promise<Scoring | null> {
  const step = endStep(config, state, await checkpointSteps(folder));
  return step === null ? null : readScoring(folder, config, step);
}

/**
 * The state of a run from its state.json, or from its lock, events and checkpoints if state.json is damaged. Error
 * `newer-version`.
 */
export async function currentState(folder: string): Promise<CurrentState> {
  try {
    const state = await readState(folder);
    const status = state === null ? 'stopped' : await derivedStatus(folder, state, Date.now());
    return { state, status, remark: null };
  } catch (error) {
    if (!(error instanceof MarginError) || error.code === 'newer-version') throw error;
    const state = await stateFromTraces(folder, await checkpointSteps(folder));
    return {
      state,
      status: state.status,
      remark: `${error.message} Margin derived the state from the run’s events and checkpoints.`,
    };
  }
}

/** The runs directly in these folders (`output_dir`s). A folder that does not exist has none. */
export async function findRuns(outputDirs: readonly string[]): Promise<FoundRuns> {
  const listed = await inTurns(outputDirs, atOnce, subfoldersOrError);
  const folders = [...new Set(listed.flatMap((one) => ('folders' in one ? one.folders : [])))];
  const found = await inTurns(folders, atOnce, tryRead);
  const runs = found.flatMap((one) => ('config' in one ? [summary(one)] : []));
  const unreadable = [...listed, ...found].flatMap((one) =>
    'error' in one && one.error.code !== 'not-a-run' ? [one] : [],
  );
  return { runs: runs.sort((a, b) => b.created - a.created || b.folder.localeCompare(a.folder)), unreadable };
}

/** How the run folders on the disk differ from those that a list shows. */
export interface FolderChanges {
  /** Run folders that the list does not have. */
  readonly appeared: readonly string[];
  /** Folders of the list that are gone. */
  readonly vanished: readonly string[];
}

/**
 * Compares the run folders directly in these folders with the known ones. It lists each folder, and looks for a
 * config.json only in new subfolders. Folders in other places than these count as neither.
 *
 * @throws MarginError those of {@link fileError}, if one of the folders cannot be listed
 */
export async function folderChanges(outputDirs: readonly string[], known: ReadonlySet<string>): Promise<FolderChanges> {
  const listed = new Set((await inTurns(outputDirs, atOnce, subfolders)).flat());
  const folders = [...listed].filter((folder) => !known.has(folder));
  const whole = await inTurns(folders, atOnce, (folder) =>
    access(runPaths.config(folder)).then(
      () => true,
      () => false,
    ),
  );
  const searched = new Set(outputDirs);
  const vanished = [...known].filter((folder) => searched.has(dirname(folder)) && !listed.has(folder));
  return { appeared: folders.filter((_, i) => whole[i]), vanished };
}

/** The steps with a finished rewards file, in ascending order. */
export async function rewardSteps(folder: string): Promise<number[]> {
  return stepsIn(join(runPaths.rewards(folder, 0), '..'));
}

/**
 * The step of a run's final rewards: its best evaluation if the run ended on it, otherwise the newest step with
 * rewards. Undefined if it has none.
 */
export function lastRewardStep(
  steps: readonly number[],
  { status, state, config }: Pick<OpenRun, 'status' | 'state' | 'config'>,
): number | undefined {
  const best = config.config.load_best_model_at_end && status === 'done' ? state?.best?.step : undefined;
  return steps.find((step) => step === best) ?? steps.at(-1);
}

/** The steps of which a run has the rewards of its held-out pairs, in ascending order. */
export async function heldOutSteps(folder: string): Promise<number[]> {
  return stepsIn(join(runPaths.heldOut(folder, 0), '..'));
}

/** The steps with a checkpoint, in ascending order. */
export async function checkpointSteps(folder: string): Promise<number[]> {
  return stepsIn(join(runPaths.checkpoint(folder, 0), '..'));
}

async function stepsIn(folder: string): Promise<number[]> {
  const steps = (await namesIn(folder)).map(stepOfName).filter((step) => step !== null);
  return steps.sort((a, b) => a - b);
}

async function tryRead(folder: string): Promise<OpenRun | { folder: string; error: MarginError }> {
  try {
    return await readRun(folder);
  } catch (error) {
    return { folder, error: fileError(error, 'read', folder) };
  }
}

function summary({ folder, name, status, state, created, remarks, scoring, lost }: OpenRun): FoundRun {
  return { folder, name, status, state, created, remarks, scoring, ...(lost && { lost }) };
}

async function subfoldersOrError(
  folder: string,
): Promise<{ folders: string[] } | { folder: string; error: MarginError }> {
  try {
    return { folders: await subfolders(folder) };
  } catch (error) {
    return { folder, error: fileError(error, 'read', folder) };
  }
}

/** The subfolders of a runs folder, except hidden ones. A folder that does not exist has none. */
export async function subfolders(folder: string): Promise<string[]> {
  return (await namesIn(folder)).filter((name) => !name.startsWith('.')).map((name) => join(folder, name));
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return [];
    throw fileError(error, 'read', folder);
  }
}
