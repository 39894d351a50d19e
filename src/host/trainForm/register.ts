import * as vscode from 'vscode';
import { isLiving } from '../../run/alive';
import type { RunsModel } from '../runs/runsModel';
import type { TrainFormServices } from './trainForm';
import { TrainFormProvider } from './trainFormProvider';

interface TrainFormParts extends Pick<TrainFormServices, 'notices' | 'openRow'> {
  readonly extension: vscode.Uri;
  readonly runs: RunsModel;
}

/** Registers the form of `*.train.json` files. */
export function registerTrainForm({ extension, notices, runs, openRow }: TrainFormParts): vscode.Disposable {
  const start = async (config: vscode.Uri): Promise<void> => {
    await vscode.commands.executeCommand('margin.train', config);
  };
  const isTraining = async (): Promise<boolean> => (await runs.ready()).some(({ status }) => isLiving(status));
  const provider = new TrainFormProvider({ extension, notices, start, isTraining, openRow });
  return vscode.window.registerCustomEditorProvider(TrainFormProvider.viewType, provider, {
    supportsMultipleEditorsPerDocument: true,
  });
}
