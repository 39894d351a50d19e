import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { findDuplicates } from '../../../src/jsonl/node/duplicates/findDuplicates';
import { detectAll } from '../../../src/pairs/reading';

it('a search for duplicates ends when it is aborted, and leaves no file in the cache', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'margin-duplicates-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  vi.stubEnv('XDG_CACHE_HOME', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const file = join(folder, 'rows.jsonl');
  await writeFile(file, '{"prompt": "Q", "chosen": "a", "rejected": "b"}\n'.repeat(10));
  for (const kind of ['read', 'compared']) {
    const controller = new AbortController();
    const found = findDuplicates({
      files: [file],
      reading: detectAll,
      part: 'pair',
      threshold: 0.8,
      script: 'not needed for a small file',
      signal: controller.signal,
      onProgress: (progress) => {
        if (progress.kind === kind) controller.abort(new Error(`stopped: ${kind}`));
      },
    });
    await expect(found).rejects.toThrow(`stopped: ${kind}`);
  }
  expect(await readdir(join(folder, 'margin'))).toEqual([]);
});
