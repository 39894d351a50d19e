import type { Handlers } from '../../../protocol/channel';
import type { DatasetColumns, PairsPage, PairTrend, RunPanelHost, Scatter } from '../../../protocol/runPanel';
import type { RunConfig } from '../../../run/types';
import { otherRuns } from './otherRuns';
import type { RunRewards } from './runRewards';
import type { Prompts } from './rewardTable';

/** A run as the table of its pairs needs it. */
interface ScoredRun {
  readonly folder: string;
  readonly config: RunConfig;
  readonly rewards: RunRewards;
  readonly prompts: Prompts;
  readonly datasetColumns: () => Promise<DatasetColumns>;
}

const noPairs: PairsPage = {
  total: 0,
  shown: 0,
  negative: 0,
  rows: [],
  histogram: { edges: [], counts: [], shown: [] },
  columns: [],
};
const noPoints = (): Scatter => ({
  kind: 'points',
  index: new Int32Array(0),
  x: new Float64Array(0),
  y: new Float64Array(0),
  rangeX: [0, 0],
  rangeY: [0, 0],
  shade: null,
});
const noTrend = (): PairTrend => ({
  steps: [],
  margins: new Float64Array(0),
  chosen: new Float64Array(0),
  rejected: new Float64Array(0),
  visits: [],
});

type Requests = 'pairs' | 'locate' | 'scatter' | 'trend' | 'movers' | 'groups' | 'others' | 'datasetColumns';

/**
 * Answers what the view asks about the scored pairs of its run.
 *
 * @param run null while no run is shown
 * @param runs of the workspace, the newest first
 */
export function pairHandlers(
  run: () => ScoredRun | null,
  runs: () => readonly { readonly folder: string; readonly name: string }[],
): Pick<Handlers<RunPanelHost>, Requests> {
  /** An arrow function, because `prompts` is a method. */
  const promptsOf =
    (of: ScoredRun): Prompts =>
    (pairs) =>
      of.prompts(pairs);
  return {
    pairs: (query) =>
      answered(run(), noPairs, async (of) => (await of.rewards.tableOf(query)).page(query, promptsOf(of))),
    locate: ({ query, key }) =>
      answered(run(), null, async (of) => (await of.rewards.tableOf(query)).locate(query, key)),
    scatter: ({ query, axes, columns, rows }) =>
      answered(run(), noPoints(), async (of) => (await of.rewards.tableOf(query)).scatter(query, axes, columns, rows)),
    datasetColumns: async () => (await run()?.datasetColumns()) ?? { names: [], problem: null },
    others: async () => {
      const of = run();
      return of ? otherRuns(of.config.config.train_file, of.folder, runs()) : [];
    },
    trend: ({ key }) => answered(run(), noTrend(), (of) => of.rewards.trend(key)),
    groups: ({ query, by }) => answered(run(), [], async (of) => (await of.rewards.tableOf(query)).groups(query, by)),
    movers: ({ query, count }) => answered(run(), [], (of) => of.rewards.movers(query, count, promptsOf(of))),
  };
}

/** What a run answers. Nothing without a run, or if another run was shown meanwhile: the view asks for that then. */
export async function answered<Run extends { readonly rewards: Pick<RunRewards, 'isClosed'> }, Answer>(
  of: Run | null,
  nothing: Answer,
  ask: (of: Run) => Promise<Answer>,
): Promise<Answer> {
  if (of === null) return nothing;
  const { rewards } = of;
  try {
    return await ask(of);
  } catch (error) {
    if (rewards.isClosed) return nothing;
    throw error;
  }
}
