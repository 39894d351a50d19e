import * as vscode from 'vscode';
import { readRun } from '../../run/find';
import { dataFilters, isDataName } from '../datasets/mayHold';
import { openOne } from '../quickSteps';
import { savedFor } from '../savedFor';
import { type CommandServices, type Commands, fileOf, folderOf } from './target';

/** Commands about models: compare them on a file, talk to them. */
export function modelCommands({ chats, modelComparison, notices }: CommandServices) {
  return {
    'margin.compareModels': async (target) => {
      const run = folderOf(target);
      const file = run === null ? await dataFile(target) : await datasetOf(run);
      if (file && (await savedFor(notices, file.fsPath, 'Save and Compare'))) modelComparison.show(file, run);
    },
    'margin.chat': (target) => chats.open(folderOf(target) ?? (target instanceof vscode.Uri ? target : null)),
  } satisfies Partial<Commands>;
}

async function dataFile(target: unknown): Promise<vscode.Uri | null> {
  const asked = fileOf(target);
  const isData = asked !== undefined && isDataName(asked.path);
  return isData ? asked : openOne('Margin: Compare Models', { filters: dataFilters });
}

/** The dataset of a run. */
async function datasetOf(run: string): Promise<vscode.Uri> {
  return vscode.Uri.file((await readRun(run)).config.config.train_file);
}
