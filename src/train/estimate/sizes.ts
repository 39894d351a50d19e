import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { must } from '../../base/pure/must';
import { loraRank } from '../../model/lora';
import { resolveTargets } from '../../model/loraTargets';
import type { Checkpoint } from '../../model/types';
import type { TrainConfig } from '../../run/types';
import { loraSettings } from '../policy';
import type { Sizes } from './types';

/** Bytes of a trained number. Training computes in f32, whatever the file's precision is. */
const f32Bytes = 4;

/**
 * Sizes of a run's arrays, from the headers of its model alone.
 *
 * @throws MarginError if `lora_target_modules` names modules that the model does not have
 */
export async function sizesOf(config: TrainConfig, checkpoint: Checkpoint): Promise<Sizes> {
  const weights = [...checkpoint.weights.values()];
  const all = f32Bytes * weights.reduce((sum, { shape }) => sum + shape.reduce((product, dim) => product * dim, 1), 0);
  const adapter =
    config.adapter_name_or_path === null
      ? freshBytes(config, checkpoint)
      : await storedBytes(config.adapter_name_or_path);
  const parts = weights.flatMap((tensor) => [tensor, tensor.quantised?.scale, tensor.quantised?.minimum]);
  const stored = parts.filter((part) => part !== undefined && part !== null);
  return {
    weights: stored.reduce((sum, part) => sum + part.bytes, 0),
    trained: config.use_peft ? adapter : all,
    adapter,
  };
}

function freshBytes(config: TrainConfig, checkpoint: Checkpoint): number {
  const settings = loraSettings(config);
  return resolveTargets(checkpoint, settings).reduce((sum, module) => {
    const { inFeatures, outFeatures } = must(checkpoint.model.linears.get(module), `the linear layer ${module}`);
    return sum + f32Bytes * loraRank(settings, module) * (inFeatures + outFeatures);
  }, 0);
}

/** PEFT saves f32. If the file has a lower precision, the adapter takes more memory than this. */
async function storedBytes(folder: string): Promise<number> {
  // If the file is missing, opening the adapter throws.
  return stat(join(folder, 'adapter_model.safetensors')).then(
    ({ size }) => size,
    () => 0,
  );
}
