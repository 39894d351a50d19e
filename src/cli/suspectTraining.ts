import { join } from 'node:path';
import { version } from '../../package.json';
import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import type { Reading } from '../pairs/reading';
import { refuseUnwritable } from '../run/outputFolder';
import { createRun, recordedVersions, resolveRun } from '../run/resolve';
import { startRun } from '../run/start';
import { parseTrainConfig } from '../run/trainConfig';
import type { TrainConfig } from '../run/types';
import { estimate } from '../train/estimate/estimate';
import { bytes, problems, time } from '../train/estimate/sentences';
import type { Surroundings } from './command';
import { followRun } from './followRun';
import { interruption } from './interruption';
import { Progress } from './progress';
import { findSameRun, type KnownRun } from './sameRun';
import { scoreRun } from './scoreRun';

/** Two runs show where seeds disagree. A third would make the mean more stable, but takes as long as each of them. */
export const defaultRuns = 2;
export const defaultEpochs = 1;
/** High for DPO: a short run must learn what most labels have in common. Its model is not used for anything else. */
export const defaultRate = 5e-4;

export interface MemberPlan {
  readonly file: string;
  readonly reading: Reading;
  readonly model: string;
  readonly runs: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly outputDir: string;
  /** Whether to print only what the runs take, and not to train. */
  readonly onlyPrice: boolean;
  readonly json: boolean;
}

/** A run of the plan. `known` is such a run that exists already. */
interface Member {
  readonly config: TrainConfig;
  readonly known: KnownRun | null;
}

/**
 * Prints what the runs of a plan take that do not exist yet, then trains and scores them one after the other. Returns
 * the folders of all runs; null if only what they take was asked for.
 *
 * @throws MarginError `does-not-fit` | `interrupted` | `run-failed`; those of a run's config, model and rows
 */
export async function trainMembers(plan: MemberPlan, surroundings: Surroundings): Promise<readonly string[] | null> {
  await refuseUnwritable(plan.outputDir);
  const members: Member[] = [];
  for (let seed = 1; seed <= plan.runs; seed++) {
    const config = memberConfig(plan, seed);
    const known = await findSameRun(plan.outputDir, await resolveRun(config, recordedVersions(version)));
    members.push({ config, known });
  }
  const missing = members.filter(({ known }) => known?.isScored !== true);
  if (missing.length > 0) await tellPrice(at(missing, 0).config, missing.length, plan, surroundings);
  else surroundings.output.say(allKnown(plan.runs));
  if (plan.onlyPrice) return null;
  const folders: string[] = [];
  for (const member of members) folders.push(await scored(member, surroundings));
  return folders;
}

function allKnown(runs: number): string {
  return runs === 1
    ? '1 run of this model and these rows is scored already, and is used.'
    : `${runs} runs of this model and these rows are scored already, and are used.`;
}

function memberConfig({ file, reading, ...plan }: MemberPlan, seed: number): TrainConfig {
  const { columns, format, rule } = reading;
  const keys = {
    model_name_or_path: plan.model,
    train_file: file,
    output_dir: plan.outputDir,
    run_name: 'suspects',
    columns,
    data_format: format,
    pair_rule: rule.name,
    pair_gap: rule.gap,
    pair_ties: rule.ties,
    use_peft: true,
    lora_r: 8,
    lora_alpha: 16,
    lora_target_modules: 'all-linear',
    learning_rate: plan.learningRate,
    warmup_steps: 0.1,
    per_device_train_batch_size: 4,
    num_train_epochs: plan.epochs,
    seed,
  };
  return parseTrainConfig(JSON.stringify(keys), join(plan.outputDir, 'suspects.train.json'));
}

/** Prints how long some runs take and how much memory, measured by a dry run of one of them. */
async function tellPrice(
  config: TrainConfig,
  runs: number,
  { json }: MemberPlan,
  { output, programs }: Surroundings,
): Promise<void> {
  const progress = new Progress(output);
  const remarks: string[] = [];
  const found = await estimate(config, {
    trainer: join(programs, 'trainer.js'),
    node: process.execPath,
    onPhase: () => progress.update('measuring what the runs will take'),
    onRemark: (message) => void remarks.push(message),
    signal: interruption().signal,
  }).finally(() => progress.end());
  const { plan, seconds, memory } = found;
  const each = seconds === null ? null : seconds.total + seconds.scoring;
  if (json) output.json({ price: { runs, rows: plan && plan.rows, seconds: each && runs * each, memory, remarks } });
  for (const remark of remarks) output.say(remark);
  if (!found.fits)
    throw new MarginError('does-not-fit', problems(found).join(' '), { model: config.model_name_or_path });
  const rows = plan === null ? '' : ` on ${plan.rows.toLocaleString('en')} rows`;
  const takes = each === null ? '' : `: about ${time(each)} each with scoring, ${time(runs * each)} in all`;
  output.say(
    `${runs} ${runs === 1 ? 'run' : 'runs'}${rows}${takes}; ${bytes(memory.needs)} of ${bytes(memory.free)} free memory. Ctrl+C stops and keeps what is done.`,
  );
}

/** Trains and scores a run, as far as this has not been done. Returns its folder. */
async function scored({ config, known }: Member, surroundings: Surroundings): Promise<string> {
  if (known?.isScored) return known.folder;
  if (known?.isTrained) {
    await scoreRun(known.folder, { json: false, isPart: true }, surroundings);
    return known.folder;
  }
  const { output, programs } = surroundings;
  const folder = known ? known.folder : await createRun(config, recordedVersions(version));
  const since = Date.now();
  const trainer = { trainer: join(programs, 'trainer.js'), node: process.execPath };
  const started = await startRun(folder, { ...trainer, resume: known !== null });
  const code = await followRun(folder, started, output, { json: false, since, isPart: true });
  if (code !== 0) throw new MarginError('run-failed', `The run ${folder} failed, so there is no verdict.`, { folder });
  const now = await findSameRun(config.output_dir, await resolveRun(config, recordedVersions(version)));
  if (now?.isScored) return now.folder;
  const message = 'Stopped. What is trained and scored is kept: give the same command again to continue.';
  throw new MarginError('interrupted', message, { folder });
}
