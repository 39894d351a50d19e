import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readTensor } from '../model/readWeights';
import { readSafetensorsHeader, writeSafetensors } from '../model/safetensors';
import { writeAdapter } from '../model/adapter';
import { copyCompanions } from '../model/companions';
import type { Parameter } from '../model/types';
import { MarginError } from '../base/pure/marginError';
import { checkpointSteps } from '../run/find';
import { fileError } from '../base/node/fileError';
import { runPaths } from '../run/folder';
import { isStanding, unjudged } from './bestModel';
import { abandoned, rotateCheckpoints } from './rotateCheckpoints';
import type { Trainer, TrainerPosition } from './trainer';

export const optimizerFile = 'optimizer.safetensors';
export const positionFile = 'trainer.json';

/**
 * Writes `checkpoints/step-N`: the adapter or the whole model, the optimizer's moments, the reference's log-probs and, where
 * it moves, its arrays, and the position. The folder appears whole or not at all, and older ones go beyond `save_total_limit`.
 *
 * @returns the folder; null where it was there before
 * @throws MarginError `disk-full`, `not-writable`, … naming the folder
 */
export async function saveCheckpoint(runFolder: string, trainer: Trainer): Promise<string | null> {
  const folder = runPaths.checkpoint(runFolder, trainer.position.step);
  const temporary = join(dirname(folder), `${abandoned}${trainer.position.step}`);
  try {
    // A run that is stopped where it was saved, or resumed, has this one already; it may have died before older ones went.
    const isNew = !existsSync(folder);
    if (isNew) {
      await rm(temporary, { recursive: true, force: true });
      await mkdir(temporary, { recursive: true });
      await writeState(temporary, trainer);
      await rename(temporary, folder);
    }
    await rotateCheckpoints(runFolder, trainer.config.save_total_limit, trainer.position.standing.best?.step ?? null);
    return isNew ? folder : null;
  } catch (error) {
    await removeIfPossible(temporary);
    throw fileError(error, 'write', folder);
  }
}

async function writeState(folder: string, trainer: Trainer): Promise<void> {
  if (trainer.adapter) await writeAdapter(folder, trainer.adapter, baseOf(trainer));
  else await writeModel(folder, trainer);
  await writeSafetensors(join(folder, optimizerFile), stateOf(trainer));
  await writeFile(join(folder, positionFile), `${JSON.stringify({ ...trainer.position, pairs: trainer.fingerprint })}\n`, { flush: true });
}

/** The base that an adapter names: a .gguf file by itself, for what it was converted to may go at any time. */
function baseOf({ config, checkpoint }: Trainer): string {
  return config.model_name_or_path.endsWith('.gguf') ? config.model_name_or_path : checkpoint.folder;
}

async function removeIfPossible(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => {
    // Whatever kept the checkpoint from being written may keep this from going; the first error is the one to tell.
  });
}

async function writeModel(folder: string, { session, checkpoint }: Trainer): Promise<void> {
  await writeSafetensors(join(folder, 'model.safetensors'), session.parameters.values());
  await copyCompanions(checkpoint.folder, folder);
}

function stateOf({ optimizer, session, reference, referenceModel }: Trainer): Parameter[] {
  const moments = [...optimizer.moments].flatMap(([name, { m, v }]) => {
    const shape = session.parameters.get(name)?.shape ?? [m.length];
    return [
      { name: `exp_avg.${name}`, shape, data: m },
      { name: `exp_avg_sq.${name}`, shape, data: v },
    ];
  });
  const moving = [...(referenceModel.moving?.values() ?? [])].map((parameter) => ({ ...parameter, name: movingName(parameter.name) }));
  return [...moments, ...moving, { name: 'reference', shape: [2, reference.length / 2], data: reference }];
}

/** A moving reference's own array of a parameter. */
export const movingName = (parameter: string): string => `reference.${parameter}`;

/**
 * Puts a trainer where its run's newest checkpoint was, bit for bit.
 *
 * @returns whether there is a checkpoint; without one the trainer stays at its beginning
 * @throws MarginError `checkpoint-mismatch`
 */
export async function restoreCheckpoint(runFolder: string, trainer: Trainer): Promise<boolean> {
  const step = Math.max(0, ...(await checkpointSteps(runFolder)));
  if (step === 0) return false;
  const folder = runPaths.checkpoint(runFolder, step);
  const state = await restoreModel(runFolder, step, trainer);
  for (const [name, { m, v }] of trainer.optimizer.moments) {
    fill(m, state.get(`exp_avg.${name}`), `${folder}: exp_avg.${name}`);
    fill(v, state.get(`exp_avg_sq.${name}`), `${folder}: exp_avg_sq.${name}`);
  }
  fill(trainer.reference, state.get('reference'), `${folder}: reference`);
  trainer.position = positionOf(await readFile(join(folder, positionFile), 'utf8'), folder, trainer.fingerprint);
  return true;
}

/**
 * Gives a trainer's model, and its reference where that moves, the weights of a checkpoint.
 *
 * @returns what else the checkpoint's state holds, by name
 * @throws MarginError `checkpoint-mismatch`, and those of reading where the checkpoint is gone
 */
export async function restoreModel(runFolder: string, step: number, trainer: Trainer): Promise<ReadonlyMap<string, Parameter>> {
  const folder = runPaths.checkpoint(runFolder, step);
  const weightsFile = join(folder, trainer.adapter ? 'adapter_model.safetensors' : 'model.safetensors');
  const weights = await readAll(weightsFile);
  const state = await readAll(join(folder, optimizerFile));
  for (const [name, { data }] of trainer.session.parameters) fill(data, weights.get(name), `${weightsFile}: ${name}`);
  for (const [name, { data }] of trainer.referenceModel.moving ?? []) fill(data, state.get(movingName(name)), `${folder}: ${movingName(name)}`);
  return state;
}

async function readAll(file: string): Promise<Map<string, Parameter>> {
  const parameters = new Map<string, Parameter>();
  for (const stored of await readSafetensorsHeader(file)) parameters.set(stored.name, await readTensor(stored));
  return parameters;
}

function fill(target: Float32Array, source: Parameter | undefined, what: string): void {
  if (source?.data.length !== target.length) {
    throw new MarginError('checkpoint-mismatch', `${what} has ${source?.data.length ?? 'no'} values, the run needs ${target.length}: data or config changed since. Start the run anew.`);
  }
  target.set(source.data);
}

function positionOf(text: string, folder: string, fingerprint: string): TrainerPosition {
  const file = join(folder, positionFile);
  // Checkpoints of an older Margin have no standing.
  const { step, tokens, unlogged, standing = unjudged, pairs } = parsePosition(text, file);
  if (typeof step !== 'number' || typeof tokens !== 'number' || !Array.isArray(unlogged) || !isStanding(standing)) {
    throw new MarginError('checkpoint-mismatch', `${file} lacks step, tokens, unlogged or standing: the file is damaged.`, { file });
  }
  if (pairs !== fingerprint) {
    throw new MarginError('checkpoint-mismatch', `${file}: the run's pairs, or how they tokenise, changed since this checkpoint. Start a new run, from this checkpoint's weights if you like.`, { file });
  }
  return { step, tokens, unlogged, standing };
}

/** What trainer.json of a checkpoint holds. @throws MarginError `checkpoint-mismatch` */
export function parsePosition(text: string, file: string): Partial<Record<keyof TrainerPosition | 'pairs', unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as object;
  } catch (error) {
    throw new MarginError('checkpoint-mismatch', `${file} is not JSON: the file is damaged.`, { file, cause: String(error) });
  }
}
