import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rewardSteps } from '../../../src/run/find';
import { runPaths } from '../../../src/run/folder';
import type { PairReward, RunEvent, TrainConfig } from '../../../src/run/types';
import { moveTowards } from '../../../src/train/referenceModel';
import { copyOf } from '../model/files';
import { ofKind, onlySteps, runFolder, train } from './runs';
import { sampleRun } from './sampleRun';

it('a moving reference moves by α towards the policy, and leaves the policy unchanged', () => {
  const parameters = (...data: number[]): Map<string, { name: string; shape: number[]; data: Float32Array }> =>
    new Map([['a', { name: 'a', shape: [2], data: Float32Array.from(data) }]]);
  const [reference, policy] = [parameters(1, -2), parameters(2, 8)];
  moveTowards(reference, policy, 0.6);
  expect([...(reference.get('a')?.data ?? [])]).toEqual([expect.closeTo(1.6, 6), 4]);
  expect([...(policy.get('a')?.data ?? [])]).toEqual([2, 8]);
});

describe('a run that starts from an adapter', () => {
  const steps = 2;
  async function goneOn(
    ref_model: TrainConfig['ref_model'],
  ): Promise<{ earlier: string; folder: string; events: readonly RunEvent[] }> {
    const earlier = await runFolder(await sampleRun({ max_steps: steps }));
    await train(earlier, { samples: false });
    const folder = await runFolder(
      await sampleRun({ max_steps: 1, adapter_name_or_path: runPaths.checkpoint(earlier, steps), ref_model }),
    );
    return { earlier, folder, events: await train(folder, { samples: false }) };
  }
  const marginsOf = async (folder: string, step: number): Promise<readonly number[]> =>
    (await readFile(runPaths.rewards(folder, step), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as PairReward).margin);
  const notesOf = (events: readonly RunEvent[]): string[] =>
    events.flatMap((event) => (event.kind === 'note' ? [event.message] : []));

  it('has it as its reference, and says so: rewards begin at 0', async () => {
    const { folder, events } = await goneOn('start');
    expect(await rewardSteps(folder)).toEqual([1]);
    expect(ofKind(events, 'train')[0]?.metrics.loss).toBeCloseTo(Math.LN2, 6);
    expect(notesOf(events)).toContainEqual(
      expect.stringMatching(/step-000002, which is its reference too, so rewards begin at 0/),
    );
  });

  it('with ref_model: base has the model without it as its reference: rewards begin where the earlier run ended', async () => {
    const { earlier, folder, events } = await goneOn('base');
    const ended = await marginsOf(earlier, steps);
    expect(await marginsOf(folder, 0)).toEqual(ended.map((margin) => expect.closeTo(margin, 4)));
    expect(Math.max(...ended.map(Math.abs))).toBeGreaterThan(0.01);
    expect(ofKind(events, 'train')[0]?.metrics['rewards/margins']).not.toBe(0);
    expect(notesOf(events)).toContainEqual(
      expect.stringMatching(/its reference is the model without it \(ref_model: base\)/),
    );
  });

  it.each([
    [
      'someone/another-model',
      /was made for the base model "someone\/another-model", and this run puts it on .*model: their shapes are the same/,
    ],
    ['margin/model', null],
    [null, null],
  ])('that was made for %j says so if that is clearly another base model', async (base, says) => {
    const adapter = await copyOf(join('test', 'golden', 'init'));
    const file = join(adapter, 'adapter_config.json');
    await writeFile(
      file,
      JSON.stringify({ ...(JSON.parse(await readFile(file, 'utf8')) as object), base_model_name_or_path: base }),
    );
    const notes = notesOf(
      await train(await runFolder(await sampleRun({ max_steps: 1, adapter_name_or_path: adapter })), onlySteps),
    );
    if (says === null) expect(notes.join()).not.toContain('made for the base');
    else expect(notes).toContainEqual(expect.stringMatching(says));
  });
});
