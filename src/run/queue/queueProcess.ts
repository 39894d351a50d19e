import { errorMessage } from '../../base/pure/marginError';
import { workQueue } from './workQueue';

/**
 * `node queue.js OUTPUT_DIR TRAINER` starts the queued runs of a runs folder, one after another.
 * Exit codes: 0 the queue is empty, or another process works on it; 1 failed; 2 wrong usage.
 */
async function main(): Promise<number> {
  const [outputDir, trainer] = process.argv.slice(2);
  if (outputDir === undefined || trainer === undefined) {
    console.error('Usage: queue.js OUTPUT_DIR TRAINER');
    return 2;
  }
  // The window that started it may close.
  process.on('SIGHUP', () => undefined);
  const log = (line: string): void => console.log(`${new Date().toISOString()} ${line}`);
  await workQueue(outputDir, { trainer, node: process.execPath, log });
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(errorMessage(error));
    process.exit(1);
  },
);
