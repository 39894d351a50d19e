import { basename } from 'node:path';
import * as vscode from 'vscode';
import { statOrNull } from '../../base/node/statOrNull';
import { at } from '../../base/pure/must';
import { checkpointSteps, lastRewardStep, readRun } from '../../run/find';
import { runPaths } from '../../run/folder';
import type { StepChoice } from '../../protocol/chat';
import { browse, type Choice, openOne, pickOne } from '../quickSteps';
import type { RunsModel } from '../runs/runsModel';
import { type ModelChoice, modelChoices } from '../train/modelFolders';
import type { ChosenModel } from './chatModels';

const title = 'Margin: Chat';
/** The most runs that are offered, the newest first. */
const mostRuns = 20;

type Found =
  | { readonly kind: 'run'; readonly folder: string }
  | { readonly kind: 'model'; readonly model: Exclude<ModelChoice, 'browse'> }
  | { readonly kind: 'folder' | 'gguf' };

/**
 * Asks for models to talk to: those of a run (its start and its last checkpoint), or one from a folder or a GGUF file.
 *
 * @returns null if the person closed a list or a dialog
 */
export async function askChatModels(extension: vscode.Uri, runs: RunsModel): Promise<readonly ChosenModel[] | null> {
  const listed = (await runs.ready()).slice(0, mostRuns);
  const choices: Choice<Found>[] = [
    ...listed.map(({ folder, name }) => ({
      label: name,
      description: 'run: before and after training',
      detail: vscode.workspace.asRelativePath(folder),
      value: { kind: 'run' as const, folder },
    })),
    ...(await modelChoices(extension, null)).flatMap(({ value, ...item }) =>
      value === 'browse' ? [] : [{ ...item, value: { kind: 'model' as const, model: value } }],
    ),
    { ...browse<Found>({ kind: 'folder' }), label: 'Folder…', detail: 'A model folder, or a PEFT adapter' },
    { ...browse<Found>({ kind: 'gguf' }), label: 'GGUF File…', detail: 'A model for llama.cpp' },
  ];
  const placeHolder = 'Run or model to talk to';
  const picked = await pickOne(choices, { title, placeHolder, matchOnDescription: true, matchOnDetail: true });
  if (!picked) return null;
  const { value } = picked;
  if (value.kind === 'run') return modelsOfRun(value.folder);
  if (value.kind === 'model') return [modelAt(value.model.folder)];
  const options =
    value.kind === 'gguf' ? { filters: { GGUF: ['gguf'] } } : { canSelectFolders: true, canSelectFiles: false };
  const uri = await openOne(title, options);
  return uri && [modelAt(uri.fsPath)];
}

/** A model folder, an adapter or a GGUF file. */
export function modelAt(path: string): ChosenModel {
  const detail = vscode.workspace.asRelativePath(path);
  return { label: basename(path), detail, source: { kind: 'model', path, adapter: null }, steps: [] };
}

/** The model that a run starts from, and the run's last checkpoint (its best, if it ended with that). */
export async function modelsOfRun(folder: string): Promise<readonly ChosenModel[]> {
  const run = await readRun(folder);
  const steps = await checkpointSteps(folder);
  const last = lastRewardStep(steps, run);
  return Promise.all([null, ...(last === undefined ? [] : [last])].map((step) => modelOfRun(folder, step)));
}

/** @param step null: the model that the run starts from */
export async function modelOfRun(folder: string, step: number | null): Promise<ChosenModel> {
  const { name } = await readRun(folder);
  const saved = await checkpointSteps(folder);
  const steps = [null, ...saved].map((one): StepChoice => ({ step: one, label: labelOf(one) }));
  const stamp = step === null ? '' : await stampOf(folder, step);
  return { label: labelOf(step), detail: name, source: { kind: 'run', folder, step, stamp }, steps };
}

const labelOf = (step: number | null): string => (step === null ? 'base' : `step ${step}`);

/** Changes when a resumed run writes the checkpoint again. A missing one is reported when it is opened. */
async function stampOf(folder: string, step: number): Promise<string> {
  const found = await statOrNull(runPaths.checkpoint(folder, step));
  return found === null ? '' : String(found.mtimeMs);
}

/** Asks for one model, for a column. @returns null if the person closed a list or a dialog */
export async function askChatModel(extension: vscode.Uri, runs: RunsModel): Promise<ChosenModel | null> {
  const found = await askChatModels(extension, runs);
  return found && at(found, found.length - 1);
}
