import { join } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { endScoring } from '../run/endScoring';
import { readRun, type FoundRun } from '../run/find';
import { runPaths } from '../run/folder';
import { startScoring } from '../run/startScoring';
import type { Scoring } from '../run/types';
import { RunWatch } from '../run/watch';
import type { Surroundings } from './command';
import { duration, Progress } from './progress';

/** `scoring 120/992 pairs · ETA 0:42` */
export function scoringLine({ scored, total, eta }: Scoring): string {
  const pairs = total === null ? 'scoring: reading' : `scoring ${scored}/${total} pairs`;
  return eta === null ? pairs : `${pairs} · ETA ${duration(eta)}`;
}

/**
 * `margin score --run`: starts a separate process that scores the remaining pairs of a run, unless one is running
 * already, and follows it. Ctrl+C stops it and keeps the scored pairs. Returns the exit code.
 *
 * @param options `isPart`: the scoring is a part of another command, and its summary goes to stderr
 *
 * @throws MarginError `interrupted` | `score-failed`, and those of {@link startScoring}
 */
export async function scoreRun(
  folder: string,
  options: { readonly json: boolean; readonly isPart?: boolean },
  { output, programs }: Surroundings,
): Promise<number> {
  const { json, isPart = false } = options;
  const { scoring } = await readRun(folder);
  if (scoring?.status !== 'running')
    await startScoring(folder, { trainer: join(programs, 'trainer.js'), node: process.execPath });
  const progress = new Progress(output);
  const last = await scored(
    folder,
    (now) => progress.update(scoringLine(now)),
    (error) => output.say(String(error)),
  );
  progress.end();
  if (last.status === 'failed')
    throw new MarginError('score-failed', last.error?.message ?? `See ${runPaths.log(folder)}.`, { folder });
  const path = runPaths.rewards(folder, last.step);
  if (last.status !== 'done')
    throw new MarginError(
      'interrupted',
      `${last.scored} of ${last.total ?? 'the'} pairs are scored and kept. Continue with: margin score --run ${folder}`,
      { folder },
    );
  if (isPart) output.say(`${last.scored} pairs scored · ${path}`);
  else if (json) output.json({ run: folder, step: last.step, scored: last.scored, rewards: path });
  else output.line(`${last.scored} pairs scored · ${path}`);
  return 0;
}

/** Resolves with the last state when the scoring ends. */
function scored(
  folder: string,
  tell: (scoring: Scoring) => void,
  complain: (error: unknown) => void,
): Promise<Scoring> {
  return new Promise((resolve) => {
    const end = (): void => {
      endScoring(folder).catch(complain);
    };
    process.once('SIGINT', end).once('SIGTERM', end);
    const watch = new RunWatch(folder, {
      events: () => undefined,
      run: ({ scoring }: FoundRun) => {
        if (scoring === null) return;
        tell(scoring);
        if (scoring.status === 'running') return;
        watch.close();
        process.off('SIGINT', end).off('SIGTERM', end);
        resolve(scoring);
      },
      error: complain,
    });
  });
}
