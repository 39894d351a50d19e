import { basename, dirname, join } from 'node:path';
import { readAdapter } from '../model/adapter';
import { openCheckpoint } from '../model/checkpoint';
import { locateModel, requireBaseName } from '../model/locate';
import type { Adapter, Checkpoint } from '../model/types';
import { MarginError } from '../base/pure/marginError';
import { verifyCheckpoint } from '../model/checksums';
import { checkpointSteps } from '../run/find';
import { readRunConfig, readState, runPaths, stepName, stepOfName } from '../run/folder';
import type { RunConfig } from '../run/types';
import { pathExists } from '../base/node/pathExists';

/** The run and step that a checkpoint comes from. */
export interface RunOrigin {
  readonly folder: string;
  readonly step: number;
  readonly config: RunConfig;
}

/** An opened model to export. */
export interface Source {
  /** Its name in file names and in the model card: `sample-step-000050`. */
  readonly name: string;
  /** The adapter's base, or a whole model. */
  readonly checkpoint: Checkpoint;
  /** Null: the checkpoint is a whole model. */
  readonly adapter: Adapter | null;
  readonly adapterFolder: string | null;
  /** The base model of the adapter, or of the full training: a path, or a name on the Hub. */
  readonly base: string;
  /** Null: no run is known. */
  readonly origin: RunOrigin | null;
}

/** What a person asks to export. */
export interface ExportRequest {
  /** The folder of a run, of a checkpoint, of an adapter, or of a model. */
  readonly path: string;
  /** For a run: the step, or `best` for its best evaluation so far; null: the newest step. */
  readonly step: number | 'best' | null;
  /** The base model, if the one that the adapter names cannot be found; null: the one it names. */
  readonly model: string | null;
}

/**
 * Finds, checks and opens the checkpoint that is to be exported.
 *
 * @param converted the folder of the models converted from GGUF
 * @throws MarginError `not-a-run` | `no-checkpoint` | `checkpoint-damaged`, and those of {@link readRunConfig},
 *   {@link locateModel}, {@link openCheckpoint} and {@link readAdapter}
 */
export async function openSource({ path, step, model }: ExportRequest, converted: string): Promise<Source> {
  const { folder, origin } = await checkpointOf(path, step);
  await verifyCheckpoint(folder);
  const own = await locateModel(model ?? folder, converted);
  const adapterFolder = model === null ? own.adapter : folder;
  const checkpoint = await openCheckpoint(own.folder);
  const adapter = adapterFolder === null ? null : await readAdapter(adapterFolder, checkpoint);
  const base =
    model ??
    (adapterFolder === null
      ? (origin?.config.config.model_name_or_path ?? folder)
      : await requireBaseName(adapterFolder));
  const name = origin ? `${origin.config.name}-${stepName(origin.step)}` : basename(folder);
  return { name, checkpoint, adapter, adapterFolder, base, origin };
}

async function checkpointOf(
  path: string,
  step: ExportRequest['step'],
): Promise<{ readonly folder: string; readonly origin: RunOrigin | null }> {
  // Not by config.json: a model's folder has one too.
  if (await pathExists(join(path, 'checkpoints'))) {
    const config = await readRunConfig(path);
    const chosen = await chosenStep(path, step);
    return { folder: runPaths.checkpoint(path, chosen), origin: { folder: path, step: chosen, config } };
  }
  if (step !== null)
    throw new MarginError(
      'not-a-run',
      `${path} is not a run folder, so it has no steps. Omit --step and --best, or name a folder under .margin/runs.`,
      { path },
    );
  const [run, ownStep] = [dirname(dirname(path)), stepOfName(basename(path))];
  const isRuns = ownStep !== null && (await pathExists(runPaths.config(run)));
  return { folder: path, origin: isRuns ? { folder: run, step: ownStep, config: await readRunConfig(run) } : null };
}

async function chosenStep(run: string, asked: ExportRequest['step']): Promise<number> {
  const step = asked === 'best' ? await bestStep(run) : asked;
  const steps = await checkpointSteps(run);
  const newest = steps.at(-1);
  if (newest === undefined)
    throw new MarginError(
      'no-checkpoint',
      `${run} has no checkpoint yet. Wait for the first one (save_steps), or stop the run, which saves one.`,
      { run },
    );
  if (step === null || steps.includes(step)) return step ?? newest;
  throw new MarginError('no-checkpoint', `${run} has no checkpoint of step ${step}; it has ${steps.join(', ')}.`, {
    run,
    steps,
  });
}

async function bestStep(run: string): Promise<number> {
  const best = (await readState(run))?.best ?? null;
  if (best) return best.step;
  throw new MarginError(
    'no-checkpoint',
    `${run} has no best checkpoint: there was no evaluation, or its config has no metric_for_best_model. Name a step, or export the newest.`,
    { run },
  );
}
