import { join } from 'node:path';
import { cacheFolder } from '../base/node/cacheFolder';
import { errorCode, errorMessage } from '../base/pure/marginError';
import { EventWriter } from '../run/events';
import { readRunConfig } from '../run/folder';
import { RunLock, type LockPurpose } from '../run/lock';
import { isScoringAskedToStop } from '../run/scoring';
import { lockVariable } from '../run/start';
import type { RunConfig } from '../run/types';
import { dryRunProcess } from './estimate/dryRunProcess';
import { RunReporter } from './reporter';
import { runTrainer } from './runTrainer';
import { scoreRun } from './scoreRun';
import { ScoringReporter } from './scoringReporter';

/** How often a scorer looks whether it is to end. */
const controlMs = 500;

const references = (): string => join(cacheFolder(), 'reference');

/**
 * The trainer process: `node trainer.js RUN_FOLDER [--resume]` trains, and scores the pairs once the run is done;
 * `--score` scores those of a run that ended; `--dry_run` alone makes it that of a dry run. It holds the run's lock for
 * its life. Everything it has to say goes into the run folder; what it prints is for the folder's log.txt. Exit code 0:
 * done or stopped, 1: failed, or the run is another process's; 2: wrong usage.
 */
async function main(folder: string, flag: '--resume' | '--score' | undefined): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  // The window that started the run may close.
  process.on('SIGHUP', () => undefined);
  // Read first: a folder that a newer Margin made is left as it is.
  const run = await readRunConfig(folder);
  const token = process.env[lockVariable];
  if (flag === '--score') return holding(folder, 'scoring', token, () => score(folder, run, stop));
  const ended = await holding(folder, 'training', token, (lock) =>
    train(folder, run, flag === '--resume', lock, stop.signal),
  );
  if (ended === 'done') await holding(folder, 'scoring', undefined, () => score(folder, run, stop));
}

/** Before anything is written: nothing of another process's is touched. */
async function holding<T>(
  folder: string,
  purpose: LockPurpose,
  token: string | undefined,
  work: (lock: RunLock) => Promise<T>,
): Promise<T> {
  const lock = await RunLock.acquire(folder, purpose, token);
  try {
    return await work(lock);
  } finally {
    lock.release();
  }
}

async function train(
  folder: string,
  run: RunConfig,
  resume: boolean,
  lock: RunLock,
  signal: AbortSignal,
): Promise<'stopped' | 'done'> {
  const reporter = new RunReporter(folder, new EventWriter(folder), console.log);
  const stopping = (): boolean => {
    lock.assertHeld();
    return signal.aborted;
  };
  try {
    return await runTrainer(folder, run, resume, reporter, stopping, references());
  } catch (error) {
    const code = codeOf(error);
    // The folder is another trainer's then, state and events with it.
    if (code === 'lock-lost') reporter.close();
    else reporter.fail(code, errorMessage(error));
    throw error;
  }
}

async function score(folder: string, run: RunConfig, stop: AbortController): Promise<void> {
  const reporter = new ScoringReporter(folder, new EventWriter(folder), console.log);
  const look = setInterval(
    () => void isScoringAskedToStop(folder).then((unwanted) => unwanted && stop.abort()),
    controlMs,
  );
  try {
    await scoreRun(folder, run, reporter, stop.signal, references());
  } catch (error) {
    reporter.fail(codeOf(error), errorMessage(error));
    throw error;
  } finally {
    clearInterval(look);
  }
}

const codeOf = (error: unknown): string => errorCode(error) ?? 'internal';

/** Whoever started the run may be gone, and their end of the pipe with them. */
function ignoreClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

ignoreClosedOutput();
const [folder, flag] = process.argv.slice(2);
if (folder === '--dry_run') {
  // Exits at once, because sessions and input are still open.
  dryRunProcess(process.stdin, process.stdout).then(
    (code) => process.exit(code),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
} else if (folder === undefined || (flag !== undefined && flag !== '--resume' && flag !== '--score')) {
  console.error('usage: trainer.js RUN_FOLDER [--resume | --score] | --dry_run');
  process.exitCode = 2;
} else {
  main(folder, flag).catch((error: unknown) => {
    // An error with a code says all there is to say; the others are defects, and their stack tells where.
    console.error(errorCode(error) === undefined ? error : errorMessage(error));
    process.exitCode = 1;
  });
}
