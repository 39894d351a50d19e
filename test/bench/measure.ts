import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The resources of a process. Memory is the peak in MB: `resident` is `file`, the pages of mapped weights that the
 * system may drop, and `own`, everything else.
 */
export interface Usage {
  readonly resident: number;
  readonly own: number;
  readonly file: number;
  /** CPU seconds of all threads up to a time in milliseconds since 1970. */
  readonly cpuAt: (time: number) => number;
}

const pollMs = 50;

/** Clock ticks a second in /proc/PID/stat: USER_HZ, which is 100 on every platform that Node runs on. */
const ticks = 100;

/** Watches a process until it ends. Linux only: elsewhere all values are zero. */
export async function watchProcess(pid: number, ended: Promise<unknown>): Promise<Usage> {
  let [resident, own, file] = [0, 0, 0];
  const cpu: { time: number; seconds: number }[] = [];
  let alive = true;
  const stop = (): boolean => (alive = false);
  ended.then(stop, stop);
  while (alive) {
    // Empty once the process has ended, and on systems without /proc.
    const read = (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
    const [status, stat] = await Promise.all([read('status'), read('stat')]);
    resident = Math.max(resident, megabytes(status, 'VmHWM'));
    own = Math.max(own, megabytes(status, 'RssAnon'));
    file = Math.max(file, megabytes(status, 'RssFile'));
    if (stat) cpu.push({ time: Date.now(), seconds: cpuSeconds(stat) });
    await sleep(pollMs);
  }
  return { resident, own, file, cpuAt: (time) => cpu.findLast((one) => one.time <= time)?.seconds ?? 0 };
}

/** utime and stime are fields 14 and 15; field 2, a name in parentheses, may contain spaces (proc_pid_stat(5)). */
function cpuSeconds(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}

function megabytes(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
}

/** Minimum, median and maximum of some measurements. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  // NaN where there are no values.
  const quantile = (place: number): number => sorted[Math.round(place * (sorted.length - 1))] ?? Number.NaN;
  return { min: quantile(0), median: quantile(0.5), max: quantile(1) };
}
