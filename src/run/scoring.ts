import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMachine } from '../base/pure/machine';
import { fileError } from '../base/node/fileError';
import { isRecord } from '../base/pure/isRecord';
import { MarginError } from '../base/pure/marginError';
import { isTrainerAlive } from './alive';
import { runPaths } from './folder';
import { writeJson, writeJsonSync } from '../base/node/jsonFile';
import { readRunJson } from './readRunJson';
import type { RunState, Scoring, ScoringState, TrainConfig } from './types';
import { pathExists } from '../base/node/pathExists';

/** A state has some hundred bytes, or some thousand with the message of an error. */
const maxStateBytes = 1 << 16;

/** The scorer writes `scoring.json`. `scoring-control.json` exists while the scorer is asked to stop. */
export const scoringPaths = {
  state: (folder: string): string => join(folder, 'scoring.json'),
  control: (folder: string): string => join(folder, 'scoring-control.json'),
  /** The lines of `rewards/step-N.jsonl` so far. `rows` is a fingerprint of the rows that they belong to. */
  partial: (folder: string, step: number, rows: string): string =>
    `${runPaths.rewards(folder, step).slice(0, -'.jsonl'.length)}-${rows.slice(0, 12)}.partial`,
} as const;

/**
 * Whether the policy starts as its reference. All rewards at step 0 are then 0, so none is computed. A new adapter adds
 * exact zeros to the model, so it counts as well.
 */
export function startsAsReference({
  adapter_name_or_path: adapter,
  ref_model: reference,
}: Pick<TrainConfig, 'adapter_name_or_path' | 'ref_model'>): boolean {
  return adapter === null || reference === 'start';
}

/** The steps whose rewards a run has in the end, if it ended at `step`. */
export const stepsToScore = (config: TrainConfig, step: number): number[] =>
  startsAsReference(config) ? [step] : [0, step];

/**
 * The step of a run's final model: its best evaluation if the run ended on it, otherwise its newest checkpoint. Null if
 * there is no checkpoint.
 */
export function endStep(
  config: TrainConfig,
  state: Pick<RunState, 'status' | 'best'> | null,
  checkpoints: readonly number[],
): number | null {
  const best = config.load_best_model_at_end && state?.status === 'done' ? state.best?.step : undefined;
  return checkpoints.find((step) => step === best) ?? checkpoints.at(-1) ?? null;
}

/**
 * The progress of the rewards at the end of a run. It is `offered` if some are missing and no process computes them.
 *
 * @param step the result of {@link endStep}
 */
export async function readScoring(folder: string, config: TrainConfig, step: number): Promise<Scoring> {
  const state = await readScoringState(folder);
  if (state?.step === step) {
    const { status, scored, total, eta, error } = state;
    const gone = status === 'running' && !(await isTrainerAlive(folder, state, Date.now()));
    return { status: gone ? 'offered' : status, step, scored, total, eta: gone ? null : eta, error };
  }
  const there = await Promise.all(stepsToScore(config, step).map((one) => pathExists(runPaths.rewards(folder, one))));
  return { status: there.every(Boolean) ? 'done' : 'offered', step, scored: 0, total: null, eta: null, error: null };
}

/**
 * Reads scoring.json. Null if it is missing or damaged, since the scored pairs can be counted again; {@link
 * scoringRemark} reports damage.
 */
export async function readScoringState(folder: string): Promise<ScoringState | null> {
  const state = await parseScoringState(folder);
  return state instanceof MarginError ? null : state;
}

/** A sentence about a damaged scoring.json and what follows from it; null if the file is whole or missing. */
export async function scoringRemark(folder: string): Promise<string | null> {
  const state = await parseScoringState(folder);
  if (!(state instanceof MarginError)) return null;
  return `${state.message} Margin goes by the rewards that are there; scoring the run replaces the file.`;
}

async function parseScoringState(folder: string): Promise<ScoringState | MarginError | null> {
  const path = scoringPaths.state(folder);
  try {
    const value = await readRunJson(path, maxStateBytes);
    if (value === null || isScoringState(value)) return value;
    return new MarginError('corrupt', `${path} has a missing or wrong field: the file is damaged.`, { path });
  } catch (error) {
    return fileError(error, 'read', path);
  }
}

/** Replaces scoring.json. It is synchronous, so states are written in their order. */
export function writeScoringState(folder: string, state: ScoringState): void {
  writeJsonSync(scoringPaths.state(folder), state);
}

/** Whether the scorer is asked to stop. It keeps the pairs that it has scored. */
export async function isScoringAskedToStop(folder: string): Promise<boolean> {
  return pathExists(scoringPaths.control(folder));
}

/** Asks the scorer to stop. Errors as {@link writeJson}. */
export async function askScoringToStop(folder: string): Promise<void> {
  await writeJson(scoringPaths.control(folder), { want: 'stop' });
}

/** Withdraws the request to stop, before a scorer starts or a trainer that scores after its last step. */
export async function withdrawScoringStop(folder: string): Promise<void> {
  await rm(scoringPaths.control(folder), { force: true });
}

function isScoringState(value: Partial<Record<keyof ScoringState, unknown>>): value is typeof value & ScoringState {
  const { status, pid, machine, heartbeat, step, scored, total, eta, error } = value;
  const known = status === 'offered' || status === 'running' || status === 'done' || status === 'failed';
  const numbers =
    [pid, heartbeat, step, scored].every(Number.isFinite) &&
    [total, eta].every((one) => one === null || Number.isFinite(one));
  return known && numbers && (machine === null || isMachine(machine)) && (error === null || isError(error));
}

const isError = (value: unknown): boolean =>
  isRecord(value) && typeof value['code'] === 'string' && typeof value['message'] === 'string';
