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
import type { MeasuredBatch } from './heldOutRewards';
import { batchLayout } from './trainers';

/**
 * Options for a session of the model in training. It shares the trainer's arrays, so it always has the newest weights.
 */
export function policyOptions({ checkpoint, adapter, session, config: { device } }: Trainer): SessionOptions {
  return adapter ? { checkpoint, adapter, device } : { checkpoint, adapter: null, weights: session.parameters, device };
}

/** Options for a session of the model as it was before the first step. */
export function startOptions({ checkpoint, referenceModel, config: { device } }: Trainer): SessionOptions {
  return { checkpoint, adapter: referenceModel.start, device };
}

/** A session that measures the model in training. It opens at the first measurement, so the first step comes sooner. */
export function openMeasuredPolicy(trainer: Trainer): MeasureSession {
  return openLazily(() => openMeasureSession({ ...policyOptions(trainer), agreement: trainer.config.use_weighting }));
}

/**
 * Evaluates the model on held-out rows, in the file's order. Names and means are TRL's: each name begins with `eval_`;
 * the loss is the mean over pairs; every other metric is the mean over batches, where a short last batch weighs as much
 * as a full one (trl 1.16 `dpo_trainer.py`, log; transformers `trainer.py`, evaluation_loop).
 *
 * @param policy measures the model in training; see {@link openMeasuredPolicy}
 * @param take gets each batch of pairs with what it measured
 * @throws NumericTrouble if a result is not finite
 */
export async function evaluate(
  trainer: Trainer,
  rows: RowSource,
  policy: MeasureSession,
  take: (measured: MeasuredBatch) => void = () => undefined,
): Promise<Record<string, number>> {
  const { config, checkpoint } = trainer;
  const size = config.per_device_eval_batch_size;
  const session = await openLossSession(lossOf(config), headChunks(checkpoint.model));
  const batches = new MetricMeans();
  let total = 0;
  try {
    for (let first = 0; first < rows.count; first += size) {
      const read = await rows.read(indexRange(first, Math.min(first + size, rows.count)));
      const batch = packPairs(
        read.map(({ training }) => training),
        batchLayout(config),
      );
      const measures = await policy.score(batch);
      const reference = await trainer.scoreReference(batch);
      const value = await session.value(batch, measures, reference);
      const trouble = findTrouble(batch, { ...measures, ...value }, reference);
      if (trouble) throw new NumericTrouble(trainer.position.step, { ...trouble, pair: first + trouble.pair });
      take({ rows: read, batch, logps: measures.sequenceLogps, reference });
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
 * Names of the metrics that {@link evaluate} returns. If all judged answers are good, or all are bad, the metrics of
 * the other side are missing.
 */
export function heldOutMetricNames(config: TrainConfig): string[] {
  return [...batchMetricNames(config), ...lossMetricNames(lossOf(config)), 'num_tokens'].map(evalName);
}
