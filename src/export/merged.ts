import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { storedTensors } from '../model/checkpoint';
import { copyCompanions } from '../model/companions';
import { readSmallText } from '../base/node/smallFile';
import { isRecord } from '../base/pure/isRecord';
import { parseObject } from '../model/fields';
import { mergedTensors, type StreamedTensor } from '../model/merge';
import type { FileType, WrittenTensor } from '../model/safetensors';
import { totalBytes, writeShards } from '../model/shards';
import type { Checkpoint } from '../model/types';
import type { ExportOptions } from './options';
import { maxConfigBytes, withKeys } from './peft';
import type { Source } from './source';

/** `transformers`' names. */
const typeNames: Readonly<Partial<Record<FileType, string>>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' };

/** A whole model: the base with the adapter in its weights, in Hugging Face's layout. */
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
 * Makes config.json say what the weights are: `transformers` loads them in the type it names, and makes a head of its
 * own where it does not know that embedding and head are one. What is right already stays as it is written.
 */
async function fitConfig(file: string, tensors: readonly WrittenTensor[], { model }: Checkpoint): Promise<void> {
  const text = await readSmallText(file, maxConfigBytes);
  const config = parseObject(text, file);
  const types = new Set(tensors.map(({ type }) => type));
  const [only = 'F32'] = types;
  const key = 'dtype' in config ? 'dtype' : 'torch_dtype';
  // Of several the widest, where config.json names none: in another one values would be lost.
  const type = types.size === 1 ? typeNames[only] : (config[key] ?? typeNames.F32);
  const tied = !/^(lm_head|embed_out)\./.test(model.head);
  const wanted = {
    ...(config[key] === type ? {} : { [key]: type }),
    // Of a multimodal config the text's part has it, and its files are the model's own.
    ...(isRecord(config.text_config) || config.tie_word_embeddings === tied ? {} : { tie_word_embeddings: tied }),
  };
  if (Object.keys(wanted).length > 0) await writeFile(file, withKeys(text, wanted));
}
