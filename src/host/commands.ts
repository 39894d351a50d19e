import * as vscode from 'vscode';
import { commandIds } from './commands/commandIds';
import type { Commands } from './commands/target';
import type { Notices } from './notices';

/**
 * Registers every command of package.json. A command that fails shows its error.
 *
 * @param load gives what commands do
 */
export function registerCommands(load: () => Promise<Commands>, notices: Notices): vscode.Disposable[] {
  return commandIds.map((id) =>
    vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
      try {
        const commands = await load();
        return await commands[id](...args);
      } catch (error) {
        return notices.error(error);
      }
    }),
  );
}
