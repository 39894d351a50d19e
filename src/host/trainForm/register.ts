import * as vscode from 'vscode';
import type { Notices } from '../notices';
import { isLiving } from '../../run/alive';
import type { RunsModel } from '../runs/runsModel';
import { TrainFormProvider } from './trainFormProvider';

/** Registers the form of `*.train.json` files. */
export function registerTrainForm(extension: vscode.Uri, notices: Notices, runs: RunsModel): vscode.Disposable {
  const start = async (config: vscode.Uri): Promise<void> => {
    await vscode.commands.executeCommand('margin.train', config);
  };
  const isTraining = async (): Promise<boolean> => (await runs.ready()).some(({ status }) => isLiving(status));
  const provider = new TrainFormProvider({ extension, notices, start, isTraining });
  return vscode.window.registerCustomEditorProvider(TrainFormProvider.viewType, provider, {
    supportsMultipleEditorsPerDocument: true,
  });
}
