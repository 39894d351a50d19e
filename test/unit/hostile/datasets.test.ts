import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectAll } from '../../../src/pairs/reading';
import { lookAtFile } from '../../../src/host/datasets/lookAtFile';
import { RowTally } from '../../../src/host/datasets/rowTally';
import { rowsOf } from '../../../src/host/train/rowsOf';
import { temporaryFolder } from '../run/temporaryFolder';

const { signal } = new AbortController();

/** Files that look like datasets by their names and never end, or never begin, when they are read. */
async function special(): Promise<readonly string[]> {
  const folder = await temporaryFolder();
  const at = (name: string): string => join(folder, name);
  execFileSync('mkfifo', [at('fifo.jsonl')]);
  await symlink(at('fifo.jsonl'), at('link-to-fifo.jsonl'));
  await symlink('/dev/zero', at('zero.jsonl'));
  await symlink('/dev/random', at('random.json'));
  await mkdir(at('folder.jsonl'));
  return ['fifo.jsonl', 'link-to-fifo.jsonl', 'zero.jsonl', 'random.json', 'folder.jsonl'].map(at);
}

describe.skipIf(process.platform === 'win32')('the list of datasets', () => {
  it('opens no pipe, device or folder', async () => {
    for (const path of await special()) {
      await expect(lookAtFile(path, detectAll), path).rejects.toMatchObject({ code: 'not-a-file' });
      await expect(new RowTally(path, detectAll).advance(signal), path).rejects.toMatchObject({ code: 'not-a-file' });
    }
  });

  it('reads only the start of a sparse file of 2 GB', async () => {
    const path = join(await temporaryFolder(), 'sparse.jsonl');
    await writeFile(path, '');
    execFileSync('truncate', ['-s', '2G', path]);
    expect(await lookAtFile(path, detectAll)).toMatchObject({ kind: 'unread' });
  });

  it('survives malicious rows', async () => {
    const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const rows = [
      nested,
      `{"prompt":${nested},"chosen":"a","rejected":"b"}`,
      '{"__proto__":{"chosen":1}}',
      '\u0000\u0001',
      '{"prompt":"a","chosen":null,"rejected":{}}',
    ];
    const path = join(await temporaryFolder(), 'rows.jsonl');
    await writeFile(path, rows.join('\n'));
    expect(await lookAtFile(path, detectAll)).not.toBeUndefined();
    expect(await new RowTally(path, detectAll).advance(signal)).toMatchObject({ rows: rows.length });
    expect(await rowsOf(path, detectAll)).toBe('pairs');
  });
});
