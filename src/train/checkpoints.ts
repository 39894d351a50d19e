import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readTensor } from '../model/readWeights';
import { readSafetensorsHeader, writeSafetensors } from '../model/safetensors';
import { writeAdapter } from '../model/adapter';
import { copyCompanions } from '../model/companions';
import type { Parameter } from '../model/types';
import { MarginError } from '../base/pure/marginError';
import { checkpointSteps } from '../run/find';
import { fileError } from '../base/node/fileError';
import { syncFolder } from '../base/node/replaceFile';
import { readJsonObject } from '../base/node/smallFile';
import { verifyCheckpoint, writeChecksums } from '../model/checksums';
import { runPaths } from '../run/folder';
import { isStanding, unjudged } from './bestModel';
import { abandoned, putAside, rotateCheckpoints } from './rotateCheckpoints';
import type { Trainer, TrainerPosition } from './trainer';

export const optimizerFile = 'optimizer.safetensors';
const positionFile = 'trainer.json';
/** Metrics of the steps since the last point are in it, 500 bytes each: `logging_steps` of half a million fit. */
const maxPositionBytes = 256 << 20;

/**
 * Writes `checkpoints/step-N`: the adapter or the whole model, the optimizer's moments, the reference's log-probs and,
 * where it moves, its arrays, the position, and checksums of all that. The folder appears whole or not at all, and
 * older ones go beyond `save_total_limit`.
 *
 * @returns the folder; null where it was there before
 * @throws MarginError `disk-full`, `not-writable`, … naming the folder
 */
export async function saveCheckpoint(runFolder: string, trainer: Trainer): Promise<string | null> {
  const folder = runPaths.checkpoint(runFolder, trainer.position.step);
  const temporary = join(dirname(folder), `${abandoned}${trainer.position.step}`);
  try {
    // A run that is stopped where it was saved, or resumed, has this one already; it may have died before older ones
    // went.
    const isNew = !existsSync(folder);
    if (isNew) {
      await rm(temporary, { recursive: true, force: true });
      await mkdir(temporary, { recursive: true });
      await writeState(temporary, trainer);
      await writeChecksums(temporary);
      await rename(temporary, folder);
      await syncFolder(dirname(folder));
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
  await writeFile(
    join(folder, positionFile),
    `${JSON.stringify({ ...trainer.position, pairs: trainer.fingerprint })}\n`,
    { flush: true },
  );
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
  const moving = [...(referenceModel.moving?.values() ?? [])].map((parameter) => ({
    ...parameter,
    name: movingName(parameter.name),
  }));
  return [...moments, ...moving, { name: 'reference', shape: [2, reference.length / 2], data: reference }];
}

/** A moving reference's own array of a parameter. */
export const movingName = (parameter: string): string => `reference.${parameter}`;

/** Where a trainer was put. */
export interface Restored {
  /** 0: there is no checkpoint, and the trainer stays at its beginning. */
  readonly step: number;
  /** Why newer checkpoints were passed over; each was renamed, so that its step can be saved again. */
  readonly damaged: readonly { readonly error: MarginError; readonly keptAs: string }[];
}

/**
 * Puts a trainer where its run's newest whole checkpoint was, bit for bit.
 *
 * @throws MarginError `checkpoint-mismatch` where data or config changed since; `checkpoint-damaged`, or what reading
 *   it
 *   says, where there are checkpoints and none is whole
 */
export async function restoreCheckpoint(runFolder: string, trainer: Trainer): Promise<Restored> {
  const steps = (await checkpointSteps(runFolder)).filter((step) => step > 0).reverse();
  const damaged: { step: number; error: MarginError }[] = [];
  for (const step of steps) {
    try {
      await restoreFrom(runFolder, step, trainer);
      const kept = [];
      for (const one of damaged) kept.push({ error: one.error, keptAs: await putAside(runFolder, one.step) });
      return { step, damaged: kept };
    } catch (error) {
      if (!(error instanceof MarginError) || error.code === 'checkpoint-mismatch') throw error;
      damaged.push({ step, error });
    }
  }
  const [newest] = damaged;
  if (newest) throw newest.error;
  return { step: 0, damaged: [] };
}

async function restoreFrom(runFolder: string, step: number, trainer: Trainer): Promise<void> {
  const folder = runPaths.checkpoint(runFolder, step);
  // First, for it is quick to tell that another run's data is not this one's.
  const position = positionOf(await readPosition(folder), folder, trainer.fingerprint);
  const state = await restoreModel(runFolder, step, trainer);
  for (const [name, { m, v }] of trainer.optimizer.moments) {
    fill(m, state.get(`exp_avg.${name}`), `${folder}: exp_avg.${name}`);
    fill(v, state.get(`exp_avg_sq.${name}`), `${folder}: exp_avg_sq.${name}`);
  }
  fill(trainer.reference, state.get('reference'), `${folder}: reference`);
  trainer.position = position;
}

/**
 * Gives a trainer's model, and its reference where that moves, the weights of a checkpoint.
 *
 * @returns what else the checkpoint's state holds, by name
 * @throws MarginError `checkpoint-mismatch`, `checkpoint-damaged`, and those of reading where the checkpoint is gone
 */
export async function restoreModel(
  runFolder: string,
  step: number,
  trainer: Trainer,
): Promise<ReadonlyMap<string, Parameter>> {
  const folder = runPaths.checkpoint(runFolder, step);
  await verifyCheckpoint(folder);
  const weightsFile = join(folder, trainer.adapter ? 'adapter_model.safetensors' : 'model.safetensors');
  const weights = await readAll(weightsFile);
  const state = await readAll(join(folder, optimizerFile));
  for (const [name, { data }] of trainer.session.parameters) fill(data, weights.get(name), `${weightsFile}: ${name}`);
  for (const [name, { data }] of trainer.referenceModel.moving ?? []) {
    fill(data, state.get(movingName(name)), `${folder}: ${movingName(name)}`);
  }
  return state;
}

async function readAll(file: string): Promise<Map<string, Parameter>> {
  const parameters = new Map<string, Parameter>();
  for (const stored of await readSafetensorsHeader(file)) parameters.set(stored.name, await readTensor(stored));
  return parameters;
}

function fill(target: Float32Array, source: Parameter | undefined, what: string): void {
  if (source?.data.length !== target.length) {
    const found = source?.data.length ?? 'no';
    const message = `${what} has ${found} values, the run needs ${target.length}: data or config changed since. Start a new run.`;
    throw new MarginError('checkpoint-mismatch', message);
  }
  target.set(source.data);
}

type StoredPosition = Partial<Record<keyof TrainerPosition | 'pairs', unknown>>;

/** What trainer.json of a checkpoint holds. @throws MarginError `checkpoint-damaged` */
export async function readPosition(folder: string): Promise<StoredPosition> {
  const file = join(folder, positionFile);
  return readJsonObject(file, maxPositionBytes).catch((error: unknown) => {
    const { message } = fileError(error, 'read', file);
    throw new MarginError('checkpoint-damaged', message, { file });
  });
}

function positionOf(stored: StoredPosition, folder: string, fingerprint: string): TrainerPosition {
  const file = join(folder, positionFile);
  // Checkpoints of an older Margin have no standing.
  const { step, tokens, unlogged, standing = unjudged, pairs } = stored;
  if (typeof step !== 'number' || typeof tokens !== 'number' || !Array.isArray(unlogged) || !isStanding(standing)) {
    throw new MarginError(
      'checkpoint-damaged',
      `${file} lacks step, tokens, unlogged or standing: the file is damaged.`,
      { file },
    );
  }
  if (pairs !== fingerprint) {
    const message = `${file}: the run's pairs, or how they tokenise, changed since this checkpoint. Start a new run, from this checkpoint's weights if you like.`;
    throw new MarginError('checkpoint-mismatch', message, { file });
  }
  return { step, tokens, unlogged, standing };
}
