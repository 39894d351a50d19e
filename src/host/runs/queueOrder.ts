import { dirname } from 'node:path';
import type { ListedRun } from './runsModel';

type Placed = Pick<ListedRun, 'folder' | 'status' | 'place'>;

/** The runs with those that wait first, in the order in which they will start. The others keep their order. */
export function queuedFirst<Run extends Placed>(runs: readonly Run[]): Run[] {
  const queued = runs.filter(({ status }) => status === 'queued');
  const others = runs.filter(({ status }) => status !== 'queued');
  return [...queued.sort((a, b) => a.place - b.place || (a.folder < b.folder ? -1 : 1)), ...others];
}

/** The place of a queued run among those that wait in the same runs folder, from 1; null if it does not wait. */
export function placeOf(run: Placed, runs: readonly Placed[]): { readonly place: number; readonly of: number } | null {
  if (run.status !== 'queued') return null;
  const dir = dirname(run.folder);
  const waiting = queuedFirst(runs).filter((one) => one.status === 'queued' && dirname(one.folder) === dir);
  return { place: waiting.findIndex(({ folder }) => folder === run.folder) + 1, of: waiting.length };
}
