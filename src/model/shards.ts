import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { byteSize, writeTensors, type WrittenTensor } from './safetensors';

/**
 * Writes a model's weights in shards, as Hugging Face does (huggingface_hub `serialization/_base.py`): tensors stay in
 * order, and a new file begins where the next tensor would exceed the limit. A tensor above the limit gets its own
 * file.
 *
 * A single file is `model.safetensors`. Several are `model-00001-of-00002.safetensors`, …, with an index in
 * `model.safetensors.index.json`.
 *
 * @param maxBytes the limit for the tensors of a file
 */
export async function writeShards(folder: string, tensors: readonly WrittenTensor[], maxBytes: number): Promise<void> {
  const shards = shardsOf(tensors, maxBytes);
  const number = (n: number): string => String(n).padStart(5, '0');
  const nameOf = (shard: number): string =>
    shards.length === 1 ? 'model.safetensors' : `model-${number(shard + 1)}-of-${number(shards.length)}.safetensors`;
  for (const [i, shard] of shards.entries()) await writeTensors(join(folder, nameOf(i)), shard);
  if (shards.length === 1) return;
  const fileOfTensor = shards.flatMap((shard, i) => shard.map(({ name }) => [name, nameOf(i)] as const));
  const index = {
    metadata: { total_size: totalBytes(tensors) },
    weight_map: Object.fromEntries(fileOfTensor.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  await writeFile(join(folder, 'model.safetensors.index.json'), `${JSON.stringify(index, null, 2)}\n`);
}

/** Bytes of all tensors together, without headers. */
export function totalBytes(tensors: readonly WrittenTensor[]): number {
  return tensors.reduce((sum, tensor) => sum + byteSize(tensor), 0);
}

function shardsOf(tensors: readonly WrittenTensor[], maxBytes: number): WrittenTensor[][] {
  const shards: WrittenTensor[][] = [];
  let room = 0;
  for (const tensor of tensors) {
    const size = byteSize(tensor);
    if (size > room || shards.length === 0) {
      shards.push([]);
      room = maxBytes;
    }
    shards.at(-1)?.push(tensor);
    room -= size;
  }
  return shards;
}
