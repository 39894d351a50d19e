import * as vscode from 'vscode';
import type { Handlers } from '../../protocol/channel';
import type { View } from '../../protocol/pairEditor';
import type { RunPanelHost } from '../../protocol/runPanel';
import { runPaths } from '../../run/folder';
import type { Notices } from '../notices';
import { saveExport } from '../statistics/saveExport';
import type { RunFollower } from './runFollower';

export interface PairActionServices {
  readonly notices: Notices;
  /** Opens a dataset in the pair editor, with a filter and rewards. */
  readonly showPairs: (file: string, view: Partial<View>) => Promise<void>;
}

type Requests = 'showInEditor' | 'savePairs';

/** What a person does with the pairs that a filter shows. @param run null while no run is shown */
export function pairActions(
  run: () => RunFollower | null,
  { notices, showPairs }: PairActionServices,
): Pick<Handlers<RunPanelHost>, Requests> {
  return {
    showInEditor: async ({ filter, step, before, beforeRun }) => {
      const of = run();
      // The editor does not offer the rewards before training: then it shows the newest.
      const rewardsOf = (one: number | null, folder: string | null): string | null =>
        folder === null || one === null || one === 0 ? null : runPaths.rewards(folder, one);
      const own = of && of.folder;
      const view = { filter, rewards: rewardsOf(step, own), before: rewardsOf(before, beforeRun ?? own) };
      if (of) await showPairs(of.config.config.train_file, view).catch(notices.error);
      return null;
    },
    savePairs: async (query) => {
      const of = run();
      if (of) await save(of, query, notices).catch(notices.error);
      return null;
    },
  };
}

async function save(
  of: RunFollower,
  query: RunPanelHost['requests']['savePairs']['params'],
  notices: Notices,
): Promise<void> {
  const content = await (await of.rewards.tableOf(query)).csv(query);
  const name = `${of.run.name}-step-${query.step}.csv`;
  await saveExport(vscode.Uri.file(of.config.config.train_file), { name, kind: 'csv', content }, notices);
}
