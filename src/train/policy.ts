import { seededRandom } from '../base/pure/seededRandom';
import { openTrainSession } from '../engine/trainSession';
import type { TrainSession } from '../engine/types';
import { readAdapter } from '../model/adapter';
import { createAdapter } from '../model/lora';
import type { Adapter, Checkpoint, LoraSettings } from '../model/types';
import type { TrainConfig } from '../run/types';
import { lossOf } from './objectives/table';

/** The model that a run trains. */
export interface Policy {
  /** null: every weight is trained. */
  readonly adapter: Adapter | null;
  readonly session: TrainSession;
}

/** Opens the training session of a run; it needs no rows. */
export async function openPolicy(config: TrainConfig, checkpoint: Checkpoint): Promise<Policy> {
  const adapter = config.use_peft ? await startingAdapter(config, checkpoint) : null;
  const session = await openTrainSession({
    checkpoint,
    adapter,
    device: config.device,
    loss: lossOf(config),
    full: !config.use_peft,
    drops: !config.disable_dropout,
  });
  return { adapter, session };
}

/** The adapter that a run starts from, which may be a new one. */
export async function startingAdapter(config: TrainConfig, checkpoint: Checkpoint): Promise<Adapter> {
  if (config.adapter_name_or_path !== null) return readAdapter(config.adapter_name_or_path, checkpoint);
  return createAdapter(checkpoint, loraSettings(config), seededRandom(config.seed));
}

/** Settings of a new adapter, from the config's `lora_…` keys. */
export function loraSettings(config: TrainConfig): LoraSettings {
  return {
    r: config.lora_r,
    alpha: config.lora_alpha,
    rslora: config.use_rslora,
    dropout: config.lora_dropout,
    targets: config.lora_target_modules,
    rankPattern: config.rank_pattern,
    alphaPattern: config.alpha_pattern,
    layersToTransform: config.layers_to_transform,
  };
}
