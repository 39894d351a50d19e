import { describe, expect, it } from 'vitest';
import { evaluateLoss, lossAt, type Batch } from './lossProgram';

const beta = 0.1;
const one = (chosen: number, rejected: number): Batch => ({ chosen: [chosen], rejected: [rejected] });

describe('objectives without a reference', () => {
  it('cpo adds the chosen answers’ cross-entropy to a preference term, smoothed by TRL’s own key', async () => {
    const preference = await lossAt({ loss_type: ['sigmoid'] }, one(-20, -40));
    const { loss, metrics } = await evaluateLoss({ trainer: 'cpo', cpo_alpha: 0.5 }, one(-20, -40));
    expect(metrics.nll_loss).toBeCloseTo(2, 6);
    expect(loss).toBeCloseTo(preference + 0.5 * 2, 6);
    expect(await lossAt({ trainer: 'cpo', cpo_alpha: 0, label_smoothing: 0.2 }, one(-20, -40))).toBeCloseTo(
      await lossAt({ cdpo_label_smoothing: 0.2 }, one(-20, -40)),
      6,
    );
    expect((await evaluateLoss({ trainer: 'cpo', cpo_alpha: 0 }, one(-20, -40))).metrics).toEqual({ nll_loss: 0 });
  });

  it('simpo has a target margin of γ between means per token', async () => {
    const simpo = { trainer: 'cpo', loss_type: ['simpo'], cpo_alpha: 0 } as const;
    expect(await lossAt({ ...simpo, beta: 2, simpo_gamma: 1 }, one(-10, -30))).toBeCloseTo(Math.LN2, 6);
    expect(await lossAt({ ...simpo, simpo_gamma: 0.5 }, one(-10, -20))).toBeCloseTo(0.974077, 5);
  });

  it('orpo is cross-entropy of prompt and chosen, and the log-odds between means per token', async () => {
    const batch = { chosen: [-10], rejected: [-30], prompts: [-14], promptLengths: [4] };
    const { loss, metrics } = await evaluateLoss({ trainer: 'orpo', loss_type: ['orpo'] }, batch);
    expect(metrics.log_odds_chosen).toBeCloseTo(0.706193, 5);
    expect(metrics.log_odds_ratio).toBeCloseTo(-0.401135, 5);
    expect(metrics.nll_loss).toBeCloseTo(24 / 14, 6);
    expect(loss).toBeCloseTo(24 / 14 + beta * 0.401135, 5);
    const identical = await evaluateLoss({ trainer: 'orpo', loss_type: ['orpo'] }, { ...batch, rejected: [-20] });
    expect(identical.loss).toBeCloseTo(24 / 14 + beta * Math.LN2, 5);
  });

  it('orpo stays exact for an answer that is nearly certain, and finite for one that is', async () => {
    const near = -1e-4;
    const { metrics } = await evaluateLoss(
      { trainer: 'orpo', loss_type: ['orpo'] },
      { chosen: [10 * near], rejected: [-20] },
    );
    const odds = (a: number): number => a - Math.log(-Math.expm1(a));
    expect(metrics.log_odds_chosen).toBeCloseTo(odds(near) - odds(-1), 4);
    const { loss, gradient } = await evaluateLoss(
      { trainer: 'orpo', loss_type: ['orpo'] },
      { chosen: [0], rejected: [0], chosenLengths: [0] },
    );
    expect([loss, ...gradient].every(Number.isFinite)).toBe(true);
  });
});

describe('objectives of single judged answers', () => {
  const kto = { trainer: 'kto', loss_type: ['kto'] } as const;
  const apo = { trainer: 'kto', loss_type: ['apo_zero_unpaired'] } as const;

  it('kto compares rewards with the KL of other rows’ answers, which has no gradient', async () => {
    const good = await evaluateLoss(kto, { chosen: [2], rejected: [0.5], desirable: [1] });
    const bad = await evaluateLoss(kto, { chosen: [-1], rejected: [0.5], desirable: [0] });
    expect([good.loss, bad.loss]).toEqual([expect.closeTo(0.46257, 5), expect.closeTo(0.46257, 5)]);
    expect(good.metrics).toEqual({ kl: 0.5 });
    expect(good.gradient[0]).toBeLessThan(0);
    expect(bad.gradient[0]).toBeGreaterThan(0);
    expect(good.gradient[1]).toBe(0);
  });

  it('kto’s KL is the mean over the batch, and never below 0', async () => {
    const batch = { chosen: [0, 0], desirable: [1, 0] };
    expect((await evaluateLoss(kto, { ...batch, rejected: [3, -1], refRejected: [0, 1] })).metrics.kl).toBeCloseTo(
      0.5,
      6,
    );
    expect((await evaluateLoss(kto, { ...batch, rejected: [-3, 1] })).metrics.kl).toBe(0);
  });

  it.each([kto, apo])('%j starts at ½·mean λ, each class by its own', async (keys) => {
    const start = { chosen: [-7, -9, -8], refChosen: [-7, -9, -8], rejected: [0, 0, 0], desirable: [1, 0, 0] };
    expect(await lossAt(keys, start)).toBeCloseTo(0.5, 6);
    expect(await lossAt({ ...keys, desirable_weight: 2, undesirable_weight: 0.5 }, start)).toBeCloseTo(
      (2 + 0.5 + 0.5) / 6,
      6,
    );
  });

  it('apo_zero_unpaired is apo_zero for one side at a time', async () => {
    const parts = await Promise.all([
      evaluateLoss(apo, { chosen: [2], rejected: [9], desirable: [1] }),
      evaluateLoss(apo, { chosen: [-1], rejected: [9], desirable: [0] }),
    ]);
    expect(parts.reduce((sum, { loss }) => sum + loss, 0)).toBeCloseTo(
      await lossAt({ loss_type: ['apo_zero'] }, one(2, -1)),
      6,
    );
    expect(parts.map(({ metrics }) => metrics)).toEqual([{ kl: 0 }, { kl: 0 }]);
  });
});
