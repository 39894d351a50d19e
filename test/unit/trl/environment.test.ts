import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readyPython } from '../../../src/trl/environment';
import { pipProgress } from '../../../src/trl/installPython';
import { temporaryFolder } from '../run/temporaryFolder';

const options = { requirements: 'trl==1.16.0\n', say: () => undefined };

it('a named Python without TRL is refused with what to do, and nothing is installed', async () => {
  const cache = join(await temporaryFolder(), 'cache');
  const { signal } = new AbortController();
  const missing = join(cache, 'no-python');
  const asked = readyPython({ ...options, cache, named: missing, signal });
  await expect(asked).rejects.toMatchObject({ code: 'python-lacks' });
  await expect(asked).rejects.toThrow('requirements.txt');
  expect(existsSync(cache)).toBe(false);
});

it('an installation that is cancelled leaves nothing behind', async () => {
  const cache = join(await temporaryFolder(), 'cache');
  const signal = AbortSignal.abort(new Error('stopped'));
  await expect(readyPython({ ...options, cache, named: undefined, signal })).rejects.toThrow('stopped');
  expect(existsSync(cache)).toBe(false);
});

it('of the lines of pip, large downloads and the unpacking are shown', () => {
  const shown = [
    'Collecting torch==2.13.0 (from -r requirements.txt (line 1))',
    'Downloading torch-2.13.0-cp311-cp311-manylinux_2_28_x86_64.whl (866.1 MB)',
    'Downloading trl-1.16.0-py3-none-any.whl (948 kB)',
    'Installing collected packages: mpmath, torch, trl',
  ].map(pipProgress);
  const unpacking = 'Unpacking 3 packages, which takes minutes';
  expect(shown).toEqual([null, 'Downloading torch 2.13.0 (866.1 MB)', null, unpacking]);
});

/** Stands in for Python: makes an environment whose pip prints a line, and which has every package. */
const standIn = `#!/bin/bash
case "$*" in
  '-m venv '*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  '-m pip '*) echo 'Downloading torch-2.13.0-cp311-any.whl (866.1 MB)'; exec sleep \${PIP_SECONDS:-0} ;;
esac
`;

/** The id of a process that has ended. */
const deadPid = 2 ** 30;

beforeEach(async () => {
  const bin = await temporaryFolder();
  await writeFile(join(bin, 'python3'), standIn, { mode: 0o755 });
  vi.stubEnv('PATH', `${bin}${delimiter}${process.env['PATH'] ?? ''}`);
});
afterEach(() => void vi.unstubAllEnvs());

describe.skipIf(process.platform === 'win32')('an environment of Margin', () => {
  const own = { requirements: 'torch==2.13.0\ntrl==1.16.0\n', named: undefined };

  it('is made once, and again when it is damaged; what a killed installation left is removed', async () => {
    const cache = await temporaryFolder();
    const { signal } = new AbortController();
    const said: string[] = [];
    const ready = (): Promise<string> => readyPython({ ...own, cache, signal, say: (line) => said.push(line) });
    const python = await ready();
    const folder = dirname(dirname(python));
    expect(await ready()).toBe(python);
    expect(said.map((line) => line.split(' ')[0])).toEqual(['Installing', 'Downloading', 'PyTorch']);
    await mkdir(`${folder}.partial-${deadPid}-${hostname()}`);
    await rm(python);
    expect(await ready()).toBe(python);
    expect(said[3]).toContain('It is damaged, so it is made again');
    expect(await readdir(cache)).toEqual([folder.slice(cache.length + 1)]);
  });

  it('whose installation is canceled leaves nothing behind, and pip has ended', async () => {
    const cache = await temporaryFolder();
    vi.stubEnv('PIP_SECONDS', '600');
    const abort = new AbortController();
    const say = (line: string): void => {
      if (line.startsWith('Downloading')) abort.abort(new Error('stopped'));
    };
    await expect(readyPython({ ...own, cache, signal: abort.signal, say })).rejects.toThrow('stopped');
    expect(await readdir(cache)).toEqual([]);
  });

  it('is waited for while another process makes it', async () => {
    const cache = await temporaryFolder();
    const { signal } = new AbortController();
    const python = await readyPython({ ...own, cache, signal, say: () => undefined });
    const folder = dirname(dirname(python));
    // The parent of this process lives as long as this one.
    const other = `${folder}.partial-${process.ppid}-${hostname()}`;
    await rename(folder, other);
    const said: string[] = [];
    const asked = readyPython({ ...own, cache, signal, say: (line) => said.push(line) });
    await vi.waitFor(() => expect(said).toEqual([expect.stringContaining('waiting for it')]));
    await rename(other, folder);
    expect(await asked).toBe(python);
    expect(said).toHaveLength(1);
  });
});
