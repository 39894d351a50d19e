import { basename, join } from 'node:path';
import { castFloats } from './castFloats';
import { fingerprintOf, makeOnce } from './makeOnce';
import { readTensor } from './readWeights';
import { readSafetensorsHeader, writeTensors, type WrittenTensor } from './safetensors';
import type { Checkpoint, StoredTensor } from './types';

/** What weights can be asked to be kept in. */
export type Precision = 'f32' | 'f16' | 'bf16';

/** Their names in a .safetensors file. */
export const fileTypes = { f32: 'F32', f16: 'F16', bf16: 'BF16' } as const;

/**
 * The same model with its weights kept in another type, made once for files as they are now and mapped from there.
 * Narrow types round to the nearest, as `transformers` does with `dtype`.
 *
 * @param kept null: as they are
 * @param cache the folder in which converted models lie; they can be deleted at any time
 * @throws MarginError `bad-weight` for a value beyond the type's range
 */
export async function inPrecision(checkpoint: Checkpoint, kept: Precision | null, cache: string): Promise<Checkpoint> {
  const stored = [...checkpoint.weights.values()];
  if (kept === null || stored.every(({ dtype }) => dtype === kept)) return checkpoint;
  const files = [...new Set(stored.map(({ file }) => file))].sort();
  const folder = join(cache, `${basename(checkpoint.folder)}-${kept}-${await fingerprintOf(files, `1 ${kept}`)}`);
  const file = (at: string): string => join(at, 'model.safetensors');
  await makeOnce(folder, (temporary) =>
    writeTensors(
      file(temporary),
      stored.map((tensor) => rounded(tensor, kept)),
    ),
  );
  const tensors = await readSafetensorsHeader(file(folder));
  return { ...checkpoint, weights: new Map(tensors.map((tensor) => [tensor.name, tensor])) };
}

function rounded(tensor: StoredTensor, kept: Precision): WrittenTensor {
  const { name, shape } = tensor;
  return {
    name,
    type: fileTypes[kept],
    shape,
    read: async () => castFloats((await readTensor(tensor)).data, kept, name),
  };
}
