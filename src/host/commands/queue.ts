import { moveInQueue, takeOutOfQueue } from '../../run/queue/queue';
import { requireTrust } from '../train/requireTrust';
import { type CommandServices, type Commands, type RunKind, runOf } from './target';

const queued: RunKind = { fits: ({ status }) => status === 'queued', none: 'No run waits in the queue.' };

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
