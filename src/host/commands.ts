import * as vscode from 'vscode';
import { commandIds } from './commands/commandIds';
import type { CommandServices, Commands } from './commands/target';

/** Registers every command of package.json. A command that fails shows its error. The first one loads what all do. */
export function registerCommands(services: CommandServices): vscode.Disposable[] {
  let handlers: Promise<Commands> | null = null;
  const load = async (): Promise<Commands> => (await import('./commands/handlers')).commandHandlers(services);
  return commandIds.map((id) =>
    vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
      try {
        handlers ??= load();
        return await (await handlers)[id](...args);
      } catch (error) {
        return services.notices.error(error);
      }
    }),
  );
}
