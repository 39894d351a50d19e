import { appendFile, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRun } from '../../../src/run/find';
import { runPaths } from '../../../src/run/folder';
import type { PairReward, RunEvent } from '../../../src/run/types';
import { ofKind, runFolder, scoreEnded, stopAfter, train } from './runs';
import { sampleRun } from './sampleRun';

const stepsOf = (events: readonly RunEvent[], kind: RunEvent['kind']): number[] =>
  events.flatMap((event) => (event.kind === kind ? [event.step] : []));
const namesIn = async (folder: string): Promise<string[]> =>
  (await readdir(join(folder, 'rewards')).catch((): string[] => []))
    .filter((name) => name !== 'visits.jsonl' && !name.endsWith('.safetensors'))
    .sort();
const marginsAt = async (folder: string, step: number): Promise<readonly number[]> =>
  (await readFile(runPaths.rewards(folder, step), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as PairReward).margin);

/** Aborts once the file of rewards has grown `growths` times. */
function abortAfter(folder: string, growths: number): AbortController {
  const controller = new AbortController();
  let [seen, size] = [0, 0];
  const look = setInterval(() => void grown(), 5);
  const grown = async (): Promise<void> => {
    const name = (await namesIn(folder)).find((found) => found.endsWith('.partial'));
    const now = name === undefined ? 0 : (await stat(join(folder, 'rewards', name)).catch(() => ({ size: 0 }))).size;
    if (now > size && ++seen >= growths) {
      clearInterval(look);
      controller.abort();
    }
    size = Math.max(size, now);
  };
  controller.signal.addEventListener('abort', () => clearInterval(look));
  return controller;
}

describe('a run that is stopped', () => {
  it('ends with its checkpoint: it does not score, evaluate or draw samples, says so, and offers the scoring', async () => {
    const folder = await runFolder(await sampleRun({ max_steps: 6, test_split_size: 0.4, seed: 3 }, 14));
    const events = await train(folder, { stopping: stopAfter(2) });
    expect(events.at(-2)).toMatchObject({ kind: 'checkpoint', step: 2 });
    expect(events.at(-1)).toMatchObject({
      kind: 'note',
      message: expect.stringMatching(/^Stopped at step 2: the held-out rows are not measured and no samples are drawn/),
    });
    expect([...stepsOf(events, 'eval'), ...stepsOf(events, 'sample'), ...stepsOf(events, 'rewards')]).toEqual([]);
    expect(await namesIn(folder)).toEqual([]);
    const { status, scoring } = await readRun(folder);
    expect([status, scoring]).toEqual([
      'stopped',
      expect.objectContaining({ status: 'offered', step: 2, scored: 0, total: expect.any(Number) }),
    ]);
    expect(scoring?.total).toBeGreaterThan(0);
  });
});

describe('the scoring of a run', () => {
  it('that is stopped, or dies inside a write, resumes and writes the same bytes', async () => {
    const [whole, parted] = await Promise.all(
      [0, 1].map(async () => runFolder(await sampleRun({ max_steps: 6, per_device_train_batch_size: 1 }, 40))),
    );
    if (whole === undefined || parted === undefined) throw new Error('no folders');
    for (const folder of [whole, parted]) await train(folder, { stopping: stopAfter(1) });
    await scoreEnded(whole);
    await scoreEnded(parted, { signal: abortAfter(parted, 2).signal });
    const { scoring } = await readRun(parted);
    expect(scoring).toMatchObject({ status: 'offered', total: 40 });
    expect(scoring?.scored).toBeGreaterThanOrEqual(8);
    expect(scoring?.scored).toBeLessThan(40);
    const [partial = ''] = await namesIn(parted);
    expect(partial).toMatch(/^step-000001-.*\.partial$/);
    const before = (await readFile(join(parted, 'rewards', partial), 'utf8')).split('\n');
    await appendFile(join(parted, 'rewards', partial), '{"row":8,"line":9,"ke');
    await scoreEnded(parted);
    const [bytes, others] = await Promise.all(
      [parted, whole].map((folder) => readFile(runPaths.rewards(folder, 1), 'utf8')),
    );
    expect(bytes).toBe(others);
    expect(bytes?.split('\n').slice(0, 8)).toEqual(before.slice(0, 8));
    expect(await namesIn(parted)).toEqual(['step-000001.jsonl']);
    expect((await readRun(parted)).scoring).toMatchObject({ status: 'done', scored: 40, total: 40 });
  });

  it('takes reference log-probs of visited rows from the checkpoint, equal up to rounding', async () => {
    const folder = await runFolder(await sampleRun({ max_steps: 7, per_device_train_batch_size: 2 }, 14));
    await train(folder);
    const kept = await marginsAt(folder, 7);
    await rm(runPaths.rewards(folder, 7));
    // The hash of the rows no longer fits, so the reference log-probs in the checkpoint are not used.
    const position = join(runPaths.checkpoint(folder, 7), 'trainer.json');
    await writeFile(position, (await readFile(position, 'utf8')).replace(/"pairs":"./, '"pairs":"x'));
    await scoreEnded(folder);
    const computed = await marginsAt(folder, 7);
    expect(computed).toEqual(kept.map((margin) => expect.closeTo(margin, 4)));
    expect(computed).not.toEqual(kept);
  });

  it('of a done run does not change its status, and writes an event', async () => {
    const folder = await runFolder(await sampleRun({ max_steps: 2 }, 14));
    const events = await train(folder);
    expect(stepsOf(events, 'rewards')).toEqual([2]);
    expect(events.findLast(({ kind }) => kind === 'sample')).toBeDefined();
    expect(events.at(-1)?.kind).toBe('rewards');
    expect(await readRun(folder)).toMatchObject({
      status: 'done',
      scoring: { status: 'done', step: 2, scored: 14, total: 14 },
    });
    expect(ofKind(events, 'train')[0]?.metrics['rewards/margins']).toBe(0);
  });
});
