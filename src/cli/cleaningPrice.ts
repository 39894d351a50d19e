import type { TrainConfig } from '../run/types';
import { bytes, time } from '../train/estimate/sentences';
import type { Surroundings } from './command';
import { priceOf, refuseTooLarge } from './keptRuns';
import { defaultEpochs } from './suspectTraining';

/** How many runs of each kind are missing. */
export interface MissingRuns {
  /** The config of a run whose models are compared. */
  readonly arm: TrainConfig;
  /** Such runs, at most. */
  readonly arms: number;
  /** Short runs that find suspects. */
  readonly finders: number;
  /** Runs that tell clean held-out rows. */
  readonly judges: number;
  /** Rows that a run of the latter kind sees in all its passes. */
  readonly judgeShare: number;
  /** Whether it is known which rows are suspected, and so which runs are missing. */
  readonly isSure: boolean;
  readonly json: boolean;
}

/**
 * Prints how long the missing runs take, and how much memory, measured by a dry run. How many runs it will be is known
 * only when suspects are found: without any, most are not needed.
 *
 * @throws MarginError `does-not-fit`; those of a run's config, model and rows
 */
export async function tellCleaningPrice(missing: MissingRuns, surroundings: Surroundings): Promise<void> {
  const { output } = surroundings;
  const count = missing.arms + missing.finders + missing.judges;
  if (count === 0) return output.say('All runs that are needed are there, and are used.');
  const price = await priceOf(missing.arm, surroundings);
  const { plan, seconds, memory } = price.found;
  const rows = plan?.rows ?? null;
  const all = seconds === null || rows === null ? null : secondsOf(missing, seconds, rows);
  if (missing.json) output.json({ price: { runs: count, rows, seconds: all, memory, remarks: price.remarks } });
  for (const remark of price.remarks) output.say(remark);
  refuseTooLarge(price, missing.arm);
  const on = rows === null ? '' : ` on ${rows.toLocaleString('en')} rows`;
  const takes = all === null ? '' : `: about ${time(all)} in all`;
  const most = missing.isSure ? '' : 'At most ';
  output.say(
    `${most}${count} ${count === 1 ? 'run' : 'runs'}${on}${takes}; ${bytes(memory.needs)} of ${bytes(memory.free)} free memory. Ctrl+C stops and keeps what is done.`,
  );
}

function secondsOf(
  { arm, arms, finders, judges, judgeShare }: MissingRuns,
  { total, steps, scoring }: { readonly total: number; readonly steps: number; readonly scoring: number },
  rows: number,
): number {
  const start = total - steps;
  const pass = steps / arm.num_train_epochs;
  const finder = start + pass * defaultEpochs + scoring;
  const judge = start + (pass * judgeShare) / rows + scoring;
  return arms * (total + scoring) + finders * finder + judges * judge;
}
