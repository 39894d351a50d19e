import { describe, expect, it } from 'vitest';
import { at } from '../../../../src/base/pure/must';
import { marginsOnlyOf, pairWeights, spreadOf, type GainColumns } from '../../../../src/run/gradients/weights';
import type { TrainConfig } from '../../../../src/run/types';
import { readConfig } from '../../train/golden';

const slices = { breathe: () => Promise.resolve(false) };
const columns = (chosen: readonly number[], rejected: readonly number[]): GainColumns => ({
  chosen: Float64Array.from(chosen),
  rejected: Float64Array.from(rejected),
  chosenTokens: new Float64Array(chosen.length).fill(4),
  rejectedTokens: new Float64Array(chosen.length).fill(8),
});
const config = (keys: Partial<TrainConfig> = {}): TrainConfig => readConfig({ train_file: 'none.jsonl', ...keys });
const gains = columns([30, 1, -5], [-30, -1, 4]);

async function weightsOf(keys: Partial<TrainConfig>): Promise<number[]> {
  const weights = await pairWeights(gains, config(keys), slices);
  if (typeof weights === 'string') throw new Error(weights);
  return [...weights];
}

describe('the weight of a pair in the gradient', () => {
  it('is σ(−margin) for DPO', async () => {
    const weights = await weightsOf({ beta: 0.1 });
    const margins = [6, 0.2, -0.9];
    weights.forEach((weight, i) => expect(weight).toBeCloseTo(1 / (1 + Math.exp(at(margins, i))), 12));
  });

  it('of a learnt pair is 0 with hinge, and falls with beta for DPO', async () => {
    expect(await weightsOf({ beta: 0.1, loss_type: ['hinge'] })).toEqual([0, 1, 1]);
    const [low, high] = [at(await weightsOf({ beta: 0.1 }), 0), at(await weightsOf({ beta: 0.5 }), 0)];
    expect(high).toBeLessThan(low / 1e8);
  });

  it('of EXO without label_smoothing has the ε of the paper', async () => {
    const asked = { ...config({ loss_type: ['exo_pair'], label_smoothing: 1e-3 }), label_smoothing: 0 };
    expect(await pairWeights(gains, asked, slices)).toEqual(
      Float64Array.from(await weightsOf({ loss_type: ['exo_pair'], label_smoothing: 1e-3 })),
    );
  });

  it('is missing with the reason where the loss has none', async () => {
    expect(await pairWeights(gains, config({ loss_type: ['aot'] }), slices)).toMatch(/^aot: it sorts the margins/);
  });
});

describe('the spread of the gradient', () => {
  it('names what the heaviest pairs carry, and how many carry half', async () => {
    const { order, total, shares, half } = await spreadOf(Float64Array.of(1, 5, 0, 2, 2), [0.2, 0.4, 1], slices);
    expect([...(await order.part(0, 5, slices))]).toEqual([1, 3, 4, 0, 2]);
    expect([total, shares, half]).toEqual([10, [0.5, 0.7, 1], 1]);
  });

  it('of weights that are all 0 has no half', async () => {
    const { shares, half } = await spreadOf(new Float64Array(3), [0.5], slices);
    expect([shares, half]).toEqual([[0], 0]);
  });

  it('leads to a range of margins only if no other pair has such a margin', () => {
    const margins = Float64Array.of(3, -1, 5, 0);
    expect(marginsOnlyOf(Uint8Array.of(0, 1, 0, 1), margins)).toEqual({ low: null, high: 3 });
    expect(marginsOnlyOf(Uint8Array.of(1, 0, 1, 0), margins)).toEqual({ low: 3, high: null });
    expect(marginsOnlyOf(Uint8Array.of(0, 1, 1, 0), margins)).toBeNull();
    expect(marginsOnlyOf(Uint8Array.of(1, 1, 1, 1), margins)).toBeNull();
    expect(marginsOnlyOf(Uint8Array.of(0, 0, 0, 0), margins)).toBeNull();
  });
});
