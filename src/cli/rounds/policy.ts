import { join, resolve } from 'node:path';
import { MarginError } from '../../base/pure/marginError';
import { must } from '../../base/pure/must';
import { LocalModel } from '../../rounds/localModel';
import { checkpointSteps } from '../../run/find';
import { readRunConfig, readState, runPaths, stepName, stepOfName } from '../../run/folder';
import type { RoundPolicy } from '../../run/rounds/types';
import { endStep } from '../../run/scoring';
import { findSource } from '../../train/chat/chatSource';
import { type Arguments, text, UsageError } from '../args';
import { pathExists } from '../../base/node/pathExists';

/** The model that `--model` or `--run` names, and the base from which it was trained. */
export interface NamedPolicy {
  readonly policy: RoundPolicy;
  /** The folder of the model that the line of rounds starts from. */
  readonly base: string;
}

/** @throws UsageError; MarginError of reading a run. Null if neither option is given */
export async function policyOption(args: Arguments, cwd: string): Promise<NamedPolicy | null> {
  const [model, run, checkpoint] = [text(args, 'model'), text(args, 'run'), text(args, 'checkpoint')];
  if (model !== null && run !== null) throw new UsageError('--model and --run exclude each other');
  if (checkpoint !== null && run === null) throw new UsageError('--checkpoint is for --run');
  if (run !== null) return runPolicy(await runFolder(run, cwd), checkpoint);
  if (model === null) return null;
  const folder = resolve(cwd, model);
  return { policy: { model: folder, checkpoint: null }, base: folder };
}

/** A run folder, by its path or by its name in `.margin/runs`. */
export async function runFolder(named: string, cwd: string): Promise<string> {
  const places = [resolve(cwd, named), join(cwd, '.margin', 'runs', named)];
  for (const place of places) if (await pathExists(runPaths.config(place))) return place;
  return resolve(cwd, named);
}

/**
 * The policy that a run ended with, or that it had at a step.
 *
 * @param checkpoint a step, or `best`; null: the last one, or the best one if the run ended with its weights
 * @throws UsageError; MarginError `no-checkpoint`; those of reading a run
 */
export async function runPolicy(folder: string, checkpoint: string | null): Promise<NamedPolicy> {
  const { config } = await readRunConfig(folder);
  const state = await readState(folder);
  const steps = await checkpointSteps(folder);
  const step =
    checkpoint === null
      ? endStep(config, state, steps)
      : checkpoint === 'best'
        ? state?.best?.step
        : Number(checkpoint);
  if (step === undefined || step === null || !steps.includes(step)) {
    const asked = checkpoint === null ? 'a checkpoint' : `the checkpoint ${checkpoint}`;
    const message = `${folder} does not have ${asked}; it has ${steps.length === 0 ? 'none yet' : steps.join(', ')}.`;
    throw new MarginError('no-checkpoint', message, { folder });
  }
  return { policy: { model: folder, checkpoint: stepName(step) }, base: config.model_name_or_path };
}

/**
 * Opens the model of a policy, with the base of the rounds as the reference of its implicit rewards.
 *
 * @throws MarginError `vocabulary-mismatch`; those of finding and opening a model
 */
export async function openPolicy({ model, checkpoint }: RoundPolicy, base: string, beta: number): Promise<LocalModel> {
  if (checkpoint === null && model === base) return new LocalModel(await plain(base), null, beta);
  const found = checkpoint === null ? await plain(model) : await findSource(sourceOfRun(model, checkpoint));
  const reference = await plain(base);
  const [own, theirs] = [found, reference].map(({ policy }) => policy.checkpoint.model.vocabSize);
  if (own !== theirs)
    throw new MarginError(
      'vocabulary-mismatch',
      `${model} has a vocabulary of ${own} tokens, and ${base}, from which the rounds start, ${theirs}: name a model that was trained from it.`,
    );
  return new LocalModel(found, reference.policy, beta);
}

/** The folder of a policy's weights, for a run that starts from it; null for the base itself. */
export function checkpointFolder({ model, checkpoint }: RoundPolicy): string | null {
  return checkpoint === null ? null : runPaths.checkpoint(model, stepOf(checkpoint));
}

const plain = (path: string): ReturnType<typeof findSource> => findSource({ kind: 'model', path, adapter: null });

const sourceOfRun = (folder: string, checkpoint: string): Parameters<typeof findSource>[0] => ({
  kind: 'run',
  folder,
  step: stepOf(checkpoint),
  stamp: '',
});

const stepOf = (checkpoint: string): number => must(stepOfName(checkpoint), `the step of ${checkpoint}`);
