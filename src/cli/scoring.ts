import { MarginError } from '../base/pure/marginError';
import type { Reading } from '../pairs/reading';
import { loadPairs } from '../reward/loadPairs';
import { rowRemarks } from '../reward/remarks';
import type { LoadedPairs } from '../reward/rowCollector';
import { openModel, type OpenModel } from '../engine/openModel';
import type { Output } from './output';
import { Progress } from './progress';

/** Loads the rows of a file, pairs and judged answers, and says which are left out or cut. */
export async function loadScoredRows(
  file: string,
  reading: Reading,
  maxTokens: number | null,
  { checkpoint, tokenizer }: OpenModel,
  output: Output,
): Promise<LoadedPairs> {
  const progress = new Progress(output);
  const loaded = await loadPairs(file, tokenizer, {
    reading,
    // As in training, no position beyond the model's longest context is computed.
    maxLength: Math.min(maxTokens ?? Infinity, checkpoint.model.maxPositions),
    onProgress: async (lines) => progress.update(`${lines.toLocaleString('en')} rows read`),
    judged: true,
    ties: true,
  });
  progress.end();
  for (const { message } of rowRemarks(file, loaded)) output.say(message);
  return loaded;
}

/**
 * The reference of a model: another model, or the model without its adapter.
 *
 * @param reference its folder; null: the model without its adapter
 * @throws MarginError `vocabulary-mismatch`, and those of {@link openModel}
 */
export async function openReference(reference: string | null, model: OpenModel): Promise<OpenModel> {
  if (reference === null) return { ...model, adapter: null };
  const other = await openModel(reference, null, model.device);
  const [own, theirs] = [model.checkpoint.model.vocabSize, other.checkpoint.model.vocabSize];
  if (own !== theirs) {
    throw new MarginError(
      'vocabulary-mismatch',
      `--reference ${reference} has a vocabulary of ${theirs} tokens, the model ${own}: the reference must share the model's tokenizer.`,
    );
  }
  return other;
}
