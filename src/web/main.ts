import * as vscode from 'vscode';
import { version } from '../../package.json';
import { errorMessage } from '../base/pure/marginError';
import { plainLines, plainMessage } from '../base/pure/plainText';
import { columnsSetting, FileReadings } from '../editor/fileReadings';
import { rulesSetting } from '../editor/ruleLevels';
import { BrowserEditor } from './browserEditor';
import { browserCommands } from './browserCommands';
import { needsDesktop } from './needsDesktop';
import { TrainFormNote } from './trainFormNote';

/** The extension where no Node is, such as vscode.dev: views pairs and edits them. */
export function activate({ extension, extensionUri, subscriptions, workspaceState }: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel('Margin', { log: true });
  const failed = (error: unknown): void => {
    if (error instanceof vscode.CancellationError || (error instanceof Error && error.name === 'AbortError')) return;
    output.error(plainLines(error instanceof Error && error.stack !== undefined ? error.stack : errorMessage(error)));
    vscode.window.showErrorMessage(plainMessage(errorMessage(error))).then(undefined, () => undefined);
  };
  const warn = (message: string): void => {
    vscode.window.showWarningMessage(plainMessage(message)).then(undefined, () => undefined);
  };
  const readings = new FileReadings(workspaceState, () => editor.readAgain(), warn);
  const editor = new BrowserEditor({ extension: extensionUri, memory: workspaceState, readings, failed });
  const runs = { ...desktopCommands(extension.packageJSON), ...browserCommands(editor, readings) };
  const commands = Object.entries(runs).map(([id, run]) =>
    vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
      try {
        await run(...args);
      } catch (error) {
        failed(error);
      }
    }),
  );
  subscriptions.push(
    output,
    ...commands,
    vscode.window.registerCustomEditorProvider(BrowserEditor.viewType, editor, {
      supportsMultipleEditorsPerDocument: true,
    }),
    vscode.window.registerCustomEditorProvider(TrainFormNote.viewType, new TrainFormNote()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration(columnsSetting) && !change.affectsConfiguration(rulesSetting)) return;
      readings.forget();
      editor.readAgain();
    }),
  );
  // Menus and commands that need Node have a condition on it.
  vscode.commands.executeCommand('setContext', 'margin.web', true).then(undefined, failed);
  output.info(`Margin ${version} is active in the browser, VS Code ${vscode.version}`);
}

/** The commands that need the desktop. Menus hide them, but not before the extension is active. */
function desktopCommands(manifest: unknown): Readonly<Record<string, () => never>> {
  const declared = (manifest as Manifest).contributes.commands.map(({ command, title }): [string, () => never] => [
    command,
    () => {
      throw needsDesktop(`“${title}”`, 'needs');
    },
  ]);
  return Object.fromEntries(declared);
}

/** The part of Margin's `package.json` that names the commands. */
interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string; readonly title: string }[] };
}
