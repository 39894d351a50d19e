import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { must } from '../../base/pure/must';
import { loraRank } from '../../model/lora';
import { resolveTargets } from '../../model/loraTargets';
import type { Checkpoint } from '../../model/types';
import type { TrainConfig } from '../../run/types';
import { loraSettings } from '../trainer';
import type { Sizes } from './types';

/** Of a number in memory, whatever the file's precision: training computes in f32. */
const f32Bytes = 4;

/**
 * Sizes of what a run holds, from the headers of its model alone.
 *
 * @throws MarginError where the adapter's modules are none of the model's
 */
export async function sizesOf(config: TrainConfig, checkpoint: Checkpoint): Promise<Sizes> {
  const weights = [...checkpoint.weights.values()];
  const all = f32Bytes * weights.reduce((sum, { shape }) => sum + shape.reduce((product, dim) => product * dim, 1), 0);
  const adapter =
    config.adapter_name_or_path === null
      ? freshBytes(config, checkpoint)
      : await storedBytes(config.adapter_name_or_path);
  const parts = weights.flatMap((tensor) => [tensor, tensor.quantised?.scale, tensor.quantised?.minimum]);
  return {
    weights: parts.reduce((sum, part) => sum + (part?.bytes ?? 0), 0),
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

/** PEFT saves f32; where the file is narrower this is less than it will be. */
async function storedBytes(folder: string): Promise<number> {
  // A file that is not there is told when the adapter is opened.
  return stat(join(folder, 'adapter_model.safetensors')).then(
    ({ size }) => size,
    () => 0,
  );
}
