import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileError } from '../base/node/fileError';
import { readLines } from '../base/node/readLines';
import { MarginError } from '../base/pure/marginError';
import { keyNumber } from '../pairs/keyNumber';
import type { SavedMeasurement } from '../pairs/suspects/savedSuspects';
import type { MeasuredPair, Measurement } from '../pairs/suspects/signals';
import { readRun, rewardSteps } from './find';
import { runPaths, stepOfName } from './folder';
import { maxRewardLine, rewardIn } from './rewardLine';

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
    const there = await stat(place).catch(() => null);
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
  for (const [i, { file }] of files.entries())
    for await (const { number, text } of readLines(file, maxRewardLine)) {
      if (text === '') continue;
      const { key, label, margin, chosen, rejected } = rewardIn(text, `${file}:${number}`);
      if (label !== undefined) continue;
      const place = keyNumber(key);
      let pair = byKey.get(place);
      if (pair === undefined) {
        const baseGap = perToken(chosen) - perToken(rejected);
        byKey.set(place, (pair = { margins: files.map(() => null), baseGap }));
      }
      pair.margins[i] = margin;
    }
  return byKey;
}

function perToken({ ref_logp: logp, tokens }: { readonly ref_logp: number; readonly tokens: number }): number {
  return tokens === 0 ? 0 : logp / tokens;
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
    const now = await stat(file).catch(() => null);
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
