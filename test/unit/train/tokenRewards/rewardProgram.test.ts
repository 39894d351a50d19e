import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { at, must } from '../../../../src/base/pure/must';
import { tokenRewards } from '../../../../src/pairs/tokenRewards/tokenRewards';
import { runPaths } from '../../../../src/run/folder';
import { rewardIn } from '../../../../src/run/rewardLine';
import type { PairReward, TrainConfig } from '../../../../src/run/types';
import type { RewardNews, RewardQuestion } from '../../../../src/train/tokenRewards/messages';
import { RewardProgram } from '../../../../src/train/tokenRewards/rewardProgram';
import { runFolder, train } from '../runs';
import { judgedSample, sampleRun } from '../sampleRun';

const steps = 4;

interface Trained {
  readonly rewards: readonly PairReward[];
  readonly lines: readonly string[];
  ask(row: number, pair: string | number, text?: string): RewardQuestion;
}

async function trained(
  change: (config: TrainConfig) => Promise<Partial<TrainConfig>> = async () => ({}),
): Promise<Trained> {
  const sample = await sampleRun({ max_steps: steps }, 14);
  const config = { ...sample, ...(await change(sample)) };
  const folder = await runFolder(config);
  await train(folder);
  const dataset = config.train_file;
  const lines = (await readFile(dataset, 'utf8')).trimEnd().split('\n');
  const stored = (await readFile(runPaths.rewards(folder, steps), 'utf8')).trimEnd().split('\n');
  const model = { folder, step: steps, stamp: '', dataset };
  return {
    lines,
    rewards: stored.map((line) => rewardIn(line, 'rewards')),
    ask: (row, pair, text = at(lines, row)) => ({ model, text, row, pair }),
  };
}

describe('the rewards of the tokens of a pair of a run', () => {
  it('add up to the rewards that the run stored, and the model is opened once', async () => {
    const run = await trained();
    const program = new RewardProgram();
    const news: RewardNews[] = [];
    for (const stored of run.rewards.slice(0, 3)) {
      const found = await program.answer(run.ask(stored.row, stored.key), (one) => news.push(one));
      expect(found).toMatchObject({ key: stored.key, line: stored.line, prompt: expect.stringMatching(/\w/) });
      for (const side of ['chosen', 'rejected'] as const) {
        const sum = tokenRewards(found.beta, found[side]).reduce((a, b) => a + b, 0);
        expect(Math.abs(sum - stored[side].reward)).toBeLessThan(1e-4);
        expect(found[side].ids).toHaveLength(stored[side].tokens);
      }
    }
    expect(run.rewards.some(({ margin }) => Math.abs(margin) > 1e-3)).toBe(true);
    expect(news).toEqual(['opening', 'scoring', 'scoring', 'scoring']);
  });

  it('of a judged answer are on the side of its label', async () => {
    const run = await trained(async ({ train_file: file }) => ({
      train_file: await judgedSample(file),
      trainer: 'kto',
      loss_type: ['kto'],
    }));
    const program = new RewardProgram();
    const bad = must(
      run.rewards.find(({ label }) => label === false),
      'a bad answer',
    );
    const found = await program.answer(run.ask(bad.row, bad.key), () => undefined);
    expect([found.label, found.chosen.ids.length, found.rejected.ids.length]).toEqual([false, 0, bad.rejected.tokens]);
    const sum = tokenRewards(found.beta, found.rejected).reduce((a, b) => a + b, 0);
    expect(Math.abs(sum - bad.rejected.reward)).toBeLessThan(1e-4);
  });

  it('of a row that was edited, or is no pair, are an error that says so; the next question is answered', async () => {
    const run = await trained();
    const program = new RewardProgram();
    const first = must(run.rewards[0], 'a reward');
    const quiet = (): void => undefined;
    const asked = run.ask(first.row, first.key, JSON.stringify({ prompt: 'a', chosen: 'b', rejected: 'c' }));
    await expect(program.answer(asked, quiet)).rejects.toMatchObject({ code: 'pair-changed' });
    await expect(program.answer(run.ask(first.row, 0, '{"prompt": 1}'), quiet)).rejects.toMatchObject({
      code: 'row-left-out',
    });
    expect(await program.answer(run.ask(first.row, 0), quiet)).toMatchObject({ key: first.key });
  });
});
