import type * as vscode from 'vscode';
import { dataFilters } from '../datasets/mayHold';
import { openOne, pickOne } from '../quickSteps';
import { chosenFolder, modelChoices } from '../train/modelFolders';

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
export async function askPath(extension: vscode.Uri, name: string, near: string): Promise<string | null> {
  if (name === 'model_name_or_path') {
    const choices = await modelChoices(extension, near);
    const chosen = await pickOne(choices, { title: modelTitle, matchOnDescription: true });
    return chosen ? chosenFolder(chosen.value, modelTitle) : null;
  }
  const [title, options] = dialogs[name] ?? [name, {}];
  return (await openOne(title, options))?.fsPath ?? null;
}
