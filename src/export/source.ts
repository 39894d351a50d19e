import { access } from 'node:fs/promises';
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

/** Where weights come from: the run, and its step. */
export interface RunOrigin {
  readonly folder: string;
  readonly step: number;
  readonly config: RunConfig;
}

/** What is exported. */
export interface Source {
  /** Of files and of the model card: `sample-step-000050`. */
  readonly name: string;
  /** The adapter's base, or a whole model. */
  readonly checkpoint: Checkpoint;
  readonly adapter: Adapter | null;
  /** Where the adapter's files lie. */
  readonly adapterFolder: string | null;
  /** What the adapter sits on, or the weights were trained from: a path, or a name on the Hub. */
  readonly base: string;
  /** Null: no run is known. */
  readonly origin: RunOrigin | null;
}

export interface ExportRequest {
  /** A run's folder, a checkpoint's, an adapter's with its base, or a model's. */
  readonly path: string;
  /** Of a run; `best`: of its best evaluation so far; null: its newest. */
  readonly step: number | 'best' | null;
  /** The base, where the adapter's own word for it leads nowhere. */
  readonly model: string | null;
}

/**
 * @param converted the folder in which models converted from GGUF lie
 * @throws MarginError `not-a-run` | `no-checkpoint` | `checkpoint-damaged`, and those of run folders; MarginError of
 *   the model's files
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
  // A model's folder has a config.json too.
  if (await exists(join(path, 'checkpoints'))) {
    const config = await readRunConfig(path);
    const chosen = await chosenStep(path, step);
    return { folder: runPaths.checkpoint(path, chosen), origin: { folder: path, step: chosen, config } };
  }
  if (step !== null)
    throw new MarginError(
      'not-a-run',
      `${path} is no run folder, so there is no step to choose: leave out --step and --best, or name a folder under .margin/runs.`,
      { path },
    );
  const [run, ownStep] = [dirname(dirname(path)), stepOfName(basename(path))];
  const isRuns = ownStep !== null && (await exists(runPaths.config(run)));
  return { folder: path, origin: isRuns ? { folder: run, step: ownStep, config: await readRunConfig(run) } : null };
}

async function chosenStep(run: string, asked: ExportRequest['step']): Promise<number> {
  const step = asked === 'best' ? await bestStep(run) : asked;
  const steps = await checkpointSteps(run);
  const newest = steps.at(-1);
  if (newest === undefined)
    throw new MarginError(
      'no-checkpoint',
      `${run} has no checkpoint yet: wait for the first (save_steps), or stop the run, which saves one.`,
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
    `${run} knows no best checkpoint: no evaluation was made, or its config does not say by what (metric_for_best_model). Name a step, or take the newest.`,
    { run },
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
