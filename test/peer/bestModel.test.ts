import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/pure/seededRandom';
import { bestMetric, isPatienceGone, nextStanding, unjudged, type BestModelKeys } from '../../src/train/bestModel';
import { askPeer, hasPeer } from './peer';

const seed = Number(process.env.MARGIN_SEED ?? Date.now() % 1e6);

describe.skipIf(!hasPeer)('the best evaluation and early stopping, beside transformers', () => {
  it('agree for 200 runs of random evaluations', async () => {
    const random = seededRandom(seed);
    const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
    const runs = Array.from({ length: 200 }, () => {
      const config: BestModelKeys = {
        metric_for_best_model: pick([null, 'loss', 'eval_loss', 'rewards/accuracies', 'eval_nll_loss']),
        greater_is_better: pick([null, null, true, false]),
        load_best_model_at_end: true,
        early_stopping_patience: 1 + Math.floor(random() * 4),
        early_stopping_threshold: pick([0, 0.25, 0.5]),
      };
      // A few exact values, so that ties and gains of exactly the threshold occur.
      return {
        config,
        name: bestMetric(config) ?? '',
        values: Array.from({ length: 12 }, () => Math.floor(random() * 9) / 4 - 1),
      };
    });
    const cases = runs.map(({ config, name, values }) => ({
      metric: config.metric_for_best_model,
      greater: config.greater_is_better,
      patience: config.early_stopping_patience,
      threshold: config.early_stopping_threshold,
      name,
      values,
    }));
    const ours = runs.map(({ config, name, values }) => {
      let [standing, over] = [unjudged, false];
      return values.map((value, i) => {
        standing = nextStanding(standing, config, i + 1, { [name]: value });
        over ||= isPatienceGone(standing, config);
        return [standing.best?.step, standing.waited, over];
      });
    });
    expect(ours, `seed ${seed}`).toEqual(await askPeer('bestModel.py', cases));
  });
});
