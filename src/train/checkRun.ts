import { tmpdir } from 'node:os';
import { openTokenizer } from '../model/tokenizer';
import type { Remark } from '../reward/remarks';
import type { TrainConfig } from '../run/types';
import { refuseUnknownMetric } from './bestModel';
import { sizesOf } from './estimate/sizes';
import { evaluationMetrics } from './evaluate';
import { openBase } from './openBase';
import { sideRemarks } from './sideRemarks';
import { loadSides } from './split';

/**
 * What a run would refuse of its model and rows, and what it would note of them, without a step: the same loading in
 * the same words. (A GGUF model is converted in its cache if it was not yet, as the run would.)
 *
 * @throws MarginError what would end the run before its first step
 */
export async function checkRun(asked: TrainConfig): Promise<Remark[]> {
  refuseUnknownMetric(asked, evaluationMetrics(asked));
  const { config, checkpoint } = await openBase(asked);
  const tokenizer = await openTokenizer(checkpoint.folder, checkpoint.model.vocabSize);
  // Where use_peft names modules that the model has not, this says so.
  await sizesOf(config, checkpoint);
  const maxLength = Math.min(config.max_length ?? Number.POSITIVE_INFINITY, checkpoint.model.maxPositions);
  const sides = await loadSides(config, tokenizer, maxLength, { scratch: tmpdir() });
  try {
    return sideRemarks(sides, config);
  } finally {
    await Promise.all([sides.train.rows.close(), sides.held?.rows.close()]);
  }
}
