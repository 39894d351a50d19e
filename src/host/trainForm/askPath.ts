import type * as vscode from 'vscode';
import { dataFilters } from '../datasets/mayHold';
import type { Notices } from '../notices';
import { openOne, pickOne } from '../quickSteps';
import { askCached } from '../train/askCached';
import { findChoice } from '../train/cachedModels';
import { chosenFolder, type ModelChoice, modelChoices } from '../train/modelFolders';

const modelTitle = 'Model to train';
const folders = { canSelectFolders: true, canSelectFiles: false };

/** The dialogs of the keys that name a path. */
const dialogs: Readonly<Record<string, readonly [title: string, options: vscode.OpenDialogOptions]>> = {
  train_file: ['Pairs to train on', { filters: dataFilters }],
  eval_file: ['Pairs to evaluate on', { filters: dataFilters }],
  guard_file: ['Plain text that has nothing to do with the pairs', {}],
  adapter_name_or_path: ['Folder of a PEFT adapter', folders],
  output_dir: ['Folder for runs', folders],
};

/**
 * Asks for the path of a key.
 *
 * @param near the path of the config
 * @returns an absolute path; null if the person closed the list or dialog
 */
export async function askPath(
  extension: vscode.Uri,
  notices: Notices,
  name: string,
  near: string,
): Promise<string | null> {
  if (name === 'model_name_or_path') return askModel(extension, notices, near);
  const [title, options] = dialogs[name] ?? [name, {}];
  return (await openOne(title, options))?.fsPath ?? null;
}

async function askModel(extension: vscode.Uri, notices: Notices, near: string): Promise<string | null> {
  const known = await modelChoices(extension, near);
  // *Browse…* stays last.
  const choices = [...known.slice(0, -1), findChoice, ...known.slice(-1)];
  const options = { title: modelTitle, matchOnDescription: true };
  const chosen = await pickOne<(typeof choices)[number]>(choices, options);
  const value: ModelChoice | 'find' | undefined = chosen?.value;
  if (value === undefined) return null;
  if (value !== 'find') return chosenFolder(value, modelTitle);
  const model = await askCached(extension, notices, async ({ title, placeholder, choices: found }) => {
    const answer = await pickOne(found, { title, placeHolder: placeholder, matchOnDescription: true });
    return answer?.value ?? null;
  });
  return model === 'back' || model === null ? null : model.path;
}
