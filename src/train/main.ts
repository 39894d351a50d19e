import { EventWriter } from '../run/events';
import { RunReporter } from './reporter';
import { runTrainer } from './runTrainer';

/** The trainer process: `node trainer.js RUN_FOLDER [--resume]`. Everything it has to say goes into the run folder. */
async function main(): Promise<void> {
  const [folder, flag] = process.argv.slice(2);
  if (folder === undefined) {
    console.error('usage: trainer.js RUN_FOLDER [--resume]');
    process.exitCode = 2;
    return;
  }
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => (stopping = true));
  // The window that started the run may close.
  process.on('SIGHUP', () => undefined);

  const reporter = new RunReporter(folder, new EventWriter(folder));
  try {
    await runTrainer(folder, flag === '--resume', reporter, () => stopping);
  } catch (error) {
    console.error(error);
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'internal';
    reporter.fail(code, error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

void main();
