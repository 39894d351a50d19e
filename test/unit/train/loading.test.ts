import { readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { detectAll } from '../../../src/pairs/reading';
import { openTokenizer } from '../../../src/model/tokenizer';
import { loadPairs } from '../../../src/reward/loadPairs';
import { readState, writeControl } from '../../../src/run/folder';
import { onlySteps, runFolder, train } from './runs';
import { sampleFolder, sampleRun } from './sampleRun';

/** More bytes than are read between two checks for a stop command. */
const longRow = JSON.stringify({ prompt: 'word '.repeat(20_000), chosen: 'a', rejected: 'b' });

async function runWithLongRow(): Promise<string> {
  const config = await sampleRun({ max_steps: 1 }, 4);
  await writeFile(config.train_file, `${longRow}\n${readFileSync(config.train_file, 'utf8')}`);
  return runFolder(config);
}

describe('while rows are read', () => {
  it('the state has their number, and timers and signals still work', async () => {
    const file = join(sampleFolder, 'prefs.jsonl');
    const told: number[] = [];
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const onProgress = async (read: number): Promise<void> => void told.push(read);
    const { rows } = await loadPairs(file, await openTokenizer(join(sampleFolder, 'model'), 768), {
      reading: detectAll,
      maxLength: 512,
      onProgress,
    });
    clearInterval(timer);
    onTestFinished(() => rows.close());
    expect(told.length).toBeGreaterThan(1);
    expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
    expect(told.every((read) => read > 0 && read < 600)).toBe(true);
    expect(turns).toBeGreaterThan(0);
  });

  it.each([
    ['control.json', false],
    ['a signal', true],
  ])('a run stopped by %s ends without a checkpoint, and starts over when it is resumed', async (_, signal) => {
    const folder = await runWithLongRow();
    if (!signal) await writeControl(folder, { want: 'stop' });
    await train(folder, { stopping: () => signal });
    expect(await readState(folder)).toMatchObject({ status: 'stopped', step: 0, rows_read: expect.any(Number) });
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
    await writeControl(folder, { want: 'run' });
    await train(folder, { ...onlySteps, resume: true });
    expect(await readState(folder)).toMatchObject({ status: 'done', step: 1, rows_read: null });
  });
});
