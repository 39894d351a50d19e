import { readControl } from '../run/folder';
import type { LoadOptions } from '../reward/rowCollector';
import type { RunReporter } from './reporter';

/** Often enough for a line that counts, and to obey at once. */
const tellMs = 500;

/** A run was told to stop while it read its rows, when there is nothing yet to save. */
export class StoppedLoading extends Error {
  override readonly name = 'StoppedLoading';
}

/**
 * Tells in state.json how far the reading of rows is, and ends it with {@link StoppedLoading} where control.json or
 * `stopping` wants that.
 */
export function tellLoading(
  folder: string,
  reporter: RunReporter,
  stopping: () => boolean,
): NonNullable<LoadOptions['onProgress']> {
  let told = 0;
  return async (lines) => {
    if (Date.now() - told < tellMs) return;
    told = Date.now();
    reporter.update({ rows_read: lines });
    const { want } = await readControl(folder);
    if (want === 'stop' || stopping()) throw new StoppedLoading();
  };
}
