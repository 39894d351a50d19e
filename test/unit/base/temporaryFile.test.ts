import { spawnSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { removeAbandonedIn, temporaryPath } from '../../../src/base/node/temporaryFile';
import { temporaryFolder } from '../run/temporaryFolder';

it('is a new, short name beside the file, whatever the length of its name', () => {
  const names = ['a', 'é'.repeat(127)].map((name) => temporaryPath(join('dir', name)));
  for (const name of names) expect(name).toMatch(/^dir.\.[0-9a-f]{12}\.[0-9a-f]{8}-\d+-[0-9a-f]{8}\.margin-tmp$/);
  expect(temporaryPath('a')).not.toBe(temporaryPath('a'));
});

it('is removed from a folder only if its process has ended, on this machine', async () => {
  const folder = await temporaryFolder();
  const mine = temporaryPath(join(folder, 'state.json'));
  const ended = mine.replace(`-${process.pid}-`, `-${spawnSync(process.execPath, ['-e', '']).pid}-`);
  const elsewhere = ended.replace(/\.[0-9a-f]{8}-/, '.00000000-');
  const other = join(folder, 'rows.margin-tmp');
  for (const path of [mine, ended, elsewhere, other]) await writeFile(path, '');
  await removeAbandonedIn(folder);
  expect((await readdir(folder)).sort()).toEqual([mine, elsewhere, other].map((path) => basename(path)).sort());
});
