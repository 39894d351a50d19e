import { tmpdir } from 'node:os';
import { openTokenizer } from '../model/tokenizer';
import type { Remark } from '../reward/remarks';
import type { TrainConfig } from '../run/types';
import { refuseUnknownMetric } from './bestModel';
import { sizesOf } from './estimate/sizes';
import { evaluationMetrics } from './evaluationMetrics';
import { maxRowTokens } from './loadRows';
import { openBase } from './openBase';
import { sideRemarks } from './sideRemarks';
import { loadSides } from './split';

/**
 * Loads model and rows as a run would, and returns what the run would note about them. Takes no step. (Like the run, it
 * converts a GGUF model in the cache, once.)
 *
 * @throws MarginError what would end the run before its first step
 */
export async function checkRun(asked: TrainConfig): Promise<Remark[]> {
  refuseUnknownMetric(asked, evaluationMetrics(asked));
  const { config, checkpoint } = await openBase(asked);
  const tokenizer = await openTokenizer(checkpoint.folder, checkpoint.model.vocabSize);
  // Throws if lora_target_modules names modules that the model does not have.
  await sizesOf(config, checkpoint);
  const maxLength = maxRowTokens(config, checkpoint);
  const sides = await loadSides(config, tokenizer, maxLength, { scratch: tmpdir() });
  try {
    return sideRemarks(sides, config);
  } finally {
    await Promise.all([sides.train.rows.close(), sides.held?.rows.close()]);
  }
}
