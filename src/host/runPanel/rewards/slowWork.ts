import type { MarginError } from '../../../base/pure/marginError';
import type { Notices } from '../../notices';

/** Most files are read at once. */
const unseenMs = 1000;

/** Reads a file. @param told called with the part that is read, 0 to 1. @param signal stops the reading */
export type ReadSlowly<Result> = (told: (part: number) => void, signal: AbortSignal) => Promise<Result>;

/** After a second, a notification with the part that is read, and *Cancel*. @param stopped the error of a cancel */
export async function showSlow<Result>(
  notices: Pick<Notices, 'progress' | 'error'>,
  title: string,
  stopped: () => MarginError,
  read: ReadSlowly<Result>,
): Promise<Result> {
  const stop = new AbortController();
  let tell: (part: number) => void = () => undefined;
  const reading = read((part) => tell(part), stop.signal);
  const timer = setTimeout(() => {
    const shown = notices.progress(title, (report, token) => {
      token.onCancellationRequested(() => stop.abort(stopped()));
      tell = inPercent(report);
      // Whoever asked for what is read shows why it did not arrive.
      const done = (): undefined => undefined;
      return reading.then(done, done);
    });
    shown.then(undefined, notices.error);
  }, unseenMs);
  try {
    return await reading;
  } finally {
    clearTimeout(timer);
  }
}

/** Reports each percent once. */
function inPercent(report: (message: string, increment: number) => void): (part: number) => void {
  let shown = 0;
  return (part) => {
    const percent = Math.floor(100 * part);
    if (percent <= shown) return;
    report(`${percent} %`, percent - shown);
    shown = percent;
  };
}
