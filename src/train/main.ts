import { join } from 'node:path';
import { cacheFolder } from '../run/cacheFolder';
import { EventWriter } from '../run/events';
import { readRunConfig } from '../run/folder';
import { RunLock } from '../run/lock';
import { lockVariable } from '../run/start';
import type { RunConfig } from '../run/types';
import { dryRunProcess } from './estimate/dryRunProcess';
import { RunReporter } from './reporter';
import { runTrainer } from './runTrainer';

/**
 * The trainer process: `node trainer.js RUN_FOLDER [--resume]`; `--dry_run` alone makes it that of a dry run. It holds the
 * run's lock for its life. Everything it has to say goes into the run folder; what it prints is for the folder's log.txt.
 * Exit code 0: done or stopped, 1: failed, or the run is another process's; 2: wrong usage.
 */
async function main(folder: string, resume: boolean): Promise<void> {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => (stopping = true));
  // The window that started the run may close.
  process.on('SIGHUP', () => undefined);
  // Read first: a folder that a newer Margin made is left as it is.
  const run = await readRunConfig(folder);
  // Before anything is written: nothing of another trainer's is touched.
  const lock = await RunLock.acquire(folder, 'training', process.env[lockVariable]);
  try {
    await train(folder, run, resume, () => {
      lock.assertHeld();
      return stopping;
    });
  } finally {
    lock.release();
  }
}

async function train(folder: string, run: RunConfig, resume: boolean, stopping: () => boolean): Promise<void> {
  const reporter = new RunReporter(folder, new EventWriter(folder), console.log);
  try {
    await runTrainer(folder, run, resume, reporter, stopping, join(cacheFolder(), 'reference'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'internal';
    // The folder is another trainer's then, state and events with it.
    if (code === 'lock-lost') reporter.close();
    else reporter.fail(code, messageOf(error));
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whoever started the run may be gone, and their end of the pipe with them. */
function ignoreClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

ignoreClosedOutput();
const [folder, flag] = process.argv.slice(2);
if (folder === '--dry_run') {
  // Sessions and input are still open, and no longer needed.
  void dryRunProcess(process.stdin, process.stdout).then((code) => process.exit(code));
} else if (folder === undefined || (flag !== undefined && flag !== '--resume')) {
  console.error('usage: trainer.js RUN_FOLDER [--resume] | --dry_run');
  process.exitCode = 2;
} else {
  main(folder, flag === '--resume').catch((error: unknown) => {
    // An error with a code says all there is to say; the others are defects, and their stack tells where.
    console.error(error instanceof Error && 'code' in error ? error.message : error);
    process.exitCode = 1;
  });
}
