import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileError } from '../base/node/fileError';
import { nullIfMissing } from '../base/node/jsonFile';
import { readJsonObject, readSmallText } from '../base/node/smallFile';
import { isRecord } from '../base/pure/isRecord';
import { MarginError } from '../base/pure/marginError';
import { adapterSettings, configOf, kindOf, metricsOf, skippedRemark } from './metricNames';
import { parsePythonJson } from './pythonJson';
import type { ConfigValue, PointEvent, TrackedRun } from './trackedRun';

export const trainerStateFile = 'trainer_state.json';
/** A logged step takes about 1 kB, so this is more than a quarter of a million points. */
const maxStateBytes = 256 << 20;
const maxAdapterBytes = 4 << 20;
const checkpointName = /^checkpoint-\d+$/;

/** The keys of a trainer state that repeat arguments. Its `num_train_epochs` is a result. */
const settings = ['max_steps', 'logging_steps', 'eval_steps', 'save_steps', 'train_batch_size'];
interface TrainerState {
  /** The folder with the file. */
  readonly folder: string;
  readonly step: number;
  readonly value: Readonly<Record<string, unknown>>;
}

/**
 * Reads the `output_dir` of a TRL or transformers trainer: `trainer_state.json` in it or in its newest checkpoint. The
 * file has no times. The arguments of the run are in a pickle, which is not read; its TensorBoard log has them too.
 *
 * @returns null if there is no such file
 * @throws MarginError `corrupt`, `too-large`, and those of {@link fileError}
 */
export async function readTrainerFolder(folder: string): Promise<TrackedRun | null> {
  const states: TrainerState[] = [];
  for (const one of [folder, ...(await checkpoints(folder))]) {
    const state = await readState(one);
    if (state) states.push(state);
  }
  const newest = states.sort((a, b) => b.step - a.step)[0];
  if (!newest) return null;
  const path = join(newest.folder, trainerStateFile);
  const { events, skipped } = eventsOf(newest.value, path);
  return {
    tracker: 'trl',
    path,
    name: basename(folder),
    created: null,
    config: { ...(await adapterConfig(newest.folder)), ...stateConfig(newest.value) },
    events,
    hasTimes: false,
    remarks: skippedRemark(skipped, path),
  };
}

async function checkpoints(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => checkpointName.test(name)).map((name) => join(folder, name));
  } catch (error) {
    throw fileError(error, 'read', folder);
  }
}

async function readState(folder: string): Promise<TrainerState | null> {
  const path = join(folder, trainerStateFile);
  const text = await nullIfMissing(readSmallText(path, maxStateBytes));
  if (text === null) return null;
  const value = parsePythonJson(text, path);
  const step = value['global_step'];
  if (typeof step !== 'number') throw corrupt(path, 'global_step must be a number');
  return { folder, step, value };
}

function eventsOf(
  state: Readonly<Record<string, unknown>>,
  path: string,
): { readonly events: readonly PointEvent[]; readonly skipped: number } {
  const history = state['log_history'];
  if (!Array.isArray(history)) throw corrupt(path, 'log_history must be a list');
  let skipped = 0;
  const events = history.map((entry: unknown, index): PointEvent => {
    const step = isRecord(entry) ? entry['step'] : undefined;
    if (!isRecord(entry) || !Number.isSafeInteger(step))
      throw corrupt(path, `log_history[${index}] must be an object with a step`);
    const found = metricsOf(entry);
    skipped += found.skipped;
    return { t: 0, step: Number(step), kind: kindOf(found.metrics), metrics: found.metrics };
  });
  return { events, skipped };
}

function stateConfig(state: Readonly<Record<string, unknown>>): Record<string, ConfigValue> {
  return configOf(Object.fromEntries(settings.filter((key) => key in state).map((key) => [key, state[key]])));
}

/** The settings of the adapter beside the state, where there is one. */
async function adapterConfig(folder: string): Promise<Record<string, ConfigValue>> {
  const found = await nullIfMissing(readJsonObject(join(folder, 'adapter_config.json'), maxAdapterBytes));
  return found === null ? {} : adapterSettings(configOf(found), '');
}

function corrupt(path: string, what: string): MarginError {
  return new MarginError('corrupt', `${path}: ${what}: it is not the state of a trainer, or it is damaged.`, { path });
}
