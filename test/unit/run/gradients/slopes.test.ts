import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { lossSlope, objectivesWithSlope } from '../../../../src/run/gradients/lossSlope';
import type { PairGains, Slopes } from '../../../../src/run/gradients/slope';
import { slopes } from '../../../../src/run/gradients/table';
import type { ObjectiveName } from '../../../../src/run/objectives';
import { fDivergences, type TrainConfig } from '../../../../src/run/types';
import { readConfig } from '../../train/golden';
import { evaluateLoss, lossAt, type Batch } from '../../train/lossProgram';

const batchOf = ({ chosen, rejected, chosenTokens, rejectedTokens }: PairGains): Batch => ({
  chosen: [chosen],
  rejected: [rejected],
  chosenLengths: [chosenTokens],
  rejectedLengths: [rejectedTokens],
});

/** The slopes by `src/train/objectives`: by the gradient of its graph, and by central differences of its loss. */
async function trained(keys: Partial<TrainConfig>, pair: PairGains): Promise<{ exact: Slopes; differences: Slopes }> {
  const [chosen = NaN, rejected = NaN] = (await evaluateLoss(keys, batchOf(pair))).gradient;
  const h = 0.05;
  const difference = async (side: 'chosen' | 'rejected'): Promise<number> => {
    const [above, below] = [h, -h].map((by) => lossAt(keys, batchOf({ ...pair, [side]: pair[side] + by })));
    return ((await above) ?? NaN) / (2 * h) - ((await below) ?? NaN) / (2 * h);
  };
  return {
    exact: { chosen, rejected },
    differences: { chosen: await difference('chosen'), rejected: await difference('rejected') },
  };
}

function own(keys: Partial<TrainConfig>, pair: PairGains): Slopes {
  const config = readConfig({ train_file: 'none.jsonl', ...keys });
  const slope = lossSlope(config);
  if (typeof slope === 'string') throw new Error(slope);
  return slope(pair, { ...config, meanTokens: pair.chosenTokens });
}

async function expectSame(keys: Partial<TrainConfig>, pair: PairGains): Promise<void> {
  const { exact, differences } = await trained(keys, pair);
  const found = own(keys, pair);
  for (const side of ['chosen', 'rejected'] as const) {
    const where = `${JSON.stringify(keys)} at ${JSON.stringify(pair)}, ${side}`;
    const size = Math.max(Math.abs(exact[side]), 1e-3);
    expect(Math.abs(found[side] - exact[side]) / size, where).toBeLessThan(1e-4);
    expect(Math.abs(found[side] - differences[side]) / size, `${where}, by differences`).toBeLessThan(0.02);
  }
}

const seed = 20261129;
const random = seededRandom(seed);
const pairs = Array.from({ length: 2 }, (): PairGains => {
  const gain = (): number => 12 * (random() - 0.5);
  return { chosen: gain(), rejected: gain(), chosenTokens: 3 + Math.floor(9 * random()), rejectedTokens: 7 };
});
/** Configs of an objective, with and without its label smoothing. */
function configsOf(trainer: TrainConfig['trainer'], type: ObjectiveName): readonly Partial<TrainConfig>[] {
  const plain = { trainer, loss_type: [type], loss_weights: [1], ...(trainer === 'cpo' ? { cpo_alpha: 0 } : {}) };
  if (type === 'exo_pair') return [{ ...plain, label_smoothing: 0.1 }];
  if (type === 'robust' || (trainer === 'cpo' && (type === 'sigmoid' || type === 'simpo')))
    return [plain, { ...plain, label_smoothing: 0.1 }];
  return type === 'sigmoid' ? [plain, { ...plain, cdpo_label_smoothing: 0.1 }] : [plain];
}

describe.each(['dpo', 'cpo'] as const)('the slopes of the objectives of trainer %s', (trainer) => {
  it.each(objectivesWithSlope(trainer))(`%s are the derivatives of its loss (seed ${seed})`, async (type) => {
    for (const config of configsOf(trainer, type))
      for (const beta of [0.1, 0.7]) for (const pair of pairs) await expectSame({ ...config, beta }, pair);
  });
});

describe('the slopes of a loss', () => {
  it.each(fDivergences)('with f_divergence_type %s are its derivatives', async (type) => {
    const keys = { f_divergence_type: type, f_alpha_divergence_coef: 0.5, loss_weights: [1] };
    for (const pair of pairs) {
      await expectSame({ ...keys, loss_type: ['sigmoid'] }, pair);
      await expectSame({ ...keys, loss_type: ['ipo'] }, pair);
    }
  });

  it('of several objectives are the sum by loss_weights, and those of CPO have its likelihood', async () => {
    for (const pair of pairs) {
      await expectSame({ loss_type: ['sigmoid', 'sft', 'bco_pair'], loss_weights: [1, 0.3, 2] }, pair);
      await expectSame({ trainer: 'cpo', loss_type: ['sigmoid'], loss_weights: [1], cpo_alpha: 0.5 }, pair);
    }
  });

  it('stay numbers far from the reference', () => {
    const far = [-2000, 2000].map((gain): PairGains => {
      return { chosen: gain, rejected: -gain, chosenTokens: 5, rejectedTokens: 5 };
    });
    for (const type of objectivesWithSlope('dpo'))
      for (const config of configsOf('dpo', type))
        for (const pair of far)
          expect(Object.values(own(config, pair)).some(Number.isNaN), JSON.stringify(config)).toBe(false);
  });

  it('are missing where no pair has a weight of its own, with the reason', () => {
    const without = Object.entries(slopes).flatMap(([name, slope]) => (typeof slope === 'string' ? [name] : []));
    expect(without).toEqual(['aot', 'aot_unpaired', 'orpo', 'kto', 'apo_zero_unpaired']);
    expect(['kto', 'orpo'].flatMap((trainer) => objectivesWithSlope(trainer as 'kto'))).toEqual([]);
    expect(lossSlope({ trainer: 'dpo', loss_type: ['aot'], loss_weights: [1], cpo_alpha: 1 })).toBe(
      'aot: it sorts the margins of a micro-batch, so no pair has a weight of its own',
    );
  });
});
