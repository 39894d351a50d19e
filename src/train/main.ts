import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { bundlePath } from '../base/node/bundlePath';
import { cacheFolder } from '../base/node/cacheFolder';
import { errorCode, errorMessage } from '../base/pure/marginError';
import { EventWriter } from '../run/events';
import { readRunConfig } from '../run/folder';
import { RunLock, type LockPurpose } from '../run/lock';
import { isScoringAskedToStop } from '../run/scoring';
import { lockVariable } from '../run/start';
import type { RunConfig } from '../run/types';
import { answerParent } from './answerParent';
import { ChatProgram } from './chat/chatProgram';
import { dryRunProcess } from './estimate/dryRunProcess';
import { RunReporter } from './reporter';
import { loadRowsInThread, sendRows } from './rowThread';
import type { LoadRunRows } from './runRows';
import { runTrainer } from './runTrainer';
import { scoreRun } from './scoreRun';
import { ScoringReporter } from './scoringReporter';
import { RewardProgram } from './tokenRewards/rewardProgram';
import { trainWithTrl } from './trl/trainWithTrl';

/** How often a scorer looks whether it is asked to stop. */
const controlMs = 500;

const references = (): string => join(cacheFolder(), 'reference');

/**
 * The trainer process. `node trainer.js RUN_FOLDER [--resume]` trains a run, and scores its pairs when it is done.
 * `--score` scores the pairs of a run that has ended. The process holds the run's lock while it lives. It writes
 * results to the run folder; its output goes to the folder's log.txt. Without a folder, `--dry_run` is a dry run;
 * `--token_rewards` scores single pairs and `--chat` answers prompts for the process that started it. Exit codes: 0
 * done or stopped, 1 failed or another process has the run, 2 wrong usage.
 */
async function main(folder: string, flag: '--resume' | '--score' | undefined): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  // The window that started the run may close.
  process.on('SIGHUP', () => undefined);
  // Read first: if a newer Margin made the folder, this throws before anything is written.
  const run = await readRunConfig(folder);
  const token = process.env[lockVariable];
  if (flag === '--score') return withLock(folder, 'scoring', token, () => score(folder, run, stop));
  const ended = await withLock(folder, 'training', token, (lock) =>
    train(folder, run, flag === '--resume', lock, stop.signal),
  );
  if (ended === 'failed') process.exitCode = 1;
  if (ended === 'done') await withLock(folder, 'scoring', undefined, () => score(folder, run, stop));
}

/** Runs `work` while this process holds the run's lock. */
async function withLock<T>(
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

/** In a package this code is in a file of several programs, which starts none of them; `trainer.js` starts this. */
const loadInThread = (): LoadRunRows => loadRowsInThread(bundlePath('trainer.js'));

async function train(
  folder: string,
  run: RunConfig,
  resume: boolean,
  lock: RunLock,
  signal: AbortSignal,
): Promise<'stopped' | 'done' | 'failed'> {
  const reporter = new RunReporter(folder, new EventWriter(folder), console.log);
  const stopping = (): boolean => {
    lock.assertHeld();
    return signal.aborted;
  };
  try {
    if (run.config.backend === 'trl') return await trainWithTrl(folder, run, reporter, { resume, stopping });
    return await runTrainer(folder, run, reporter, { resume, stopping, cache: references(), load: loadInThread() });
  } catch (error) {
    const code = codeOf(error);
    // Another trainer has the folder, so this process must not write state or events.
    if (code === 'lock-lost') reporter.close();
    else reporter.fail(code, errorMessage(error));
    throw error;
  }
}

async function score(folder: string, run: RunConfig, stop: AbortController): Promise<void> {
  const reporter = new ScoringReporter(folder, new EventWriter(folder), console.log);
  const lookForStop = async (): Promise<void> => {
    if (await isScoringAskedToStop(folder)) stop.abort();
  };
  // If the file cannot be read now, the next look may succeed.
  const look = setInterval(() => void lookForStop().catch(() => undefined), controlMs);
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

/** The process that started the run may be gone, and with it the other end of the pipe. */
function ignoreClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** The message of an error with a code is for people. Any other error is a defect, and its stack shows where. */
function fail(error: unknown): void {
  console.error(errorCode(error) === undefined ? error : errorMessage(error));
  process.exitCode = 1;
}

ignoreClosedOutput();
const [folder, flag] = process.argv.slice(2);
if (!isMainThread) {
  sendRows().catch((error: unknown) => {
    console.error(error);
    // This ends the thread only; the main thread reports that it ended.
    process.exit(1);
  });
} else if (folder === '--dry_run') {
  // Sessions and input are still open, so the process would not end by itself.
  dryRunProcess(process.stdin, process.stdout, loadInThread()).then(
    (code) => process.exit(code),
    (error: unknown) => {
      fail(error);
      process.exit(1);
    },
  );
} else if (folder === '--token_rewards') {
  const program = new RewardProgram();
  answerParent(program.answer.bind(program));
} else if (folder === '--chat') {
  const program = new ChatProgram();
  answerParent(program.answer.bind(program));
} else if (folder === undefined || (flag !== undefined && flag !== '--resume' && flag !== '--score')) {
  console.error('usage: trainer.js RUN_FOLDER [--resume | --score] | --dry_run | --token_rewards | --chat');
  process.exitCode = 2;
} else {
  main(folder, flag).catch(fail);
}
