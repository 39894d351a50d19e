import { isAbsolute } from 'node:path';
import { isGguf } from '../../base/pure/isGguf';
import * as vscode from 'vscode';
import { watchFile } from '../pairEditor/watchFile';

/** Programs write the files of a model one after the other. */
const settleMs = 500;

/**
 * Calls `changed` soon after another program has written the tokenizer, the chat template or the config of a model.
 *
 * @param model a folder or a .gguf file. The name of a model on the Hub is not watched.
 */
export function watchModel(model: string, changed: () => void): vscode.Disposable {
  let timer: NodeJS.Timeout | null = null;
  const stop = (): void => clearTimeout(timer ?? undefined);
  const soon = (): void => {
    stop();
    timer = setTimeout(changed, settleMs);
  };
  const watchers = isAbsolute(model) ? [watch(vscode.Uri.file(model), soon)] : [];
  return vscode.Disposable.from(...watchers, { dispose: stop });
}

function watch(model: vscode.Uri, soon: () => void): vscode.Disposable {
  if (isGguf(model.path) || model.path.toLowerCase().endsWith('.gguf')) return watchFile(model, soon);
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(model, '*.{json,jinja,model,txt}'),
  );
  for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) event(soon);
  return watcher;
}
