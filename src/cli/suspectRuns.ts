import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileError } from '../base/node/fileError';
import { readLines } from '../base/node/readLines';
import { MarginError } from '../base/pure/marginError';
import { keyNumber } from '../pairs/keyNumber';
import type { Measurement } from '../pairs/suspects/signals';
import { readRun, rewardSteps } from '../run/find';
import { runPaths } from '../run/folder';
import { maxRewardLine, rewardIn } from '../run/rewardLine';

/** A file of rewards: what one model measured. */
export interface RewardsOfStep extends Measurement {
  readonly file: string;
}

/** What was measured of a pair, as its file of rewards has it. */
export interface MeasuredPair {
  /** [measurements] null where the pair was not scored. */
  readonly margins: (number | null)[];
  /** The mean log-prob of a token under the reference, chosen minus rejected, in nats. */
  readonly baseGap: number;
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
