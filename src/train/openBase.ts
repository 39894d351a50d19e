import { join } from 'node:path';
import { inDevicePrecision } from '../engine/deviceWeights';
import { openCheckpoint } from '../model/checkpoint';
import { locateModel } from '../model/locate';
import { otherBase } from '../model/otherBase';
import { inPrecision, type Precision } from '../model/precision';
import type { Checkpoint } from '../model/types';
import { cacheFolder } from '../base/node/cacheFolder';
import type { TrainConfig } from '../run/types';

const kept: Readonly<Record<TrainConfig['dtype'], Precision | null>> = {
  auto: null,
  float32: 'f32',
  float16: 'f16',
  bfloat16: 'bf16',
};

/** The model that a run starts from. */
export interface Base {
  /** If `model_name_or_path` was an adapter, the run starts from it, and its base is the model. */
  readonly config: TrainConfig;
  readonly checkpoint: Checkpoint;
  /** Whether the model was found through an adapter. The run's fingerprints do not cover it then. */
  readonly foundThroughAdapter: boolean;
  /** The base model that the run's adapter was made for, if that is clearly another one. */
  readonly otherBase: string | null;
}

/**
 * Opens the model of a run. Its weights have the precision that `dtype` asks for, if `device` supports it.
 *
 * @throws MarginError those of finding and opening a model
 */
export async function openBase(asked: TrainConfig): Promise<Base> {
  const cache = join(cacheFolder(), 'models');
  const { folder, adapter } = await locateModel(asked.model_name_or_path, cache);
  const checkpoint = await openCheckpoint(folder);
  const fitting = await inDevicePrecision(asked.device, await inPrecision(checkpoint, kept[asked.dtype], cache), cache);
  const config = { ...asked, adapter_name_or_path: asked.adapter_name_or_path ?? adapter };
  const start = config.adapter_name_or_path;
  const other =
    start === null || start === adapter ? null : await otherBase(start, { path: asked.model_name_or_path, folder });
  return { config, checkpoint: fitting, foundThroughAdapter: adapter !== null, otherBase: other };
}
