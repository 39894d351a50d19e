import { realpath } from 'node:fs/promises';
import { findRuns, readRun, rewardSteps } from '../../run/find';
import { runPaths } from '../../run/folder';
import type { PairReward } from '../../run/types';
import type { RewardChoice, RowReward } from '../../protocol/pairEditor';
import { readRewards } from '../runPanel/rewardTable';
import { workspaceRunFolders } from '../runFolders';

/** Runs offered in the editor's list of rewards. */
const maxRuns = 20;

/** Rewards of one step of one run, by the pair's key. */
export interface JoinedRewards {
  readonly choice: RewardChoice;
  readonly byKey: ReadonlyMap<string, RowReward>;
}

/** What can be shown for a file: newest run first, its last step first. The id is run folder and step. */
export async function rewardChoices(file: string): Promise<RewardChoice[]> {
  const target = await realpath(file);
  const { runs } = await findRuns(await workspaceRunFolders());
  const choices = await Promise.all(
    runs.slice(0, maxRuns).map(async ({ folder, name }) => {
      const run = await readRun(folder);
      const data = await realpath(run.config.config.train_file).catch(() => null);
      const steps = data === target ? await rewardSteps(folder) : [];
      return steps.filter((step) => step > 0).reverse().map((step) => ({ id: `${step}:${folder}`, label: `${name} · step ${step}` }));
    }),
  );
  return choices.flat();
}

export async function joinRewards(choice: RewardChoice): Promise<JoinedRewards> {
  const colon = choice.id.indexOf(':');
  const [step, folder] = [Number(choice.id.slice(0, colon)), choice.id.slice(colon + 1)];
  const after = await readRewards(runPaths.rewards(folder, step));
  const before = await readRewards(runPaths.rewards(folder, 0)).catch((): PairReward[] => []);
  const marginsBefore = new Map(before.map(({ key, margin }) => [key, margin]));
  const byKey = new Map(
    after.map(({ key, chosen, rejected, margin }) => [
      key,
      { chosen: chosen.reward, rejected: rejected.reward, margin, before: marginsBefore.get(key) ?? null, chosenTokens: chosen.tokens, rejectedTokens: rejected.tokens },
    ]),
  );
  return { choice, byKey };
}
