import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { statOrNull } from '../base/node/statOrNull';
import { fileError } from '../base/node/fileError';
import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import type { SavedMeasurement } from '../pairs/suspects/savedSuspects';
import type { MeasuredPair, Measurement } from '../pairs/suspects/signals';
import { readRun, rewardSteps } from './find';
import { runPaths, stepOfName } from './folder';
import { noSlices } from './rewardColumns/eachReward';
import { readColumns } from './rewardColumns/readColumns';
import { labels, type RewardColumns } from './rewardColumns/rewardColumns';

/** A file of rewards: what one model measured. */
export interface RewardsOfStep extends Measurement {
  readonly file: string;
}

/**
 * The files of rewards that a person names: by run folder, by the name of a run in `.margin/runs`, or by themselves. Of
 * a run, every step that was scored, except its start, at which all margins are 0.
 *
 * @throws MarginError `missing`; `not-scored` for a run without rewards; those of `readRun`
 */
export async function rewardsOfRuns(named: readonly string[], cwd: string): Promise<RewardsOfStep[]> {
  const found: RewardsOfStep[] = [];
  for (const one of named) found.push(...(await rewardsOf(one, cwd)));
  return found;
}

async function rewardsOf(named: string, cwd: string): Promise<RewardsOfStep[]> {
  for (const place of [resolve(cwd, named), join(cwd, '.margin', 'runs', named)]) {
    const there = await statOrNull(place);
    if (there?.isDirectory()) return ofRun(place);
    if (there) return [{ run: place, step: null, file: place }];
  }
  const path = resolve(cwd, named);
  await stat(path).catch((error: unknown) => Promise.reject(fileError(error, 'read', named)));
  return [{ run: path, step: null, file: path }];
}

async function ofRun(folder: string): Promise<RewardsOfStep[]> {
  await readRun(folder);
  const steps = (await rewardSteps(folder)).filter((step) => step > 0);
  if (steps.length === 0) {
    const message = `${folder} has no rewards after its start. Score its pairs with: margin score --run ${folder}`;
    throw new MarginError('not-scored', message, { folder });
  }
  return steps.map((step) => ({ run: basename(folder), step, file: runPaths.rewards(folder, step) }));
}

/**
 * Reads files of rewards: what each measured of each pair, by its `keyNumber`. Judged answers are left out.
 *
 * @throws MarginError `corrupt` with file and line; those of reading
 */
export async function readMeasured(files: readonly RewardsOfStep[]): Promise<ReadonlyMap<number, MeasuredPair>> {
  const byKey = new Map<number, MeasuredPair>();
  for (const [i, { file }] of files.entries()) {
    const columns = await readColumns(file, noSlices);
    const [keys, labelOf, margins] = [
      await columns.keys(),
      await columns.column('label'),
      await columns.column('margin'),
    ];
    const [chosen, rejected] = [await perToken(columns, 'chosen'), await perToken(columns, 'rejected')];
    for (let place = 0; place < columns.count; place++) {
      if (at(labelOf, place) !== labels.pair) continue;
      const key = keys.numberAt(place);
      let pair = byKey.get(key);
      if (pair === undefined)
        byKey.set(key, (pair = { margins: files.map(() => null), baseGap: chosen(place) - rejected(place) }));
      pair.margins[i] = at(margins, place);
    }
  }
  return byKey;
}

/** The log-prob of an answer under the reference, per token; 0 for an answer without tokens. */
async function perToken(columns: RewardColumns, side: 'chosen' | 'rejected'): Promise<(place: number) => number> {
  const [logps, tokens] = [await columns.column(`${side}.ref_logp`), await columns.column(`${side}.tokens`)];
  return (place) => (at(tokens, place) === 0 ? 0 : at(logps, place) / at(tokens, place));
}

/** The files of some measurements with their size and time, to see later whether they are still the same. */
export async function markedMeasurements(files: readonly RewardsOfStep[]): Promise<SavedMeasurement[]> {
  return Promise.all(
    files.map(async ({ run, step, file }) => {
      const { size, mtimeMs } = await stat(file).catch((error: unknown) =>
        Promise.reject(fileError(error, 'read', file)),
      );
      return { run, step, file, size, mtime: mtimeMs };
    }),
  );
}

/**
 * Why the verdicts of a saved search may not be those that its runs would give now. `newer`: a run has more scored
 * steps. `changed`: a file was written again. `missing`: a file is gone. Null: nothing has changed.
 */
export type Staleness = 'newer' | 'changed' | 'missing' | null;

/** Compares the measurements of a saved search with their files as they are now. */
export async function stalenessOf(measurements: readonly SavedMeasurement[]): Promise<Staleness> {
  const last = new Map<string, number>();
  for (const { step, file, size, mtime } of measurements) {
    // Whatever the reason why a file cannot be seen, its margins cannot be read again.
    const now = await statOrNull(file);
    if (now === null) return 'missing';
    if (now.size !== size || now.mtimeMs !== mtime) return 'changed';
    const folder = runOfRewards(file);
    if (step !== null && folder !== null) last.set(folder, Math.max(step, last.get(folder) ?? 0));
  }
  for (const [folder, step] of last) if ((await rewardSteps(folder)).some((one) => one > step)) return 'newer';
  return null;
}

/** The run folder of a file of rewards; null for one of *Score with Model*. */
export function runOfRewards(file: string): string | null {
  return stepOfName(basename(file)) === null ? null : dirname(dirname(file));
}
