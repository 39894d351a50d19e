import * as vscode from 'vscode';
import { TrainFormProvider } from './trainFormProvider';

/** Registers the form of `*.train.json` files. */
export function registerTrainForm(extension: vscode.Uri): vscode.Disposable {
  const start = async (config: vscode.Uri): Promise<void> => {
    await vscode.commands.executeCommand('margin.train', config);
  };
  const provider = new TrainFormProvider({ extension, start });
  return vscode.window.registerCustomEditorProvider(TrainFormProvider.viewType, provider, {
    supportsMultipleEditorsPerDocument: true,
  });
}
