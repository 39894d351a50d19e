import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { cacheFolder, privateMode } from '../../../src/base/node/cacheFolder';
import { hashFile, sha256Of } from '../../../src/base/node/fileHash';
import { makeFolder } from '../../../src/base/node/makeFolder';
import { ScratchFile } from '../../../src/base/node/scratchFile';
import { completeName, interruptedSaves, temporaryElsewhere } from '../../../src/base/node/temporaryFile';
import { makeOnce } from '../../../src/model/makeOnce';
import { ScoreStore } from '../../../src/reward/scoreStore';
import { temporaryFolder } from '../run/temporaryFolder';

const isRoot = process.getuid?.() === 0;
const modeOf = (path: string): number => statSync(path).mode & 0o777;

/** A cache that does not exist yet, in a home that others can list. */
async function freshCache(): Promise<string> {
  const home = await temporaryFolder();
  vi.stubEnv('XDG_CACHE_HOME', join(home, '.cache'));
  onTestFinished(() => void vi.unstubAllEnvs());
  return cacheFolder();
}

describe.skipIf(process.platform === 'win32')('the cache of a user is closed to others', () => {
  it.each<readonly [string, (cache: string) => Promise<unknown>]>([
    ['hashes', (cache) => sha256OfLarge(join(cache, 'sha256.json'))],
    ['rows that do not fit into memory', () => ScratchFile.open().then((file) => file.close())],
    ['log-probs', keepScores],
    [
      'converted models',
      (cache) => makeOnce(join(cache, 'models', 'a'), async (folder) => writeFileSync(join(folder, 'w'), '')),
    ],
  ])('as it is made for %s', async (_, make) => {
    const cache = await freshCache();
    await make(cache);
    expect(existsSync(cache)).toBe(true);
    for (const folder of [cache, join(cache, '..')]) expect(modeOf(folder), folder).toBe(privateMode);
  });

  it('and so is a folder of a converted model', async () => {
    const folder = join(await freshCache(), 'models', 'a');
    await makeOnce(folder, async (made) => writeFileSync(join(made, 'weights'), ''));
    expect(modeOf(folder)).toBe(privateMode);
  });

  it('but a folder that the user has made keeps its mode', async () => {
    const folder = join(await temporaryFolder(), 'mine');
    mkdirSync(folder, { mode: 0o755 });
    await makeFolder(folder, privateMode);
    expect(modeOf(folder)).toBe(0o755);
  });
});

describe.skipIf(!isRoot)(
  'the folder for temporary files, where everybody may write (needs root to give a file away)',
  () => {
    it('has a rest of a save that another user has put there, which is not named', async () => {
      const file = join(await temporaryFolder(), 'prefs.jsonl');
      writeFileSync(file, 'a\n');
      const ended = spawnSync(process.execPath, ['-e', '']).pid;
      const rest = completeName(temporaryElsewhere(file)).replace(`-${process.pid}-`, `-${ended}-`);
      writeFileSync(rest, 'theirs\n');
      onTestFinished(() => rmSync(rest));
      expect(await interruptedSaves(file)).toEqual([rest]);
      chownSync(rest, 65534, 65534);
      expect(await interruptedSaves(file)).toEqual([]);
    });
  },
);

async function keepScores(cache: string): Promise<void> {
  const store = await ScoreStore.open(join(cache, 'reference', 'a'));
  await store.keep(Buffer.alloc(32), { sequenceLogps: new Float32Array(1), tokenLogps: new Float32Array(1) });
}

async function sha256OfLarge(cache: string): Promise<void> {
  const file = join(await temporaryFolder(), 'large');
  writeFileSync(file, Buffer.alloc(1 << 24));
  // A file that has just changed is not cached.
  vi.setSystemTime(Date.now() + 2100);
  onTestFinished(() => void vi.useRealTimers());
  expect(await sha256Of(file, cache)).toBe(await hashFile(file));
}
