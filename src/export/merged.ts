import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { storedTensors } from '../model/checkpoint';
import { copyCompanions } from '../model/companions';
import { readSmallText } from '../base/node/smallFile';
import { isRecord } from '../base/pure/isRecord';
import { at } from '../base/pure/must';
import { parseObject } from '../model/fields';
import { mergedTensors, type StreamedTensor } from '../model/merge';
import type { FileType, WrittenTensor } from '../model/safetensors';
import { totalBytes, writeShards } from '../model/shards';
import type { Checkpoint } from '../model/types';
import type { ExportOptions } from './options';
import { maxConfigBytes, withKeys } from './peft';
import type { Source } from './source';

/** Names of the types in config.json, as `transformers` writes them. */
const typeNames: Readonly<Partial<Record<FileType, string>>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' };

/**
 * Writes a whole model in Hugging Face's layout: the base with the adapter merged into its weights.
 *
 * @param folder exists and is empty
 * @throws MarginError `bad-weight` for a value beyond the range of `dtype`; AbortError
 */
export async function writeMerged(
  folder: string,
  { checkpoint, adapter }: Source,
  options: ExportOptions,
): Promise<void> {
  const tensors = mergedTensors(await storedTensors(checkpoint.folder), checkpoint, adapter, options.dtype);
  await copyCompanions(checkpoint.folder, folder);
  await fitConfig(join(folder, 'config.json'), tensors, checkpoint);
  await writeShards(folder, counted(tensors, options), options.maxShardBytes);
}

/** The same tensors, which report progress and can be aborted while they are written. */
function counted(tensors: readonly StreamedTensor[], { onProgress, signal }: ExportOptions): StreamedTensor[] {
  const total = totalBytes(tensors);
  let done = 0;
  return tensors.map((tensor) => ({
    ...tensor,
    read: async function* () {
      for await (const piece of tensor.read()) {
        signal.throwIfAborted();
        yield piece;
        done += piece.length;
        onProgress('weights', done, total);
      }
    },
  }));
}

/**
 * Corrects two keys of config.json where they do not fit the written weights: `dtype` (`torch_dtype` in older files),
 * in which `transformers` loads them, and `tie_word_embeddings`, without which it would create a new head.
 */
async function fitConfig(file: string, tensors: readonly WrittenTensor[], { model }: Checkpoint): Promise<void> {
  const text = await readSmallText(file, maxConfigBytes);
  const config = parseObject(text, file);
  const types = [...new Set(tensors.map(({ type }) => type))];
  const key = 'dtype' in config ? 'dtype' : 'torch_dtype';
  // With several types and none in config.json, the widest keeps all values.
  const type = types.length === 1 ? typeNames[at(types, 0)] : (config[key] ?? typeNames.F32);
  const tied = !/^(lm_head|embed_out)\./.test(model.head);
  const wanted = {
    ...(config[key] === type ? {} : { [key]: type }),
    // In a multimodal config this key is part of `text_config`, and the files are the original ones.
    ...(isRecord(config.text_config) || config.tie_word_embeddings === tied ? {} : { tie_word_embeddings: tied }),
  };
  if (Object.keys(wanted).length > 0) await writeFile(file, withKeys(text, wanted, file));
}
