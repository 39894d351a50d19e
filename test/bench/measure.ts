import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Most memory a process had, in MB. Of what is resident, file pages are mapped weights, which the system may drop; the rest is its own. */
export interface Peak {
  readonly resident: number;
  readonly own: number;
  readonly file: number;
}

const pollMs = 50;

/** Watches a process to its end (Linux only: zeros elsewhere). */
export async function peakMemory(pid: number, ended: Promise<unknown>): Promise<Peak> {
  let [resident, own, file] = [0, 0, 0];
  let alive = true;
  void ended.finally(() => (alive = false)).catch(() => undefined);
  while (alive) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    resident = Math.max(resident, megabytes(status, 'VmHWM'));
    own = Math.max(own, megabytes(status, 'RssAnon'));
    file = Math.max(file, megabytes(status, 'RssFile'));
    await sleep(pollMs);
  }
  return { resident, own, file };
}

function megabytes(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
}

/** Smallest, middle and largest of some measurements. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (place: number): number => sorted[Math.round(place * (sorted.length - 1))] ?? Number.NaN;
  return { min: at(0), median: at(0.5), max: at(1) };
}
