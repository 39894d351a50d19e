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

export interface Base {
  /** A path to an adapter means its base with that adapter to start from. */
  readonly config: TrainConfig;
  readonly checkpoint: Checkpoint;
  /** Whether an adapter named its base: the run's fingerprints do not cover that. */
  readonly isFound: boolean;
  /** The base that the run's adapter was made for, where that is clearly another. */
  readonly otherBase: string | null;
}

/** The model that a run trains on, its weights kept as `dtype` says and `device` can take them. */
export async function openBase(asked: TrainConfig): Promise<Base> {
  const cache = join(cacheFolder(), 'models');
  const { folder, adapter } = await locateModel(asked.model_name_or_path, cache);
  const checkpoint = await openCheckpoint(folder);
  const fitting = await inDevicePrecision(asked.device, await inPrecision(checkpoint, kept[asked.dtype], cache), cache);
  const config = { ...asked, adapter_name_or_path: asked.adapter_name_or_path ?? adapter };
  const start = config.adapter_name_or_path;
  const other =
    start === null || start === adapter ? null : await otherBase(start, { path: asked.model_name_or_path, folder });
  return { config, checkpoint: fitting, isFound: adapter !== null, otherBase: other };
}
