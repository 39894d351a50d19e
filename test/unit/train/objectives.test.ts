import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { objectiveTexts, type ObjectiveName } from '../../../src/run/objectives';
import type { TrainConfig } from '../../../src/run/types';
import { evaluateLoss, lossAt, type Batch } from './lossProgram';

const beta = 0.1;
/** The values of ε for the losses below: 0.1 for robust and aot, 1e-3 for exo_pair. */
const smoothing: Partial<Record<ObjectiveName, number>> = { robust: 0.1, aot: 0.1, aot_unpaired: 0.1, exo_pair: 1e-3 };
const keysOf = (type: ObjectiveName): Partial<TrainConfig> => ({
  loss_type: [type],
  label_smoothing: smoothing[type] ?? 0,
});

/** Losses at (Δw, Δl) = (2, −1) and (−3, −9), lengths 10 and 20: computed in float64 from TRL 1.16's formulas. */
const vectors: readonly (readonly [type: ObjectiveName, at: number, far: number])[] = [
  ['sigmoid', 0.554355, 0.437488],
  ['hinge', 0.7, 0.4],
  ['ipo', 22.5625, 23.5225],
  ['exo_pair', 2.258199, 1.798271],
  ['nca_pair', 1.319407, 1.30211],
  ['robust', 0.516855, 0.362488],
  ['bco_pair', 1.242536, 1.195509],
  ['sppo_hard', 25, 80],
  ['aot', 0.584355, 0.497488],
  ['aot_unpaired', 0.584355, 0.497488],
  ['apo_zero', 0.925187, 0.863493],
  ['apo_down', 0.975391, 0.779901],
  ['discopop', 0.740357, 0.548811],
  ['sigmoid_norm', 0.680725, 0.685675],
];

/** The losses before the first step, when policy and reference are the same. */
const starts: Readonly<Partial<Record<ObjectiveName, number>>> = {
  sigmoid: Math.LN2,
  hinge: 1,
  ipo: 1 / (4 * beta ** 2),
  exo_pair: -Math.LN2 - 0.5 * Math.log(1e-3 * (1 - 1e-3)),
  nca_pair: 2 * Math.LN2,
  robust: Math.LN2,
  bco_pair: 2 * Math.LN2,
  sppo_hard: 1 / (2 * beta ** 2),
  aot: Math.LN2,
  aot_unpaired: Math.LN2,
  apo_zero: 1,
  apo_down: 1,
  discopop: Math.LN2 / 2 + 0.5,
  sigmoid_norm: Math.LN2,
};

const relative: readonly ObjectiveName[] = [
  'sigmoid',
  'hinge',
  'exo_pair',
  'robust',
  'ipo',
  'discopop',
  'sigmoid_norm',
  'aot',
];
const absolute: readonly ObjectiveName[] = ['nca_pair', 'bco_pair', 'sppo_hard', 'apo_zero', 'apo_down'];
const names = vectors.map(([type]) => type);
const sorted: readonly ObjectiveName[] = ['aot', 'aot_unpaired'];

const one = (chosen: number, rejected: number): Batch => ({ chosen: [chosen], rejected: [rejected] });
const even = { chosenLengths: [10, 10, 10], rejectedLengths: [10, 10, 10] };
const three = { chosen: [2, -3, 5], rejected: [-1, -9, 7], ...even };

describe('objectives of pairs', () => {
  it.each(vectors)('%s has the values of TRL’s formula', async (type, at, far) => {
    expect(await lossAt(keysOf(type), one(2, -1))).toBeCloseTo(at, 5);
    expect(await lossAt(keysOf(type), one(-3, -9))).toBeCloseTo(far, 5);
  });

  it.each(names)('%s has its known value at the start', async (type) => {
    expect(
      await lossAt(keysOf(type), {
        chosen: [-70, -9],
        rejected: [-80, -3],
        refChosen: [-70, -9],
        refRejected: [-80, -3],
      }),
    ).toBeCloseTo(starts[type] ?? Number.NaN, 5);
  });

  it.each(relative)('%s depends only on the difference of both rewards', async (type) => {
    const shifted = { ...three, chosen: three.chosen.map((x) => x + 5), rejected: three.rejected.map((x) => x + 5) };
    expect(await lossAt(keysOf(type), shifted)).toBeCloseTo(await lossAt(keysOf(type), three), 4);
  });

  it.each(absolute)('%s depends on each reward by itself', async (type) => {
    const shifted = { ...three, chosen: three.chosen.map((x) => x + 5), rejected: three.rejected.map((x) => x + 5) };
    expect(Math.abs((await lossAt(keysOf(type), shifted)) - (await lossAt(keysOf(type), three)))).toBeGreaterThan(1e-3);
  });

  it.each(names)('%s does not depend on the order of the pairs', async (type) => {
    const turned = { chosen: [5, 2, -3], rejected: [7, -1, -9], ...even };
    expect(await lossAt(keysOf(type), turned)).toBeCloseTo(await lossAt(keysOf(type), three), 5);
  });

  it.each(names.filter((type) => !sorted.includes(type)))('%s of a batch is the mean over its pairs', async (type) => {
    const parts = await Promise.all(
      three.chosen.map((chosen, i) =>
        lossAt(keysOf(type), { ...one(chosen, three.rejected[i] ?? 0), chosenLengths: [10], rejectedLengths: [10] }),
      ),
    );
    expect(await lossAt(keysOf(type), three)).toBeCloseTo(parts.reduce((sum, part) => sum + part, 0) / 3, 5);
  });

  it('sigmoid of a swapped pair differs by β·d', async () => {
    expect((await lossAt(keysOf('sigmoid'), one(5, -1))) - (await lossAt(keysOf('sigmoid'), one(-1, 5)))).toBeCloseTo(
      -beta * 6,
      6,
    );
  });

  it('ipo is zero at a margin of 1/(2β) per token', async () => {
    expect(await lossAt(keysOf('ipo'), one(10, -80))).toBeCloseTo(0, 6);
  });

  it('robust without flips is sigmoid; aot of one pair is sigmoid with cDPO’s smoothing', async () => {
    const pair = one(4, -3);
    expect(await lossAt({ loss_type: ['robust'], label_smoothing: 0 }, pair)).toBeCloseTo(
      await lossAt(keysOf('sigmoid'), pair),
      6,
    );
    expect(await lossAt({ loss_type: ['aot'], label_smoothing: 0.2 }, pair)).toBeCloseTo(
      await lossAt({ loss_type: ['sigmoid'], cdpo_label_smoothing: 0.2 }, pair),
      6,
    );
  });

  it('discopop at a high τ is the mean of logistic and exponential', async () => {
    const z = beta * 3;
    expect(await lossAt({ loss_type: ['discopop'], discopop_tau: 1e6 }, one(2, -1))).toBeCloseTo(
      (Math.log1p(Math.exp(-z)) + Math.exp(-z)) / 2,
      5,
    );
  });

  it('sft is the mean over all chosen tokens of the batch, not of pairs, and ignores rejected', async () => {
    const { loss, gradient } = await evaluateLoss(keysOf('sft'), {
      chosen: [-10, -3],
      rejected: [5, 7],
      chosenLengths: [20, 6],
    });
    expect(loss).toBeCloseTo(13 / 26, 6);
    expect(gradient).toEqual([expect.closeTo(-1 / 26, 6), expect.closeTo(-1 / 26, 6), 0, 0]);
  });

  it('a mix is the weighted sum', async () => {
    const batch = { chosen: [2, -3], rejected: [-1, -9] };
    const [sigmoid = 0, bco = 0, sft = 0] = await Promise.all(
      (['sigmoid', 'bco_pair', 'sft'] as const).map((type) => lossAt(keysOf(type), batch)),
    );
    expect(
      await lossAt({ loss_type: ['sigmoid', 'bco_pair', 'sft'], loss_weights: [0.8, 0.25, 2] }, batch),
    ).toBeCloseTo(0.8 * sigmoid + 0.25 * bco + 2 * sft, 5);
  });
});

describe('aot', () => {
  it('pairs the policy’s margins with the reference’s by rank', async () => {
    const shuffled = { chosen: [3, 1], rejected: [0, 0], refChosen: [0, 2], refRejected: [0, 0] };
    const ranked = { chosen: [1, 3], rejected: [0, 0], refChosen: [0, 2], refRejected: [0, 0] };
    const { loss, gradient } = await evaluateLoss({ loss_type: ['aot'] }, shuffled);
    const other = await evaluateLoss({ loss_type: ['sigmoid'] }, ranked);
    expect(loss).toBeCloseTo(other.loss, 6);
    expect(gradient).toEqual([1, 0, 3, 2].map((i) => expect.closeTo(other.gradient[i] ?? 0, 6)));
  });

  it('unpaired ranks chosen and rejected rewards by themselves', async () => {
    const loss = await lossAt({ loss_type: ['aot_unpaired'] }, { chosen: [3, 1], rejected: [0, -2] });
    expect(loss).toBeCloseTo(await lossAt({ loss_type: ['sigmoid'] }, { chosen: [1, 3], rejected: [-2, 0] }), 6);
  });
});

describe('gradients', () => {
  it('of sigmoid pull chosen up and rejected down by the same amount', async () => {
    expect((await evaluateLoss(keysOf('sigmoid'), one(0, 0))).gradient).toEqual([
      expect.closeTo(-beta / 2, 7),
      expect.closeTo(beta / 2, 7),
    ]);
    expect((await evaluateLoss(keysOf('sigmoid'), one(4, -2))).gradient[0]).toBeCloseTo(-0.035434, 6);
    expect((await evaluateLoss(keysOf('hinge'), one(4, -2))).gradient[0]).toBeCloseTo(-beta, 6);
  });

  it.each([...names, 'sft'] as const)('of %s agree with central differences', async (type) => {
    const seed = type.length;
    const random = seededRandom(seed);
    const draw = (): number[] => Array.from({ length: 3 }, () => 8 * random() - 4);
    const batch = { chosen: draw(), rejected: draw(), refChosen: draw(), refRejected: draw() };
    const { gradient } = await evaluateLoss(keysOf(type), batch);
    const step = 1 / 32;
    for (const [s, side] of (['chosen', 'rejected'] as const).entries()) {
      for (let i = 0; i < 3; i++) {
        const moved = async (by: number): Promise<number> =>
          lossAt(keysOf(type), { ...batch, [side]: batch[side].map((x, k) => (k === i ? x + by : x)) });
        const slope = ((await moved(step)) - (await moved(-step))) / (2 * step);
        expect(Math.abs(slope - (gradient[3 * s + i] ?? Number.NaN)), `seed ${seed}, ${side} ${i}`).toBeLessThan(
          2e-3 * Math.max(1, Math.abs(slope)),
        );
      }
    }
  });

  it.each([...names, 'sft'] as const)(
    'of %s stay finite for an answer without tokens and for extreme log-ratios',
    async (type) => {
      for (const batch of [{ ...one(0, -9), chosenLengths: [0] }, one(-5000, 5000), one(5000, -5000)]) {
        const { loss, gradient } = await evaluateLoss(keysOf(type), batch);
        // DiscoPOP is exponential in the reward, so at −1000 its value is not finite.
        if (!(type === 'discopop' && batch.chosen[0] === -5000))
          expect([loss, ...gradient].every(Number.isFinite), JSON.stringify(batch)).toBe(true);
      }
    },
  );
});

describe('f-divergences', () => {
  it.each([
    ['forward_kl', 0.572316],
    ['js_divergence', 0.635589],
    ['alpha_divergence', 0.573243],
  ] as const)('%s with sigmoid at (2, −1) is %d, and ln 2 at the start', async (type, expected) => {
    expect(await lossAt({ f_divergence_type: type }, one(2, -1))).toBeCloseTo(expected, 5);
    expect(await lossAt({ f_divergence_type: type }, one(0, 0))).toBeCloseTo(Math.LN2, 6);
  });

  it('alpha_divergence at α = 1 is reverse KL, and far away stays finite', async () => {
    expect(await lossAt({ f_divergence_type: 'alpha_divergence', f_alpha_divergence_coef: 1 }, one(2, -1))).toBeCloseTo(
      0.554355,
      5,
    );
    expect(Number.isFinite(await lossAt({ f_divergence_type: 'alpha_divergence' }, one(-3000, 10)))).toBe(true);
  });

  it('have the constants that length normalisation needs', async () => {
    const score = (ratio: number): number => 1 - Math.exp(-ratio);
    const expected = (score(2) / 10 - score(-1) / 20 - 1 / (2 * beta)) ** 2;
    expect(await lossAt({ loss_type: ['ipo'], f_divergence_type: 'forward_kl' }, one(2, -1))).toBeCloseTo(expected, 4);
  });
});

it('every objective says when to use it', () => {
  for (const { name, text } of objectiveTexts) expect(text.length, name).toBeGreaterThan(40);
});

describe('weights', () => {
  it('of rows multiply their losses, and the mean stays over all rows', async () => {
    const [a, b] = await Promise.all([lossAt(keysOf('sigmoid'), one(2, -1)), lossAt(keysOf('sigmoid'), one(-3, -9))]);
    expect(await lossAt(keysOf('sigmoid'), { chosen: [2, -3], rejected: [-1, -9], weights: [3, 0.5] })).toBeCloseTo(
      (3 * a + 0.5 * b) / 2,
      6,
    );
    expect(
      await lossAt(keysOf('sft'), { chosen: [-10, -3], rejected: [0, 0], chosenLengths: [20, 6], weights: [2, 1] }),
    ).toBeCloseTo(23 / 26, 6);
  });

  it('of WPO are the policy’s agreement with both answers, per token, and have no gradient', async () => {
    const weighed = await evaluateLoss({ use_weighting: true }, { ...one(2, -1), agreements: [-5, -4] });
    const plain = await evaluateLoss({}, one(2, -1));
    const weight = Math.exp(-5 / 10 - 4 / 20);
    expect(weighed.loss).toBeCloseTo(plain.loss * weight, 6);
    expect(weighed.gradient).toEqual(plain.gradient.map((g) => expect.closeTo(g * weight, 6)));
  });
});
