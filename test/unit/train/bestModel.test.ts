import { describe, expect, it } from 'vitest';
import {
  bestOf,
  isPatienceGone,
  nextStanding,
  refuseUnknownMetric,
  remarksOnEnd,
  unjudged,
  type BestModelKeys,
  type Standing,
} from '../../../src/train/bestModel';
import { failureOf } from '../model/files';

const nothing: BestModelKeys = {
  metric_for_best_model: null,
  greater_is_better: null,
  load_best_model_at_end: false,
  early_stopping_patience: null,
  early_stopping_threshold: 0,
};

/** Standings after evaluations with these values, at steps 10, 20, … */
function after(values: readonly number[], change: Partial<BestModelKeys>, metric: string): Standing[] {
  const config = { ...nothing, ...change };
  const standings: Standing[] = [];
  for (const [i, value] of values.entries())
    standings.push(nextStanding(standings.at(-1) ?? unjudged, config, 10 * (i + 1), { [metric]: value }));
  return standings;
}
const bests = (standings: readonly Standing[]): (number | undefined)[] => standings.map(({ best }) => best?.step);
const waits = (standings: readonly Standing[]): number[] => standings.map(({ waited }) => waited);

// What transformers 5.23 does: Trainer._determine_best_metric and EarlyStoppingCallback.check_metric_value.
describe('the best evaluation', () => {
  it('is the one with the lowest loss, and the first of equals', () => {
    expect(bests(after([3, 2, 2, 4, 1], { load_best_model_at_end: true }, 'eval_loss'))).toEqual([10, 20, 20, 20, 50]);
  });

  it.each([
    ['rewards/accuracies', null, [10, 20, 20]],
    ['eval_rewards/accuracies', null, [10, 20, 20]],
    ['rewards/accuracies', false, [10, 10, 30]],
    ['nll_loss', null, [10, 10, 30]],
    ['nll_loss', true, [10, 20, 20]],
  ])('by %s with greater_is_better %s is at %j', (metric_for_best_model, greater_is_better, steps) => {
    const metric = metric_for_best_model.startsWith('eval_') ? metric_for_best_model : `eval_${metric_for_best_model}`;
    expect(bests(after([0.5, 0.7, 0.4], { metric_for_best_model, greater_is_better }, metric))).toEqual(steps);
  });

  it('is never one whose metric is NaN', () => {
    expect(bests(after([Number.NaN, 2, Number.NaN, 1], { load_best_model_at_end: true }, 'eval_loss'))).toEqual([
      undefined,
      20,
      20,
      40,
    ]);
  });

  it('does not exist if no key needs it', () => {
    const [standing = unjudged] = after([1], {}, 'eval_loss');
    expect(standing).toEqual({ evaluated: 10, best: null, waited: 0 });
    expect(bestOf(standing, nothing)).toBeNull();
  });

  it('improves by any amount, but only more than the threshold resets early stopping', () => {
    const standings = after(
      [1, 0.95, 0.9, 0.7, 0.7],
      { early_stopping_patience: 3, early_stopping_threshold: 0.1 },
      'eval_loss',
    );
    expect(bests(standings)).toEqual([10, 20, 30, 40, 40]);
    expect(waits(standings)).toEqual([0, 1, 2, 0, 1]);
  });

  it('ends the run if it does not improve within the patience', () => {
    const config = { ...nothing, early_stopping_patience: 2 };
    const gone = after([1, 2, 0.5, 0.6, 0.7, 0.4], config, 'eval_loss').map((standing) =>
      isPatienceGone(standing, config),
    );
    expect(gone).toEqual([false, false, false, false, true, false]);
    expect(isPatienceGone({ evaluated: 10, best: null, waited: 99 }, nothing)).toBe(false);
  });

  it('by an unknown metric is refused with the known names', async () => {
    const config = { ...nothing, metric_for_best_model: 'acuracy' };
    expect(() => refuseUnknownMetric(config, ['eval_loss', 'eval_entropy'])).toThrow(
      'metric_for_best_model: an evaluation of this run has no eval_acuracy; there are eval_entropy, eval_loss',
    );
    expect(
      await failureOf(Promise.resolve().then(() => nextStanding(unjudged, config, 1, { eval_loss: 1 }))),
    ).toMatchObject({
      code: 'unknown-metric',
    });
    expect(() => refuseUnknownMetric(nothing, [])).not.toThrow();
  });

  it('is noted at the end, and so is early stopping', () => {
    const config = { ...nothing, early_stopping_patience: 2 };
    const standing = { evaluated: 40, best: { step: 20, value: 0.123456789 }, waited: 2 };
    expect(remarksOnEnd(standing, config, 40, 100)).toEqual([
      'Ended at step 40 of 100: 2 evaluations in a row were not better than the best before them (early_stopping_patience)',
      'The best evaluation is that of step 20, with eval_loss 0.123457; its checkpoint is kept',
    ]);
    expect(remarksOnEnd({ ...standing, waited: 0 }, { ...config, load_best_model_at_end: true }, 100, 100)).toEqual([
      expect.stringContaining('the run ends on it'),
    ]);
  });
});
