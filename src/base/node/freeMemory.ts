import { readFile, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * The files of a control group's memory limit and usage. Version 2 has one tree for all resources, version 1 one for
 * memory.
 */
const versions = [
  {
    entry: /^0::(.*)$/m,
    root: '/sys/fs/cgroup',
    limit: 'memory.max',
    usage: 'memory.current',
    reclaimable: /^inactive_file (\d+)$/m,
  },
  {
    entry: /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m,
    root: '/sys/fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    usage: 'memory.usage_in_bytes',
    reclaimable: /^total_inactive_file (\d+)$/m,
  },
] as const;

/** Reads a file; null if it cannot be read. */
export type Read = (path: string) => Promise<string | null>;

/**
 * Bytes that a process can use without taking memory from others. On Linux this is `MemAvailable` (free memory and
 * caches that can be dropped), or what is left of the limit of a control group around this process, if that is less.
 * Unlike Node's figure, it counts file caches that can be dropped as free. On other systems it is Node's figure.
 */
export async function freeMemory(read: Read = readIfThere): Promise<number> {
  const available = /^MemAvailable:\s+(\d+) kB$/m.exec((await read('/proc/meminfo')) ?? '')?.[1];
  if (available === undefined) return process.availableMemory();
  return Math.min(1024 * Number(available), await leftInGroups(read));
}

/** What is left of the tightest limit of the control groups around this process, in bytes; infinite without a limit. */
async function leftInGroups(read: Read): Promise<number> {
  const groups = (await read('/proc/self/cgroup')) ?? '';
  let least = Number.POSITIVE_INFINITY;
  for (const { entry, root, limit, usage, reclaimable } of versions) {
    const path = entry.exec(groups)?.[1];
    if (path === undefined) continue;
    for (let group = path; ; group = dirname(group)) {
      const [allowed, used, stat] = await Promise.all(
        [limit, usage, 'memory.stat'].map((name) => read(join(root, group, name))),
      );
      const bytes = bytesOf(allowed);
      if (bytes !== null) {
        const dropped = bytesOf(reclaimable.exec(stat ?? '')?.[1]);
        least = Math.min(least, Math.max(0, bytes - (bytesOf(used) ?? unknownUse) + (dropped ?? unknownUse)));
      }
      if (group === dirname(group)) break;
    }
  }
  return least;
}

/** A group that hides its usage counts as unused. */
const unknownUse = 0;

/** The number in a control group's file; null for `max` and for a file that is not there (the root has none). */
function bytesOf(text: string | null | undefined): number | null {
  const bytes = Number.parseInt(text ?? '', 10);
  return Number.isFinite(bytes) ? bytes : null;
}

async function readIfThere(path: string): Promise<string | null> {
  // The system is not Linux, or this process may not see the group.
  return readFile(path, 'utf8').catch(() => null);
}

/** Bytes that this user can still write to a folder. If it does not exist yet, to the nearest folder above it. */
export async function freeDisk(folder: string): Promise<number> {
  const found = await statfs(folder).catch((error: unknown) => {
    if (dirname(folder) === folder) throw error;
    return null;
  });
  return found ? found.bavail * found.bsize : freeDisk(dirname(folder));
}
