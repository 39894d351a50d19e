import type { TrainConfig } from '../../run/types';
import { needsAt, usableShare, type Lack, type Predicted } from './advice';
import { inSmaller } from './planRun';
import type { BatchSizes, Measured, OtherBatch } from './types';

/** The largest micro-batch that fits, and how fast those are that were measured. @param run its needs now */
export function batchSizes(run: Lack, predicted: Predicted, phases: Measured['phases']): BatchSizes {
  const { plan } = predicted;
  const { config, free } = run;
  const now = { size: config.per_device_train_batch_size, load: plan.heavy.load };
  const planned = [...plan.smaller.toReversed(), now, ...plan.larger];
  const needsOf = ({ load, size }: OtherBatch): number => needsAt(run, predicted, load, size);
  const index = planned.findLastIndex((one) => needsOf(one) <= usableShare * free);
  const found = planned[index];
  const largest = found && {
    size: found.size,
    accumulation: accumulationOf(config, found.size),
    needs: needsOf(found),
    isLimit: index < planned.length - 1,
  };
  const speeds = (['light', 'typical'] as const).flatMap((phase) => {
    // A run with one pair in a micro-batch has no light phase.
    const seconds = phases[phase]?.seconds;
    const { pairs, tokens } = plan[phase];
    return typeof seconds === 'number' && seconds > 0 ? [{ pairs, tokensPerSecond: tokens / seconds }] : [];
  });
  return { largest: largest ?? null, speeds };
}

const accumulationOf = (config: TrainConfig, size: number): number =>
  inSmaller(config, size).gradient_accumulation_steps;
