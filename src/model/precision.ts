import { basename, join } from 'node:path';
import { castFloats } from './castFloats';
import { fingerprintOf, makeOnce } from './makeOnce';
import { readTensor } from './readWeights';
import { readSafetensorsHeader, writeTensors, type WrittenTensor } from './safetensors';
import type { Checkpoint, StoredTensor } from './types';

/** The float types that weights can be stored in. */
export type Precision = 'f32' | 'f16' | 'bf16';

/** Their names in a .safetensors file. */
export const fileTypes = { f32: 'F32', f16: 'F16', bf16: 'BF16' } as const;

/**
 * The same model with its weights stored in another type. They are written to the cache once, and again when the files
 * change. Narrower types round to the nearest, as `transformers` does with `dtype`.
 *
 * @param precision null: as they are
 * @param cache the folder of converted models; it can be deleted at any time
 * @throws MarginError `bad-weight` for a value beyond the type's range
 */
export async function inPrecision(
  checkpoint: Checkpoint,
  precision: Precision | null,
  cache: string,
): Promise<Checkpoint> {
  const stored = [...checkpoint.weights.values()];
  if (precision === null || stored.every(({ dtype }) => dtype === precision)) return checkpoint;
  const files = [...new Set(stored.map(({ file }) => file))].sort();
  const folder = join(
    cache,
    `${basename(checkpoint.folder)}-${precision}-${await fingerprintOf(files, `1 ${precision}`)}`,
  );
  const file = (at: string): string => join(at, 'model.safetensors');
  await makeOnce(folder, (temporary) =>
    writeTensors(
      file(temporary),
      stored.map((tensor) => rounded(tensor, precision)),
    ),
  );
  const tensors = await readSafetensorsHeader(file(folder));
  return { ...checkpoint, weights: new Map(tensors.map((tensor) => [tensor.name, tensor])) };
}

function rounded(tensor: StoredTensor, precision: Precision): WrittenTensor {
  const { name, shape } = tensor;
  return {
    name,
    type: fileTypes[precision],
    shape,
    read: async () => castFloats((await readTensor(tensor)).data, precision, name),
  };
}
