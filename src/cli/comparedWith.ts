import { MarginError } from '../base/pure/marginError';
import { compareFiles, type FileComparison } from '../jsonl/node/compare/compareFiles';
import type { Reading } from '../pairs/reading';
import type { Output } from './output';
import { Progress } from './progress';

/**
 * Compares a file with another, or with the last commit, with progress. Ctrl+C leaves no copy of the last commit.
 *
 * @param other null for the last commit
 * @throws MarginError as `compareFiles`; `interrupted`
 */
export async function comparedWith(
  file: string,
  other: string | null,
  reading: Reading,
  output: Output,
): Promise<FileComparison> {
  const controller = new AbortController();
  const { signal } = controller;
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const progress = new Progress(output);
  const report = (rows: number): void => progress.update(`${rows.toLocaleString('en')} rows read`);
  try {
    return await compareFiles(file, other, reading, { signal, report });
  } catch (error) {
    throw signal.aborted ? new MarginError('interrupted', 'Stopped.') : error;
  } finally {
    progress.end();
    // From here on no file can be left behind, so Ctrl+C may end the process at once again.
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}
