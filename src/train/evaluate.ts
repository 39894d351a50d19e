import { headChunks } from '../engine/head';
import { lossMetricNames, openLossSession } from '../engine/lossSession';
import { packPairs } from '../engine/packPairs';
import { openLazily, openMeasureSession } from '../engine/scoreSession';
import type { MeasureSession, SessionOptions } from '../engine/types';
import { indexRange, type RowSource } from '../reward/rowStore';
import type { TrainConfig } from '../run/types';
import { batchMetricNames, batchMetrics, MetricMeans } from './metrics';
import { findTrouble, NumericTrouble } from './numericTrouble';
import { lossOf } from './objectives/table';
import type { Trainer } from './trainer';
import { batchLayout } from './trainers';

/** The model as it is now: live arrays, so sessions opened once follow the training. */
export function policyOptions({ checkpoint, adapter, session, config: { device } }: Trainer): SessionOptions {
  return adapter ? { checkpoint, adapter, device } : { checkpoint, adapter: null, weights: session.parameters, device };
}

/** The model as it was before the first step. */
export function startOptions({ checkpoint, referenceModel, config: { device } }: Trainer): SessionOptions {
  return { checkpoint, adapter: referenceModel.start, device };
}

/** Opens with the first measurement, which comes after the first steps. */
export function openPolicy(trainer: Trainer): MeasureSession {
  return openLazily(() => openMeasureSession({ ...policyOptions(trainer), agreement: trainer.config.use_weighting }));
}

/**
 * TRL's metrics of an evaluation, `eval_` in front: pairs in the file's order; the loss is the mean over pairs, all
 * else the mean over batches, of which a short last one weighs as much as the others (trl 1.16 `dpo_trainer.py`, log;
 * transformers `trainer.py`, evaluation_loop).
 *
 * @throws NumericTrouble
 */
export async function evaluate(
  trainer: Trainer,
  rows: RowSource,
  policy: MeasureSession,
): Promise<Record<string, number>> {
  const { config, checkpoint } = trainer;
  const size = config.per_device_eval_batch_size;
  const session = await openLossSession(lossOf(config), headChunks(checkpoint.model));
  const batches = new MetricMeans();
  let total = 0;
  try {
    for (let at = 0; at < rows.count; at += size) {
      const read = await rows.read(indexRange(at, Math.min(at + size, rows.count)));
      const batch = packPairs(
        read.map(({ training }) => training),
        batchLayout(config),
      );
      const measures = await policy.score(batch);
      const reference = await trainer.scoreReference(batch);
      const value = await session.value(batch, measures, reference);
      const trouble = findTrouble(batch, { ...measures, ...value }, reference);
      if (trouble) throw new NumericTrouble(trainer.position.step, { ...trouble, pair: at + trouble.pair });
      batches.add(batchMetrics(batch, { ...measures, ...value }, reference, config));
      total += value.loss * batch.pairs;
    }
  } finally {
    await session.release();
  }
  const metrics = { ...batches.means, loss: total / rows.count, num_tokens: trainer.position.tokens };
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [evalName(name), value]));
}

const evalName = (name: string): string => `eval_${name}`;

/**
 * The metrics that {@link evaluate} can give. Judged answers that are all good, or all bad, leave out those of the
 * other side.
 */
export function evaluationMetrics(config: TrainConfig): string[] {
  return [...batchMetricNames(config), ...lossMetricNames(lossOf(config)), 'num_tokens'].map(evalName);
}
