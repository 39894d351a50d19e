import { join } from 'node:path';
import type { SessionOptions } from '../engine/types';
import { readAdapter } from '../model/adapter';
import { hasEffect } from '../model/lora';
import { readTensor } from '../model/readWeights';
import { readSafetensorsHeader } from '../model/safetensors';
import type { Adapter, Parameter } from '../model/types';
import { runPaths } from '../run/folder';
import { readCheckpointReference } from './checkpointReference';
import type { Base } from './openBase';

/** Options for a session of a checkpoint's model. */
export async function policyOf(folder: string, step: number, { config, checkpoint }: Base): Promise<SessionOptions> {
  const saved = runPaths.checkpoint(folder, step);
  const { device } = config;
  if (config.use_peft) return { checkpoint, adapter: await readAdapter(saved, checkpoint), device };
  const weights = new Map<string, Parameter>();
  for (const stored of await readSafetensorsHeader(join(saved, 'model.safetensors')))
    weights.set(stored.name, await readTensor(stored));
  return { checkpoint, adapter: null, weights, device };
}

/** Options for a session of the model that a run starts from. */
export async function startOf({ config, checkpoint }: Base): Promise<SessionOptions> {
  return { checkpoint, adapter: await startingAdapter(config, checkpoint), device: config.device };
}

/** Options for a session of a run's reference at a checkpoint; see `openReferenceModel`. */
export async function referenceOf(folder: string, step: number, base: Base): Promise<SessionOptions> {
  const { config, checkpoint } = base;
  const { device } = config;
  if (!config.sync_ref_model)
    return config.ref_model === 'start' ? startOf(base) : { checkpoint, adapter: null, device };
  const { moving } = await readCheckpointReference(folder, step);
  if (!config.use_peft) return { checkpoint, adapter: null, weights: moving, device };
  const adapter = await readAdapter(runPaths.checkpoint(folder, step), checkpoint);
  return { checkpoint, adapter: { ...adapter, parameters: moving }, device };
}

/** null if the adapter has no effect: it adds exact zeros, so the model alone gives the same bits. */
async function startingAdapter(
  { adapter_name_or_path: folder, use_peft: adapters }: Base['config'],
  checkpoint: Base['checkpoint'],
): Promise<Adapter | null> {
  if (folder === null || !adapters) return null;
  const adapter = await readAdapter(folder, checkpoint);
  return hasEffect(adapter) ? adapter : null;
}
