import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { must } from '../../../src/base/pure/must';
import type { RunEvent, TrainConfig } from '../../../src/run/types';
import { runFolder, train } from './runs';
import { sampleRun } from './sampleRun';

type SampleEvent = RunEvent & { readonly kind: 'sample' };

async function trained(change: (config: TrainConfig) => Promise<Partial<TrainConfig>>): Promise<readonly RunEvent[]> {
  const config = await sampleRun({ max_steps: 4, eval_steps: 2, learning_rate: 3e-3 });
  return train(await runFolder({ ...config, ...(await change(config)) }), { scores: false });
}
const samplesOf = (events: readonly RunEvent[]): readonly SampleEvent[] =>
  events.filter((event) => event.kind === 'sample');

describe('the samples of a run', () => {
  it('answer own prompts at each evaluation, with rewards that start at 0', async () => {
    const events = await trained(async ({ train_file: file }) => {
      const path = join(dirname(file), 'prompts.txt');
      await writeFile(path, 'Name four countries.\nWhat colour is a lemon?\nName four countries.\n');
      return { sample_prompts_file: path, test_split_size: 0.25 };
    });
    const samples = samplesOf(events);
    const prompts = ['Name four countries.', 'What colour is a lemon?', 'Name four countries. (2)'];
    expect(samples.map(({ step, prompt }) => [step, prompt])).toEqual(
      [2, 4].flatMap((step) => prompts.map((prompt) => [step, prompt])),
    );
    expect(samples[0]?.before).toBe('Spain, Italy, France and Peru. Stop asking.');
    for (const { rewards, before, after } of samples) {
      const known = must(rewards, 'the rewards of a sample');
      // The same tokens have the same reward.
      if (before === after) expect(known.after).toBeCloseTo(known.before, 5);
      expect(Math.abs(known.before)).toBeGreaterThan(0);
    }
    expect(events.some((event) => event.kind === 'note' && event.message.includes('answer the 3 prompts of'))).toBe(
      true,
    );
  });

  it('have no rewards where no held-out rows are measured', async () => {
    const samples = samplesOf(await trained(async () => ({})));
    expect(samples).toHaveLength(3);
    expect(samples.every(({ rewards }) => rewards === undefined)).toBe(true);
  });

  it('are not drawn from a file without prompts: the run ends before its first step', async () => {
    const run = trained(async ({ train_file: file }) => {
      const path = join(dirname(file), 'prompts.jsonl');
      await writeFile(path, '{"text":"a"}\n');
      return { sample_prompts_file: path };
    });
    await expect(run).rejects.toMatchObject({ code: 'config-file', details: { field: 'sample_prompts_file' } });
  });
});
