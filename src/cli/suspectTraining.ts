import { at } from '../base/pure/must';
import { refuseUnwritable } from '../run/outputFolder';
import { bytes, time } from '../train/estimate/sentences';
import type { Surroundings } from './command';
import { foldsOf } from './crossFit';
import { interruption } from './interruption';
import { neededRun, type NeededRun, priceOf, refuseTooLarge, shortRun, type ShortRuns, trainedRun } from './keptRuns';
import { scoreOtherRows } from './otherRows';

/** Two runs show where seeds disagree. A third would make the mean more stable, but takes as long as each of them. */
export const defaultRuns = 2;
export const defaultEpochs = 1;
/** High for DPO: a short run must learn what most labels have in common. Its model is not used for anything else. */
export const defaultRate = 5e-4;

export interface MemberPlan extends ShortRuns {
  readonly file: string;
  readonly runs: number;
  /** Folds: each row is scored only by runs that did not train on it. null: by all runs, which trained on it. */
  readonly crossFit: number | null;
  /** Whether to print only what the runs take, and not to train. */
  readonly onlyPrice: boolean;
  readonly json: boolean;
}

/**
 * Prints what the runs of a plan take that do not exist yet, then trains and scores them one after the other. Returns
 * the folders of all runs, or with `crossFit` the files of rewards of the rows that they did not see; null if only what
 * they take was asked for.
 *
 * @throws MarginError `does-not-fit` | `interrupted` | `run-failed`; those of a run's config, model and rows
 */
export async function trainMembers(plan: MemberPlan, surroundings: Surroundings): Promise<readonly string[] | null> {
  await refuseUnwritable(plan.outputDir);
  const members = await membersOf(plan);
  const missing = members.filter(({ run: { known } }) => known?.isScored !== true);
  if (missing.length > 0)
    await tellPrice(
      missing.map(({ run }) => run),
      plan,
      surroundings,
    );
  else surroundings.output.say(allKnown(members.length));
  if (plan.onlyPrice) return null;
  const trained: string[] = [];
  for (const [i, { run }] of members.entries()) {
    const place = `run ${i + 1} of ${members.length}`;
    const onProgress = (line: string): void => {
      if (plan.json) surroundings.output.json({ progress: { text: `${place} · ${line}` } });
    };
    trained.push(await trainedRun(run, surroundings, onProgress));
  }
  if (plan.crossFit === null) return trained;
  const scored: string[] = [];
  const options = { output: surroundings.output, signal: interruption().signal };
  for (const [i, { held }] of members.entries())
    if (held !== null) scored.push(await scoreOtherRows(at(trained, i), held, options));
  return scored;
}

/** A run, and the rows that it scores besides its own. */
interface Member {
  readonly run: NeededRun;
  readonly held: string | null;
}

/** Seeds from 1; with folds, a run for each seed and fold. */
async function membersOf(plan: MemberPlan): Promise<Member[]> {
  const whole = [{ name: 'suspects', train: plan.file, held: null }];
  const parts = plan.crossFit === null ? whole : await foldsOf(plan.file, plan.reading, plan.crossFit);
  const members: Member[] = [];
  for (let seed = 1; seed <= plan.runs; seed++)
    for (const { name, train, held } of parts)
      members.push({ run: await neededRun(shortRun(plan, { run_name: name, train_file: train, seed })), held });
  return members;
}

function allKnown(runs: number): string {
  return runs === 1
    ? '1 run of this model and these rows is scored already, and is used.'
    : `${runs} runs of this model and these rows are scored already, and are used.`;
}

/** Prints how long some runs take and how much memory, measured by a dry run of one of them. */
async function tellPrice(
  missing: readonly NeededRun[],
  { json }: MemberPlan,
  surroundings: Surroundings,
): Promise<void> {
  const { output } = surroundings;
  const [runs, { config }] = [missing.length, at(missing, 0)];
  const price = await priceOf(config, surroundings);
  const { plan, seconds, memory } = price.found;
  const each = seconds === null ? null : seconds.total + seconds.scoring;
  const { remarks } = price;
  if (json) output.json({ price: { runs, rows: plan && plan.rows, seconds: each && runs * each, memory, remarks } });
  for (const remark of remarks) output.say(remark);
  refuseTooLarge(price, config);
  const rows = plan === null ? '' : ` on ${plan.rows.toLocaleString('en')} rows`;
  const takes = each === null ? '' : `: about ${time(each)} each with scoring, ${time(runs * each)} in all`;
  output.say(
    `${runs} ${runs === 1 ? 'run' : 'runs'}${rows}${takes}; ${bytes(memory.needs)} of ${bytes(memory.free)} free memory. Ctrl+C stops and keeps what is done.`,
  );
}
