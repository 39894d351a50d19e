import * as vscode from 'vscode';
import { datasetCommands } from './commands/datasets';
import { fileCommands } from './commands/files';
import { pairCommands } from './commands/pairs';
import { runCommands } from './commands/runs';
import type { CommandServices, Commands } from './commands/target';

/** Every command of package.json, each with its errors shown to the person. */
export function registerCommands(services: CommandServices): vscode.Disposable[] {
  const commands: Commands = {
    ...datasetCommands(services),
    ...fileCommands(services),
    ...runCommands(services),
    ...pairCommands(services),
  };
  return Object.entries(commands).map(([name, run]) =>
    vscode.commands.registerCommand(name, async (target: unknown) => {
      try {
        return await run(target);
      } catch (error) {
        return services.notices.error(error);
      }
    }),
  );
}
