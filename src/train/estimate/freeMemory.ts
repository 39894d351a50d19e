import { readFile, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Where a control group's limit and use stand: version 2 keeps all groups in one tree, version 1 those of memory in
 * their own.
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

/** Reads a file, null where there is none. */
export type Read = (path: string) => Promise<string | null>;

/**
 * Bytes that a process can take without pushing others out. On Linux `MemAvailable` (free memory and caches that can be
 * dropped), or less where a control group above this process has a limit: what is left of it, file caches that can be
 * dropped not counted as used, which Node's own figure does not do. Elsewhere what Node says.
 */
export async function freeMemory(read: Read = readIfThere): Promise<number> {
  const available = /^MemAvailable:\s+(\d+) kB$/m.exec((await read('/proc/meminfo')) ?? '')?.[1];
  if (available === undefined) return process.availableMemory();
  return Math.min(1024 * Number(available), await leftInGroups(read));
}

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
      // `max`, and of the root no file at all, is no limit.
      const bytes = Number.parseInt(allowed ?? '', 10);
      if (Number.isFinite(bytes))
        least = Math.min(
          least,
          Math.max(0, bytes - Number(used ?? 0) + Number(reclaimable.exec(stat ?? '')?.[1] ?? 0)),
        );
      if (group === dirname(group)) break;
    }
  }
  return least;
}

async function readIfThere(path: string): Promise<string | null> {
  // Not Linux, or a group that is not shown to this process: nothing is known of it.
  return readFile(path, 'utf8').catch(() => null);
}

/** Bytes that a user may still write in a folder, or in the nearest one above it that is there. */
export async function freeDisk(folder: string): Promise<number> {
  const found = await statfs(folder).catch((error: unknown) => {
    if (dirname(folder) === folder) throw error;
    return null;
  });
  return found ? found.bavail * found.bsize : freeDisk(dirname(folder));
}
