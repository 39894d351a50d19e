/** A longer gap between two verdicts is a pause, not work. */
const longestGapMs = 5 * 60_000;
/** The pace is that of the last verdicts, so that it follows a person who gets tired or used to the work. */
const gapsUsed = 20;
/** Fewer gaps give no pace worth showing. */
const leastGaps = 3;

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Seconds for one pair; null until there are enough verdicts. */
  readonly pace: number | null;
  /** Seconds for the rest at this pace. */
  readonly left: number | null;
}

/**
 * Mean seconds between verdicts, without pauses of more than 5 minutes.
 *
 * @param times of verdicts in milliseconds, ascending
 * @param newest how many of the last gaps count; Infinity for all
 * @returns null if there are fewer than 3 such gaps
 */
export function paceOf(times: readonly number[], newest = gapsUsed): number | null {
  const gaps = times.flatMap((time, i) => {
    const before = times[i - 1];
    return before === undefined || time - before > longestGapMs ? [] : [time - before];
  });
  const used = gaps.slice(-newest);
  return used.length < leastGaps ? null : used.reduce((sum, gap) => sum + gap, 0) / used.length / 1000;
}

/** How far a person is. @param times of verdicts in milliseconds, ascending */
export function progressOf(done: number, total: number, times: readonly number[]): Progress {
  const pace = paceOf(times);
  return { done, total, pace, left: pace === null ? null : pace * (total - done) };
}
