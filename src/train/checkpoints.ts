import { existsSync } from 'node:fs';
import { isGguf } from '../base/pure/isGguf';
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
import { must } from '../base/pure/must';
import { isStanding, unjudged } from './bestModel';
import { abandoned, putAside, rotateCheckpoints } from './rotateCheckpoints';
import type { Trainer, TrainerPosition } from './trainer';

export const optimizerFile = 'optimizer.safetensors';
const positionFile = 'trainer.json';
/**
 * trainer.json holds the metrics of all steps since the last logged point, 500 bytes a step: enough for half a million
 * steps.
 */
const maxPositionBytes = 256 << 20;

/**
 * Writes `checkpoints/step-N`: the adapter or the whole model, AdamW's moments, the reference's log-probs (and weights,
 * if it moves), the position, and checksums of these files. The folder appears whole or not at all. Then deletes the
 * oldest checkpoints beyond `save_total_limit`.
 *
 * @returns the folder; null if the checkpoint was there already
 * @throws MarginError `disk-full`, `not-writable`, … naming the folder
 */
export async function saveCheckpoint(runFolder: string, trainer: Trainer): Promise<string | null> {
  const { step, standing } = trainer.position;
  const folder = runPaths.checkpoint(runFolder, step);
  const temporary = join(dirname(folder), `${abandoned}${step}`);
  try {
    // A run that is stopped right after a save, or resumed, has this checkpoint already. It may have died before it
    // deleted older ones.
    const isNew = !existsSync(folder);
    if (isNew) {
      await rm(temporary, { recursive: true, force: true });
      await mkdir(temporary, { recursive: true });
      await writeFiles(temporary, trainer);
      await writeChecksums(temporary);
      await rename(temporary, folder);
      await syncFolder(dirname(folder));
    }
    await rotateCheckpoints(runFolder, trainer.config.save_total_limit, standing.best?.step ?? null);
    return isNew ? folder : null;
  } catch (error) {
    await removeIfPossible(temporary);
    throw fileError(error, 'write', folder);
  }
}

async function writeFiles(folder: string, trainer: Trainer): Promise<void> {
  const { position } = trainer.snapshot();
  if (trainer.adapter) await writeAdapter(folder, trainer.adapter, baseOf(trainer));
  else await writeModel(folder, trainer);
  await writeSafetensors(join(folder, optimizerFile), stateTensors(trainer));
  await writeFile(join(folder, positionFile), `${JSON.stringify({ ...position, pairs: trainer.fingerprint })}\n`, {
    flush: true,
  });
}

/**
 * The base model that an adapter names. For a GGUF model it is the .gguf file, because the converted copy in the cache
 * may be deleted.
 */
function baseOf({ config, checkpoint }: Trainer): string {
  return isGguf(config.model_name_or_path) ? config.model_name_or_path : checkpoint.folder;
}

async function removeIfPossible(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => {
    // What kept the checkpoint from being written may also keep it from being deleted. The first error is reported.
  });
}

async function writeModel(folder: string, { session, checkpoint }: Trainer): Promise<void> {
  await writeSafetensors(join(folder, 'model.safetensors'), session.parameters.values());
  await copyCompanions(checkpoint.folder, folder);
}

/** Tensors of `optimizer.safetensors`: moments as torch names them, a moving reference's weights, and log-probs. */
function stateTensors(trainer: Trainer): Parameter[] {
  const { moments, reference } = trainer.snapshot();
  const momentTensors = [...moments].flatMap(([name, { m, v }]) => {
    const { shape } = must(trainer.session.parameters.get(name), `the parameter ${name}`);
    return [
      { name: momentNames.m(name), shape, data: m },
      { name: momentNames.v(name), shape, data: v },
    ];
  });
  const { moving } = trainer.referenceModel;
  const referenceTensors = [...(moving ?? new Map<string, Parameter>()).values()].map((parameter) => ({
    ...parameter,
    name: movingName(parameter.name),
  }));
  const logps = { name: referenceName, shape: [2, reference.length / 2], data: reference };
  return [...momentTensors, ...referenceTensors, logps];
}

/** Names of a parameter's moments. */
const momentNames = {
  m: (parameter: string): string => `exp_avg.${parameter}`,
  v: (parameter: string): string => `exp_avg_sq.${parameter}`,
};

/** The tensor of the reference's log-probs, [2, rows]. */
export const referenceName = 'reference';

/** The tensor of a moving reference's own weights, by the policy's name for them. */
export const movingName = (parameter: string): string => `${referenceName}.${parameter}`;

/** The result of {@link restoreCheckpoint}. */
export interface Restored {
  /** 0: the run has no checkpoint, and the trainer is unchanged. */
  readonly step: number;
  /** Newer checkpoints that are damaged. Each was renamed, so that its step can be saved again. */
  readonly damaged: readonly { readonly error: MarginError; readonly keptAs: string }[];
}

/**
 * Restores a trainer, bit for bit, from the newest checkpoint of its run that is whole.
 *
 * @throws MarginError `checkpoint-mismatch` if data or config changed since; if there are checkpoints and none is
 *   whole, `checkpoint-damaged` or the error of reading the newest
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
  // Read first: it is small, and shows at once whether the checkpoint belongs to other data.
  const position = positionOf(await readPosition(folder), folder, trainer.fingerprint);
  const state = await restoreModel(runFolder, step, trainer);
  const saved = (name: string, own: Float32Array): Float32Array =>
    sameLength(own, state.get(name), `${folder}: ${name}`);
  const { moments, reference } = trainer.snapshot();
  const savedMoments = [...moments].map(([name, { m, v }]) => {
    return [name, { m: saved(momentNames.m(name), m), v: saved(momentNames.v(name), v) }] as const;
  });
  trainer.restore({ position, moments: new Map(savedMoments), reference: saved(referenceName, reference) });
}

/**
 * Copies a checkpoint's weights into a trainer's model, and into its reference if that moves.
 *
 * @returns the tensors of `optimizer.safetensors` by name
 * @throws MarginError `checkpoint-mismatch`, `checkpoint-damaged`, and those of reading if the checkpoint is gone
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
  for (const [name, { data }] of trainer.session.parameters)
    data.set(sameLength(data, weights.get(name), `${weightsFile}: ${name}`));
  for (const [name, { data }] of trainer.referenceModel.moving ?? [])
    data.set(sameLength(data, state.get(movingName(name)), `${folder}: ${movingName(name)}`));
  return state;
}

async function readAll(file: string): Promise<Map<string, Parameter>> {
  const parameters = new Map<string, Parameter>();
  for (const stored of await readSafetensorsHeader(file)) parameters.set(stored.name, await readTensor(stored));
  return parameters;
}

/** The saved values, if there are as many as the run has now. @throws MarginError `checkpoint-mismatch` */
function sameLength(own: Float32Array, saved: Parameter | undefined, what: string): Float32Array {
  if (saved?.data.length !== own.length) {
    const found = saved?.data.length ?? 'no';
    const message = `${what} has ${found} values, the run needs ${own.length}: data or config changed since. Start a new run.`;
    throw new MarginError('checkpoint-mismatch', message);
  }
  return saved.data;
}

type StoredPosition = Partial<Record<keyof TrainerPosition | 'pairs', unknown>>;

/** The content of a checkpoint's trainer.json. @throws MarginError `checkpoint-damaged` */
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
