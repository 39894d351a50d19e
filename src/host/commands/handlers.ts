import { compareCommands } from './compare';
import { compareRunsCommands } from './compareRuns';
import { bulkCommands } from './bulk';
import { datasetCommands } from './datasets';
import { fileCommands } from './files';
import { hubCommands } from './hub';
import { ignoredCommands } from './ignored';
import { modelCommands } from './models';
import { pairCommands } from './pairs';
import { readingCommands } from './reading';
import { reviewCommands } from './review';
import { roundCommands } from './rounds';
import { rowTextCommands } from './openRow';
import { queueCommands } from './queue';
import { runCommands } from './runs';
import { tokenRewardCommands } from './tokenRewards';
import { sweepCommands } from './sweeps';
import { targetCommands } from './targets';
import { suspectCommands } from './suspects';
import { turnCommands } from './turns';
import { viewCommands } from './views';
import { columnCommands } from './columns';
import type { CommandServices, Commands } from './target';

/** What each command of package.json does. */
export function commandHandlers(services: CommandServices): Commands {
  return {
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
}
