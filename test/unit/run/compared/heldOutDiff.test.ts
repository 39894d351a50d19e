import { describe, expect, it } from 'vitest';
import { readComparedRun } from '../../../../src/run/compared/comparedRun';
import { type HeldOutDiff, heldOutDiff } from '../../../../src/run/compared/heldOutDiff';
import { noSlices } from '../../../../src/run/rewardColumns/eachReward';
import { temporaryFolder } from '../temporaryFolder';
import { type MadeRun, madeRun, type Scored } from './madeRun';

const holding = { test_split_size: 0.1 };

async function compare(first: Omit<MadeRun, 'name'>, second: Omit<MadeRun, 'name'>): Promise<HeldOutDiff | string> {
  const parent = await temporaryFolder();
  const made = [
    { config: holding, name: 'a', ...first },
    { config: holding, name: 'b', ...second },
  ].map((one) => madeRun(parent, one));
  const [a, b] = await Promise.all(made.map(async (folder) => readComparedRun(await folder)));
  if (!a || !b) throw new Error('two runs');
  return heldOutDiff([a, b], ['a', 'b'], noSlices);
}

const pairs = (margins: readonly number[], from = 1): readonly Scored[] =>
  margins.map((margin, i) => [from + i, margin]);

describe('two runs on held-out pairs', () => {
  it('are compared pair by pair with McNemar’s test, whatever the order of the pairs', async () => {
    const [right, wrong] = [pairs([1, 1, 1, 1, 1, 1, 1]), pairs([1, -1, -1, -1, -1, -1, -1]).toReversed()];
    const diff = await compare({ heldOut: { 10: right } }, { heldOut: { 10: wrong } });
    if (typeof diff === 'string') throw new Error(diff);
    expect(diff.margins).toMatchObject({ onlyFirst: 6, onlySecond: 0, leftOut: 0 });
    expect(diff.margins.p).toBeCloseTo(2 / 64);
  });

  it('that hold out others are refused, with the number of common ones', async () => {
    const diff = await compare({ heldOut: { 10: pairs([1, 1, 1, 1]) } }, { heldOut: { 10: pairs([1, 1, 1], 3) } });
    expect(diff).toMatch(/^a holds out 4 pairs, b holds out 3 pairs; 2 of them are the same\. McNemar’s test needs/);
    const none = await compare({ heldOut: { 10: pairs([1]) } }, { heldOut: { 10: pairs([1], 3) } });
    expect(none).toMatch(/; 0 of them are the same/);
  });

  it('are those of the best evaluation if the run ended on it, and none that a resumed run has not reached again', async () => {
    const best = { status: 'done', best: { step: 4, metric: 'eval_loss', value: 1 } } as const;
    const ended = {
      config: { ...holding, load_best_model_at_end: true },
      state: best,
      heldOut: { 4: pairs([1]), 10: pairs([-1]) },
    };
    const diff = await compare(ended, { state: { step: 6 }, heldOut: { 5: pairs([1]), 8: pairs([-1]) } });
    if (typeof diff === 'string') throw new Error(diff);
    expect(diff.rewards.map(({ step }) => step)).toEqual([4, 5]);
  });

  it.each([
    [{ config: {} }, 'a holds out no pairs: it has neither an eval_file nor a test_split_size.'],
    [{ config: { ...holding, trainer: 'kto' } as const }, 'a trains on judged answers'],
    [{ config: { ...holding, backend: 'trl' } as const }, 'TRL trained a, and keeps no rewards'],
    [{}, 'a has no rewards of single held-out pairs: it was not evaluated yet, or an older Margin trained it.'],
  ])('say why a run has no rewards of them: %j', async (made, reason) => {
    expect(await compare(made, { heldOut: { 10: pairs([1]) } })).toContain(reason);
  });
});
