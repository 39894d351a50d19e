import { resolve } from 'node:path';
import { stepName } from '../run/folder';
import { RunLock } from '../run/lock';
import { planPrune, type PrunePlan } from '../run/prune';
import { removeCheckpoint } from '../train/rotateCheckpoints';
import { type Arguments, flag, number, text, UsageError } from './args';
import type { Surroundings } from './command';

/**
 * `margin runs prune RUN …`: says which checkpoints it removes, then removes them.
 *
 * @throws MarginError those of `planPrune`; `run-locked` while a process trains or scores the run
 */
export async function pruneRuns(args: Arguments, { cwd, output }: Surroundings): Promise<number> {
  const [, ...given] = args.positionals;
  if (given.length === 0) throw new UsageError('prune which run? Name its folder.');
  const limit = limitOf(args);
  const [json, isDry] = [flag(args, 'json'), flag(args, 'dry_run')];
  for (const run of new Set(given.map((one) => resolve(cwd, one)))) {
    const show = (plan: PrunePlan): void => {
      if (json) output.json(asJson(plan));
      else for (const line of linesOf(plan, isDry)) output.line(line);
    };
    if (isDry) show(await planPrune(run, limit));
    else await prune(run, limit, show);
  }
  return 0;
}

/** Holds the lock from the plan on, so that nobody resumes from a checkpoint that is being removed. */
async function prune(run: string, limit: number, show: (plan: PrunePlan) => void): Promise<void> {
  // Read without the lock first: a folder that is no run must not get a lock file.
  await planPrune(run, limit);
  const lock = await RunLock.acquire(run, 'deleting');
  try {
    const plan = await planPrune(run, limit);
    show(plan);
    for (const { step } of plan.removed) await removeCheckpoint(run, step);
  } finally {
    lock.release();
  }
}

/** `best`: only the newest and the best one. @throws UsageError */
function limitOf(args: Arguments): number {
  const keep = text(args, 'keep');
  return keep === null || keep === 'best' ? 0 : number(args, 'keep', 0, { min: 1, integer: true });
}

function asJson({ run, removed, kept }: PrunePlan): object {
  return { run, removed, kept, bytes: total(removed) };
}

function linesOf({ run, removed, kept }: PrunePlan, isDry: boolean): string[] {
  return [
    `${run}: ${isDry ? 'would remove' : 'removes'} ${removed.length} of ${removed.length + kept.length} checkpoints, ${megabytes(total(removed))}`,
    ...removed.map(({ step, bytes }) => `  remove  ${stepName(step)}  ${megabytes(bytes)}`),
    ...kept.map(({ step, why }) => `  keep    ${stepName(step)}  ${why}`),
  ];
}

const total = (removed: PrunePlan['removed']): number => removed.reduce((sum, { bytes }) => sum + bytes, 0);
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
