import { readControl } from '../run/folder';
import type { LoadOptions } from '../reward/rowCollector';
import type { RunReporter } from './reporter';

/** Often enough for a moving count, and for a quick stop. */
const reportMs = 500;

/** The run was asked to stop while it read its rows. There is nothing to save yet. */
export class StoppedLoading extends Error {
  override readonly name = 'StoppedLoading';
}

/**
 * Returns a callback for the loading of rows, which writes its progress to state.json.
 *
 * @throws StoppedLoading from the callback, if control.json or `stopping` asks for a stop
 */
export function reportLoading(
  folder: string,
  reporter: Pick<RunReporter, 'update'>,
  stopping: () => boolean,
): NonNullable<LoadOptions['onProgress']> {
  let reported = 0;
  return async (lines) => {
    if (Date.now() - reported < reportMs) return;
    reported = Date.now();
    reporter.update({ rows_read: lines });
    const { want } = await readControl(folder);
    if (want === 'stop' || stopping()) throw new StoppedLoading();
  };
}
