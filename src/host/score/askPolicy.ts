import { basename } from 'node:path';
import type * as vscode from 'vscode';
import { browse, type Choice, openOne, pickOne } from '../quickSteps';
import { allCheckpoints, checkpointItem, type RunCheckpoint } from '../runs/checkpoints';
import type { RunsModel } from '../runs/runsModel';
import { chosenFolder, type ModelChoice, modelChoices } from '../train/modelFolders';

/**
 * The model that scores, and the reference: at most one of `adapter` and `reference` is not null. With neither, all
 * rewards are 0, and only the log-probs of the answers tell models apart.
 */
export interface ScoringModels {
  readonly label: string;
  readonly model: string;
  readonly adapter: string | null;
  readonly reference: string | null;
}

/** A model, or what a person wants to look for. */
export type PolicyChoice = ScoringModels | 'adapter' | 'model' | 'gguf';

/** Checkpoints of the workspace's runs, and ways to other models. */
export async function policyChoices(runs: RunsModel): Promise<Choice<PolicyChoice>[]> {
  const known = (await allCheckpoints(runs)).map((one) => ({ ...checkpointItem(one), value: modelsOf(one) }));
  const other = (value: 'adapter' | 'model' | 'gguf', label: string, detail: string): Choice<PolicyChoice> => ({
    ...browse<PolicyChoice>(value),
    label,
    detail,
  });
  return [
    ...known,
    other('adapter', 'Adapter Folder…', 'A PEFT adapter; the reference is its model without the adapter'),
    other('model', 'Model Folder…', 'A whole model, with another model as the reference'),
    other('gguf', 'GGUF File…', 'A model for llama.cpp, with another model as the reference'),
  ];
}

/** An adapter with the model it was trained from, or a whole model with that model as its reference. */
export function modelsOf({ run, step, folder, model, isAdapter }: RunCheckpoint): ScoringModels {
  const label = `${run}-step-${step}`;
  return isAdapter
    ? { label, model, adapter: folder, reference: null }
    : { label, model: folder, adapter: null, reference: model };
}

/** Models of the workspace without a reference. @param near path of the file that they score */
export async function loneModels(extension: vscode.Uri, near: string): Promise<Choice<PolicyChoice>[]> {
  return (await modelChoices(extension, near)).flatMap(({ value, ...item }) => {
    if (value === 'browse') return [];
    const policy = { label: basename(value.folder), model: value.folder, adapter: null, reference: null };
    return [{ ...item, detail: [item.detail, 'without a reference: its log-probs'].join(' · '), value: policy }];
  });
}

const dialogs: Readonly<Record<'adapter' | 'model' | 'gguf', readonly [title: string, vscode.OpenDialogOptions]>> = {
  adapter: ['Adapter folder', { canSelectFolders: true, canSelectFiles: false }],
  model: ['Model folder', { canSelectFolders: true, canSelectFiles: false }],
  gguf: ['GGUF file', { filters: { GGUF: ['gguf'] } }],
};

export interface AskedPolicy {
  /** The file that it scores; model folders near it are offered first. */
  readonly dataset: string | null;
  /** Whether the model may be without a reference. */
  readonly alone: boolean;
}

/** Asks for what a choice leaves open: the files of a model, and its reference. @returns null if a list was closed */
export async function policyOf(
  extension: vscode.Uri,
  choice: PolicyChoice,
  { dataset, alone }: AskedPolicy,
): Promise<ScoringModels | null> {
  if (typeof choice === 'object') return choice;
  const [title, options] = dialogs[choice];
  const first = (await openOne(title, options))?.fsPath;
  if (first === undefined) return null;
  const isAdapter = choice === 'adapter';
  const placeHolder = isAdapter ? 'The model that the adapter belongs to' : 'The reference to compare the model with';
  const none: Choice<ModelChoice | 'none'> = {
    label: 'No Reference',
    detail: 'Only log-probs of answers can be compared, not rewards',
    value: 'none',
  };
  const models = await modelChoices(extension, dataset);
  const picked = await pickOne([...(alone && !isAdapter ? [none] : []), ...models], { title, placeHolder });
  if (!picked) return null;
  const second = picked.value === 'none' ? null : await chosenFolder(picked.value, placeHolder);
  if (second === null && picked.value !== 'none') return null;
  const label = basename(first);
  if (isAdapter) return second === null ? null : { label, model: second, adapter: first, reference: null };
  return { label, model: first, adapter: null, reference: second };
}
