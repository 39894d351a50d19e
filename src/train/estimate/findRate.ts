import { MarginError } from '../../base/pure/marginError';
import { withWeightCheck } from '../../model/finite';
import { openTokenizer } from '../../model/tokenizer';
import type { TrainConfig } from '../../run/types';
import { maxRowTokens } from '../loadRows';
import { NumericTrouble } from '../numericTrouble';
import { openBase } from '../openBase';
import { sideRemarks } from '../sideRemarks';
import { loadSides } from '../split';
import { Trainer } from '../trainer';
import { adviseRate, RateCurve, rateOf, type RateAdvice, type RatePoint, type RateRange } from './rateCurve';

/** The result of a learning-rate range test. */
export interface RateTest {
  readonly points: readonly RatePoint[];
  /** `swept`: all steps were taken; `diverged`: the loss rose; `not-finite`: NaN, infinity or exploding gradients. */
  readonly ended: 'swept' | 'diverged' | 'not-finite';
  /** Passes over the training rows. */
  readonly passes: number;
  /** What the run would note about its rows. */
  readonly remarks: readonly string[];
  readonly advice: RateAdvice;
}

/** What {@link findRate} tells while it works. */
export interface RateListener {
  readonly onPoint: (point: RatePoint) => void;
  readonly signal: AbortSignal;
}

/** Steps before which a value that is not finite comes from the rows or the model, and not from the rate. */
const leastSteps = 3;

/**
 * Tests learning rates: takes the first steps of the run, each with a larger rate, and watches the loss. The batches,
 * the optimizer, clipping and dropout are the run's; its schedule and its rate are not used. Writes no run folder; the
 * trained weights are discarded. (Like the run, it converts a GGUF model in the cache, once.)
 *
 * @throws MarginError what the run would throw, `not-finite` and `interrupted`
 */
export async function findRate(asked: TrainConfig, range: RateRange, listener: RateListener): Promise<RateTest> {
  const { config, checkpoint } = await openBase(asked);
  const tokenizer = await openTokenizer(checkpoint.folder, checkpoint.model.vocabSize);
  const sides = await loadSides(config, tokenizer, maxRowTokens(config, checkpoint));
  const { train, held } = sides;
  try {
    const trainer = await Trainer.open({ ...config, max_steps: range.steps }, checkpoint, train.rows);
    try {
      const remarks = sideRemarks(sides, config).map(({ message }) => message);
      return { ...(await sweep(trainer, range, listener)), remarks };
    } finally {
      await trainer.release();
    }
  } finally {
    await Promise.all([train.rows.close(), held?.rows.close()]);
  }
}

async function sweep(
  trainer: Trainer,
  range: RateRange,
  { onPoint, signal }: RateListener,
): Promise<Omit<RateTest, 'remarks'>> {
  const curve = new RateCurve();
  let passes = 0;
  let ended: RateTest['ended'] = 'swept';
  while (ended === 'swept' && curve.points.length < range.steps) {
    if (signal.aborted) throw new MarginError('interrupted', 'The test was ended before it had a result.');
    const rate = rateOf(range, curve.points.length + 1);
    const metrics = await stepOrNull(trainer, rate);
    if (metrics === null) {
      ended = 'not-finite';
    } else {
      passes = metrics.epoch;
      onPoint(curve.add(rate, metrics.loss));
      if (curve.hasDiverged) ended = 'diverged';
    }
  }
  const { points } = curve;
  return { points, ended, passes, advice: adviseRate(points, ended !== 'swept') };
}

/** Takes a step. Returns null if the rates so far have made it impossible. */
async function stepOrNull(trainer: Trainer, rate: number): Promise<{ loss: number; epoch: number } | null> {
  const { step } = trainer.position;
  try {
    const metrics = await withWeightCheck([trainer.checkpoint], () => trainer.step(rate));
    return { loss: numberOf(metrics, 'loss'), epoch: numberOf(metrics, 'epoch') };
  } catch (error) {
    if (!(error instanceof NumericTrouble)) throw error;
    if (step >= leastSteps) return null;
    throw new MarginError('not-finite', `Step ${step + 1} has results that are not finite: ${error.message}.`);
  }
}

function numberOf(metrics: Readonly<Record<string, number>>, name: string): number {
  const value = metrics[name];
  if (value === undefined) throw new Error(`A step has no ${name}`);
  return value;
}
