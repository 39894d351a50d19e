import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMachine } from '../base/pure/machine';
import { isRecord } from '../base/pure/isRecord';
import { isTrainerAlive } from './alive';
import { runPaths } from './folder';
import { writeJson, writeJsonSync } from '../base/node/jsonFile';
import { readRunJson } from './readRunJson';
import type { RunState, Scoring, ScoringState, TrainConfig } from './types';

/** It is some hundred bytes long, with an error's message at most some thousand. */
const maxStateBytes = 1 << 16;

/** `scoring.json` is the scorer's, `scoring-control.json` is there while somebody wants it to end. */
export const scoringPaths = {
  state: (folder: string): string => join(folder, 'scoring.json'),
  control: (folder: string): string => join(folder, 'scoring-control.json'),
  /** Lines of `rewards/step-N.jsonl` so far; `rows` is a fingerprint of the rows that they belong to. */
  partial: (folder: string, step: number, rows: string): string =>
    `${runPaths.rewards(folder, step).slice(0, -'.jsonl'.length)}-${rows.slice(0, 12)}.partial`,
} as const;

/**
 * Whether the policy of the first step is the reference, so that every reward before it is 0 and none is computed. A
 * fresh adapter adds exact zeros.
 */
export function startsAsReference({
  adapter_name_or_path: adapter,
  ref_model: held,
}: Pick<TrainConfig, 'adapter_name_or_path' | 'ref_model'>): boolean {
  return adapter === null || held === 'start';
}

/** Steps whose rewards a run is to have when it ended at `step`. */
export const stepsToScore = (config: TrainConfig, step: number): number[] =>
  startsAsReference(config) ? [step] : [0, step];

/**
 * The step that a run's model is of: its best where it ended on that, else its newest checkpoint; null: there is none.
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
 * What is scored of the rewards at a run's end, `offered` where nothing goes on that would add to them.
 *
 * @param step see {@link endStep}
 */
export async function readScoring(folder: string, config: TrainConfig, step: number): Promise<Scoring> {
  const state = await readScoringState(folder);
  if (state?.step === step) {
    const { status, scored, total, eta, error } = state;
    const gone = status === 'running' && !(await isTrainerAlive(folder, state, Date.now()));
    return { status: gone ? 'offered' : status, step, scored, total, eta: gone ? null : eta, error };
  }
  const there = await Promise.all(
    stepsToScore(config, step).map((one) =>
      access(runPaths.rewards(folder, one)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return { status: there.every(Boolean) ? 'done' : 'offered', step, scored: 0, total: null, eta: null, error: null };
}

/** scoring.json; null where there is none or it is damaged: what is scored can be counted again. */
export async function readScoringState(folder: string): Promise<ScoringState | null> {
  const value = await readRunJson(scoringPaths.state(folder), maxStateBytes).catch(() => null);
  return value !== null && isScoringState(value) ? value : null;
}

/** Synchronous, so that two states never overtake one another. */
export function writeScoringState(folder: string, state: ScoringState): void {
  writeJsonSync(scoringPaths.state(folder), state);
}

/** Whether somebody wants the scorer to end; it keeps what it has. */
export async function isScoringUnwanted(folder: string): Promise<boolean> {
  return access(scoringPaths.control(folder)).then(
    () => true,
    () => false,
  );
}

export async function askScoringToEnd(folder: string): Promise<void> {
  await writeJson(scoringPaths.control(folder), { want: 'stop' });
}

/** For whoever starts a scorer, or a trainer that becomes one. */
export async function forgetScoringWish(folder: string): Promise<void> {
  await rm(scoringPaths.control(folder), { force: true });
}

function isScoringState(value: object): value is ScoringState {
  const { status, pid, machine, heartbeat, step, scored, total, eta, error } = value as Partial<
    Record<keyof ScoringState, unknown>
  >;
  const known = status === 'offered' || status === 'running' || status === 'done' || status === 'failed';
  const numbers =
    [pid, heartbeat, step, scored].every(Number.isFinite) &&
    [total, eta].every((one) => one === null || Number.isFinite(one));
  return known && numbers && (machine === null || isMachine(machine)) && (error === null || isError(error));
}

const isError = (value: unknown): boolean =>
  isRecord(value) && typeof value['code'] === 'string' && typeof value['message'] === 'string';
