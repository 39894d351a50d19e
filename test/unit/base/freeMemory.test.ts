import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { totalmem, tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { freeDisk, freeMemory, type Read } from '../../../src/base/node/freeMemory';

/** A system of these files alone. */
const system =
  (files: Readonly<Record<string, string>>): Read =>
  async (path) =>
    files[path] ?? null;
const meminfo = 'MemTotal:       24684136 kB\nMemFree:        1000000 kB\nMemAvailable:   8000000 kB\n';

describe('free memory', () => {
  it('on Linux counts caches that can be dropped', async () => {
    expect(await freeMemory(system({ '/proc/meminfo': meminfo }))).toBe(8_000_000 * 1024);
  });

  it('is the rest of the tightest control group above the process, with file caches counted as free', async () => {
    const files = {
      '/proc/meminfo': meminfo,
      '/proc/self/cgroup': '0::/user.slice/app.scope\n',
      '/sys/fs/cgroup/user.slice/app.scope/memory.max': 'max\n',
      '/sys/fs/cgroup/user.slice/memory.max': '4000000000\n',
      '/sys/fs/cgroup/user.slice/memory.current': '3500000000\n',
      '/sys/fs/cgroup/user.slice/memory.stat': 'anon 1000000000\ninactive_file 1500000000\n',
    };
    expect(await freeMemory(system(files))).toBe(2_000_000_000);
  });

  it('reads version 1 of control groups, and takes its number for “no limit” as no limit', async () => {
    const files = {
      '/proc/meminfo': meminfo,
      '/proc/self/cgroup': '5:cpu,cpuacct:/job\n4:memory:/job/one\n0::/\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': '100\n',
      '/sys/fs/cgroup/memory/job/one/memory.limit_in_bytes': '2000000000\n',
      '/sys/fs/cgroup/memory/job/one/memory.usage_in_bytes': '1900000000\n',
      '/sys/fs/cgroup/memory/job/one/memory.stat': 'inactive_file 5\ntotal_inactive_file 400000000\n',
    };
    expect(await freeMemory(system(files))).toBe(500_000_000);
    expect(
      await freeMemory(
        system({ ...files, '/sys/fs/cgroup/memory/job/one/memory.limit_in_bytes': '9223372036854771712' }),
      ),
    ).toBe(8_000_000 * 1024);
  });

  it('of this machine is more than 0 and at most its memory', async () => {
    const free = await freeMemory();
    expect(free).toBeGreaterThan(0);
    expect(free).toBeLessThanOrEqual(totalmem());
  });
});

describe('free disk', () => {
  it('of a folder that does not exist yet is that of the folder above it', async () => {
    const folder = join(tmpdir(), 'not', 'there', 'yet');
    expect(existsSync(folder)).toBe(false);
    expect(await freeDisk(folder)).toBeGreaterThan(0);
  });
});
