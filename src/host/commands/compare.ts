import type * as vscode from 'vscode';
import { dataFilters, isDataName } from '../datasets/mayHold';
import { openOne } from '../quickSteps';
import { type CommandServices, type Commands, fileOf } from './target';

/** What has changed in a file: since the last commit, or from another file. */
export function compareCommands({ editor }: CommandServices) {
  return {
    'margin.compareWithHead': async (target) => {
      const file = await fileToCompare(target);
      if (file) await editor.compare(file, { kind: 'head' });
    },
    'margin.compareWith': async (target) => {
      const file = await fileToCompare(target);
      const other = file && (await openOne('Margin: Compare with…', { filters: dataFilters }));
      if (file && other) await editor.compare(file, { kind: 'file', uri: other });
    },
  } satisfies Partial<Commands>;
}

async function fileToCompare(target: unknown): Promise<vscode.Uri | null> {
  const asked = fileOf(target);
  if (asked && isDataName(asked.path)) return asked;
  return openOne('Margin: Compare', { filters: dataFilters });
}
