import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runPaths } from '../../../src/run/folder';

/** Two runs that ended at a step left the same bytes: weights, optimizer, position, and every pair's reward. */
export async function expectSameEnd(folder: string, other: string, step: number): Promise<void> {
  const [end, same] = [runPaths.checkpoint(folder, step), runPaths.checkpoint(other, step)];
  const files = (await readdir(end)).sort();
  expect((await readdir(same)).sort()).toEqual(files);
  expect(files).toContain('optimizer.safetensors');
  for (const file of files) expect((await readFile(join(end, file))).equals(await readFile(join(same, file))), file).toBe(true);
  expect(await readFile(runPaths.rewards(folder, step), 'utf8')).toBe(await readFile(runPaths.rewards(other, step), 'utf8'));
}
