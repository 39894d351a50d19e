import { describe, expect, it } from 'vitest';
import { packPairs } from '../../../src/engine/packPairs';
import type { StepResult, TokenizedPair } from '../../../src/engine/types';
import type { TrainConfig } from '../../../src/run/types';
import { batchMetricNames, batchMetrics } from '../../../src/train/metrics';
import { runConfig } from '../run/samples';

const ids = (length: number, from: number): number[] => Array.from({ length }, (_, i) => from + i);
/** Chosen answers of 2 and 8 tokens, rejected ones of 4 and none. */
const pairs: readonly TokenizedPair[] = [
  { prompt: [1, 2], chosen: ids(2, 10), rejected: ids(4, 20), desirable: true },
  { prompt: [3], chosen: ids(8, 30), rejected: [], desirable: true },
];
const batch = packPairs(pairs);
/** Log-probs of chosen and of rejected answers. */
const policy = Float32Array.of(-4, -24, -12, 0);
const reference = Float32Array.of(-6, -40, -8, 0);

const zeros = (): Float32Array => new Float32Array(batch.predictions);
const result: Omit<StepResult, 'gradients'> = {
  loss: 0.5,
  metrics: {},
  sequenceLogps: policy,
  tokenLogps: zeros(),
  entropy: zeros(),
  meanLogit: zeros(),
  top1: zeros(),
  agreement: zeros(),
};
const config = (change: Partial<TrainConfig>): TrainConfig => ({ ...runConfig().config, beta: 0.1, ...change });
const metricsOf = (change: Partial<TrainConfig>): Record<string, number> =>
  batchMetrics(batch, result, reference, config(change));
const twins = (metrics: Readonly<Record<string, number>>): string[] =>
  Object.keys(metrics).filter((name) => name.endsWith('_per_token'));

describe('metrics per token', () => {
  it('exist only with per_token_metrics', () => {
    expect(twins(metricsOf({}))).toEqual([]);
    const { 'rewards/chosen': reward, 'logps/rejected': logp } = metricsOf({});
    expect([reward, logp]).toEqual([expect.closeTo(0.1 * ((2 + 16) / 2), 6), -6]);
  });

  it('divide each answer’s log-probs by its own tokens before they are averaged', () => {
    const metrics = metricsOf({ per_token_metrics: true });
    expect(metrics).toMatchObject({
      'logps/chosen_per_token': (-4 / 2 - 24 / 8) / 2,
      'logps/rejected_per_token': -12 / 4 / 2,
      'rewards/chosen_per_token': expect.closeTo((0.1 * (2 / 2 + 16 / 8)) / 2, 6),
      'rewards/rejected_per_token': expect.closeTo((0.1 * (-4 / 4)) / 2, 6),
      'rewards/margins_per_token': expect.closeTo(0.15 + 0.05, 6),
      'rewards/accuracies_per_token': 1,
    });
    expect(metricsOf({ per_token_metrics: true })).toMatchObject(metricsOf({}));
  });

  it('may prefer the other answer: small gains of a long answer add up in a sum', () => {
    const long = packPairs([{ prompt: [1], chosen: ids(10, 10), rejected: ids(2, 40) }]);
    const scores = { ...result, sequenceLogps: Float32Array.of(-5, -2) };
    const metrics = batchMetrics(long, scores, Float32Array.of(-10, -4), config({ per_token_metrics: true }));
    expect([metrics['rewards/accuracies'], metrics['rewards/accuracies_per_token']]).toEqual([1, 0]);
  });

  it('equal TRL’s metrics if the objective uses means', () => {
    const metrics = metricsOf({ trainer: 'cpo', loss_type: ['simpo'], per_token_metrics: true });
    for (const name of twins(metrics)) expect(metrics[name], name).toBe(metrics[name.replace('_per_token', '')]);
    expect(twins(metrics)).toHaveLength(6);
  });

  it('of judged answers cover the sides that exist, without accuracy', () => {
    expect(twins(metricsOf({ trainer: 'kto', loss_type: ['kto'], per_token_metrics: true }))).toEqual([
      'rewards/chosen_per_token',
      'logps/chosen_per_token',
    ]);
  });

  it('have names that metric_for_best_model accepts', () => {
    const names = batchMetricNames(config({ per_token_metrics: true }));
    expect(Object.keys(metricsOf({ per_token_metrics: true })).filter((name) => !names.includes(name))).toEqual([]);
    expect(names).toContain('rewards/margins_per_token');
    expect(batchMetricNames(config({}))).not.toContain('rewards/margins_per_token');
  });
});
