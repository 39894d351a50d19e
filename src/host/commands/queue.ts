import { moveInQueue, takeOutOfQueue } from '../../run/queue/queue';
import type { ListedRun } from '../runs/runsModel';
import { requireTrust } from '../train/requireTrust';
import { type CommandServices, type Commands, runOf } from './target';

const queued = ({ status }: ListedRun): boolean => status === 'queued';

/** Commands that change the queue of runs. */
export function queueCommands(services: CommandServices) {
  const withQueued = (change: (folder: string) => Promise<void>) => async (target: unknown) => {
    const folder = await runOf(services, target, queued);
    if (folder === null) return;
    requireTrust();
    await change(folder);
    await services.runs.refresh();
  };
  return {
    'margin.takeOutOfQueue': withQueued(takeOutOfQueue),
    'margin.moveUpInQueue': withQueued((folder) => moveInQueue(folder, 'up')),
    'margin.moveDownInQueue': withQueued((folder) => moveInQueue(folder, 'down')),
  } satisfies Partial<Commands>;
}
