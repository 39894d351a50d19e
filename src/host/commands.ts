import * as vscode from 'vscode';
import { compareCommands } from './commands/compare';
import { compareRunsCommands } from './commands/compareRuns';
import { bulkCommands } from './commands/bulk';
import { datasetCommands } from './commands/datasets';
import { fileCommands } from './commands/files';
import { hubCommands } from './commands/hub';
import { ignoredCommands } from './commands/ignored';
import { modelCommands } from './commands/models';
import { pairCommands } from './commands/pairs';
import { readingCommands } from './commands/reading';
import { reviewCommands } from './commands/review';
import { roundCommands } from './commands/rounds';
import { rowTextCommands } from './commands/openRow';
import { queueCommands } from './commands/queue';
import { runCommands } from './commands/runs';
import type { CommandServices, Commands } from './commands/target';
import { tokenRewardCommands } from './commands/tokenRewards';
import { sweepCommands } from './commands/sweeps';
import { targetCommands } from './commands/targets';
import { suspectCommands } from './commands/suspects';
import { turnCommands } from './commands/turns';
import { viewCommands } from './commands/views';
import { columnCommands } from './commands/columns';

/** Registers every command of package.json. A command that fails shows its error. */
export function registerCommands(services: CommandServices): vscode.Disposable[] {
  const commands: Commands = {
    ...datasetCommands(services),
    ...fileCommands(services),
    ...suspectCommands(services),
    ...compareCommands(services),
    ...modelCommands(services),
    ...hubCommands(services),
    ...readingCommands(services),
    ...ignoredCommands(services),
    ...runCommands(services),
    ...compareRunsCommands(services),
    ...queueCommands(services),
    ...sweepCommands(services),
    ...targetCommands(services),
    ...pairCommands(services),
    ...rowTextCommands(services),
    ...bulkCommands(services),
    ...tokenRewardCommands(services),
    ...turnCommands(services),
    ...viewCommands(services),
    ...columnCommands(services),
    ...reviewCommands(services),
    ...roundCommands(services),
  };
  return Object.entries(commands).map(([name, run]) =>
    vscode.commands.registerCommand(name, async (...args: readonly unknown[]) => {
      try {
        return await run(...args);
      } catch (error) {
        return services.notices.error(error);
      }
    }),
  );
}
