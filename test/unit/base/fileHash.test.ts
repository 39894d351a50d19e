import { createHash } from 'node:crypto';
import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sha256Of } from '../../../src/base/node/fileHash';
import { temporaryFolder } from '../run/temporaryFolder';

const large = Buffer.alloc(1 << 24, 'a');
const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
/** Moves the clock on by more than a file must stay unchanged before its hash is cached. */
const settle = (): unknown => vi.setSystemTime(Date.now() + 2100);
afterEach(() => vi.useRealTimers());

async function memoryWith(
  data: Buffer,
): Promise<{ file: string; memory: string; remembered: () => Promise<Record<string, string>> }> {
  const folder = await temporaryFolder();
  const [file, memory] = [join(folder, 'model.safetensors'), join(folder, 'cache', 'sha256.json')];
  await writeFile(file, data);
  return {
    file,
    memory,
    remembered: async () => JSON.parse(await readFile(memory, 'utf8').catch(() => '{}')) as Record<string, string>,
  };
}

describe('the hash of a file', () => {
  it('of a large file is cached if the file is not changing, and comes from the cache then', async () => {
    const { file, memory, remembered } = await memoryWith(large);
    expect(await sha256Of(file, memory)).toBe(sha256(large));
    expect(await remembered(), 'the file has just changed').toEqual({});
    settle();
    expect(await sha256Of(file, memory)).toBe(sha256(large));
    const entry = (await remembered())[file] ?? '';
    expect(entry).toMatch(new RegExp(`^16777216 .* ${sha256(large)}$`));
    await writeFile(memory, JSON.stringify({ [file]: entry.replace(/\S+$/, 'told') }));
    expect(await sha256Of(file, memory)).toBe('told');
  });

  it('is computed again after a change, even if the modification time was put back', async () => {
    const { file, memory } = await memoryWith(large);
    await utimes(file, 1e9, 1e9);
    settle();
    await sha256Of(file, memory);
    const other = Buffer.alloc(1 << 24, 'b');
    await writeFile(file, other);
    await utimes(file, 1e9, 1e9);
    expect(await sha256Of(file, memory)).toBe(sha256(other));
  });

  it('is computed without a cache that is damaged or cannot be written', async () => {
    const { file, memory, remembered } = await memoryWith(large);
    settle();
    expect(await sha256Of(file, join(file, 'below-a-file.json'))).toBe(sha256(large));
    await sha256Of(file, memory);
    await writeFile(memory, '{"half');
    expect(await sha256Of(file, memory)).toBe(sha256(large));
    expect(Object.keys(await remembered())).toEqual([file]);
  });

  it('of a small file is not cached', async () => {
    const { file, memory, remembered } = await memoryWith(Buffer.from('small'));
    settle();
    expect(await sha256Of(file, memory)).toBe(sha256(Buffer.from('small')));
    expect(await remembered()).toEqual({});
    await rm(file);
    await expect(sha256Of(file, memory)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
