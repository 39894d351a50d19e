import type { Handlers } from '../../../protocol/channel';
import type { RunPanelHost } from '../../../protocol/runPanel';
import type { RunConfig } from '../../../run/types';
import { Gradient } from './gradient';
import { answered } from './pairHandlers';
import type { Prompts, RewardTable } from './rewardTable';
import type { RunRewards } from './runRewards';

interface ScoredRun {
  readonly rewards: RunRewards;
  readonly prompts: Prompts;
  readonly config: RunConfig;
}

/** Answers what the view asks about gradient weights. @param run null while no run is shown */
export function gradientHandlers(run: () => ScoredRun | null): Pick<Handlers<RunPanelHost>, 'gradient'> {
  let last: { readonly table: RewardTable; readonly gradient: Gradient } | null = null;
  return {
    gradient: ({ step, choice }) =>
      answered(run(), null, async (of) => {
        const table = await of.rewards.tableOf({ step, before: null, beforeRun: null });
        if (last?.table !== table) last = { table, gradient: new Gradient(table, of.config.config) };
        return last.gradient.page(choice, (pairs) => of.prompts(pairs));
      }),
  };
}
