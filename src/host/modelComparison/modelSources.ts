import { dirname } from 'node:path';
import type { RewardChoice } from '../../protocol/pairEditor';
import type { ModelSource } from '../../protocol/modelComparison';
import { rewardChoices } from '../pairEditor/node/rewards';

type Found = Omit<ModelSource, 'chosen'>;

/** The models whose rewards of a file exist, newest first. */
export async function modelSources(file: string, runFolders: readonly string[]): Promise<readonly Found[]> {
  return named(await rewardChoices(file, runFolders));
}

/** Names models as short as they differ: without the time of their scoring, or with it, or with a number. */
export function named(choices: readonly RewardChoice[]): readonly Found[] {
  const used = new Set<string>();
  return choices.map(({ id, label, isOfRun }) => {
    const kind = isOfRun ? 'run' : 'scoring';
    const [short = label] = kind === 'run' ? [label] : label.split(' · scored');
    const name = used.has(short) ? label : short;
    let [free, number] = [name, 1];
    while (used.has(free)) free = `${name} (${++number})`;
    used.add(free);
    return { id, kind, label: free, detail: label };
  });
}

/**
 * The models to compare first: the newest one, or that of a run, and the newest of another run or scoring; if there is
 * none, the oldest step of the same run. Empty if there are no two.
 *
 * @param run the folder of the run to begin with; null: the newest
 */
export function firstChoice(sources: readonly Found[], run: string | null): readonly string[] {
  const folderOf = ({ id, kind }: Found): string => (kind === 'run' ? dirname(dirname(id)) : id);
  const newest = sources.find((source) => run === null || folderOf(source) === run) ?? sources[0];
  if (!newest) return [];
  const other =
    sources.find((source) => folderOf(source) !== folderOf(newest)) ?? sources.findLast(({ id }) => id !== newest.id);
  return other ? [newest.id, other.id] : [];
}
