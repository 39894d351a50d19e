import * as vscode from 'vscode';
import type { Notices } from '../notices';
import { TrainFormProvider } from './trainFormProvider';

/** Registers the form of `*.train.json` files. */
export function registerTrainForm(extension: vscode.Uri, notices: Notices): vscode.Disposable {
  const start = async (config: vscode.Uri): Promise<void> => {
    await vscode.commands.executeCommand('margin.train', config);
  };
  const provider = new TrainFormProvider({ extension, notices, start });
  return vscode.window.registerCustomEditorProvider(TrainFormProvider.viewType, provider, {
    supportsMultipleEditorsPerDocument: true,
  });
}
