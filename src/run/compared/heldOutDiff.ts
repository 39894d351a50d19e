import type { Breathing } from '../../base/pure/breathing';
import { at } from '../../base/pure/must';
import { heldOutSteps, lastRewardStep } from '../find';
import { runPaths } from '../folder';
import { readColumns } from '../rewardColumns/readColumns';
import type { ComparedRun } from './comparedRun';
import { type MarginDiff, marginDiff } from './marginDiff';
import type { RunRewards } from './rewardsOfRun';

/** Two runs on the held-out pairs that both scored. */
export interface HeldOutDiff {
  readonly rewards: readonly [RunRewards, RunRewards];
  readonly margins: MarginDiff;
}

/** What the comparison reads of a run. */
type HeldOutRun = Pick<ComparedRun, 'folder' | 'config' | 'program' | 'status' | 'state' | 'evaluates'>;

/**
 * Compares two runs on their held-out pairs, as the evaluation of their last or best model counted them.
 *
 * @param names of the runs, which differ
 * @returns why they cannot be compared, in a sentence: one of them has no such rewards, or they hold out other pairs
 * @throws MarginError as {@link readColumns}
 */
export async function heldOutDiff(
  runs: readonly [HeldOutRun, HeldOutRun],
  names: readonly [string, string],
  slices: Breathing,
): Promise<HeldOutDiff | string> {
  const [first, second] = [await heldOutRewards(runs[0], slices), await heldOutRewards(runs[1], slices)];
  if (!first || !second) {
    const lacking = first ? 1 : 0;
    return whyNone(runs[lacking], names[lacking]);
  }
  const margins = await marginDiff(first.columns, second.columns, slices);
  const common = margins ? margins.places.length : 0;
  if (margins && margins.leftOut === 0) return { rewards: [first, second], margins };
  const counts = [first, second].map(({ columns }, i) => `${at(names, i)} holds out ${pairs(columns.count)}`);
  return `${counts.join(', ')}; ${common.toLocaleString('en')} of them ${common === 1 ? 'is' : 'are'} the same. McNemar’s test needs the same pairs: give both runs one eval_file, or the same file, test_split_size and seed. Compare Models… scores both on one file.`;
}

/** The rewards of a run's last or best evaluation; null: it has none. */
async function heldOutRewards(run: HeldOutRun, slices: Breathing): Promise<RunRewards | null> {
  const { folder, config, state, status } = run;
  if (config === null || status === 'logged') return null;
  // A resumed run has not reached the later ones again.
  const steps = (await heldOutSteps(folder)).filter((step) => state === null || step <= state.step);
  const step = lastRewardStep(steps, { state, status, config });
  return step === undefined ? null : { step, columns: await readColumns(runPaths.heldOut(folder, step), slices) };
}

function whyNone({ config, program, evaluates }: HeldOutRun, name: string): string {
  if (config === null)
    return `${program ?? 'Another program'} logged ${name}. Its files have no rewards of single pairs.`;
  if (!evaluates) return `${name} holds out no pairs: it has neither an eval_file nor a test_split_size.`;
  const { trainer, backend } = config.config;
  if (trainer === 'kto') return `${name} trains on judged answers, so it holds out no pairs.`;
  const instead = 'Compare Models… scores both runs on its held-out file.';
  if (backend === 'trl') return `TRL trained ${name}, and keeps no rewards of single held-out pairs. ${instead}`;
  return `${name} has no rewards of single held-out pairs: it was not evaluated yet, or an older Margin trained it. ${instead}`;
}

const pairs = (count: number): string => `${count.toLocaleString('en')} ${count === 1 ? 'pair' : 'pairs'}`;
