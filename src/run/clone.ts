import { dirname, join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { defaultOf } from './keys/key';
import { keys } from './keys/keys';
import type { TrainConfig } from './types';

/** Where runs go if a config does not say. */
const defaultOutput = join('.margin', 'runs');

/**
 * The keys of a run that differ from the defaults, as a new `*.train.json` in `folder` writes them: with paths relative
 * to it, and without a name, so that the new run is named after its file.
 */
export function clonedKeys(config: TrainConfig, folder: string): Record<string, unknown> {
  const cloned: Record<string, unknown> = {};
  for (const key of keys) {
    const { name, type } = key;
    const value = config[name];
    if (name === 'run_name' || isDeepStrictEqual(value, defaultOf(key, config.trainer))) continue;
    // Weights of 1 are what a config without them has.
    if (name === 'loss_weights' && config.loss_weights.every((weight) => weight === 1)) continue;
    if (name === 'output_dir' && config.output_dir === join(folder, defaultOutput)) continue;
    cloned[name] = type.kind === 'path' && typeof value === 'string' ? pathFrom(folder, value) : value;
  }
  return cloned;
}

/** A path inside `folder` or beside it is relative; any other stays absolute. */
function pathFrom(folder: string, path: string): string {
  const near = relative(folder, path).replaceAll('\\', '/');
  const isNear = near !== '' && !near.startsWith('../..') && !/^[a-z]:/i.test(near);
  return isNear ? near : path;
}

/** The folder in which a clone of a run is written: that of its data, where *Margin: Train…* writes configs too. */
export function cloneFolder({ train_file: data }: TrainConfig): string {
  return dirname(data);
}
