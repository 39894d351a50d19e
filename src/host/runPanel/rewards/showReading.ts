import { basename } from 'node:path';
import type { Notices } from '../../notices';
import { readingStopped, type SlowReading } from './slowReading';

/** Files with columns are read at once, and those of small runs soon. */
const unseenMs = 1000;

/** After a second, a notification with the part of the lines that is read, and *Cancel*. */
export function showReading(notices: Pick<Notices, 'progress' | 'error'>): SlowReading {
  return async (folder, step, read) => {
    const stop = new AbortController();
    let tell: (part: number) => void = () => undefined;
    const reading = read((part) => tell(part), stop.signal);
    const timer = setTimeout(() => {
      const title = `Reading the rewards of step ${step} of ${basename(folder)} for the first time`;
      const shown = notices.progress(title, (report, token) => {
        token.onCancellationRequested(() => stop.abort(readingStopped(step)));
        tell = inPercent(report);
        // Whoever asked for the rewards shows why they did not arrive.
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
  };
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
