import { MarginError } from '../../base/pure/marginError';
import type { TokenizedPair } from '../../engine/types';
import type { Reading } from '../../pairs/reading';
import { loadPairs } from '../../reward/loadPairs';
import { indexRange } from '../../reward/rowStore';
import { draftAnswers } from '../../rounds/draftAnswers';
import { uniquePrompts } from '../../rounds/choosePrompts';
import type { Judge } from '../../rounds/judges/judge';
import type { LocalModel } from '../../rounds/localModel';
import { heldOutAccuracy, winRate } from '../../rounds/measurePolicy';
import { readAllEvents } from '../../run/events';
import { readDrafts } from '../../run/rounds/lines';
import { roundPaths } from '../../run/rounds/paths';
import type {
  Draft,
  DraftSettings,
  GuardMeasure,
  RoundMeasures,
  RoundPolicy,
  RoundsRecord,
} from '../../run/rounds/types';
import { openPolicy } from './policy';
import { promptsOfFile } from './prompts';
import type { RoundProgress } from './roundProgress';

/** Measuring a policy after a round; round 0 is the base. */
export interface MeasureStep {
  readonly folder: string;
  readonly record: RoundsRecord;
  readonly round: number;
  readonly policy: RoundPolicy;
  /** The run of the round; null for the base. */
  readonly run: string | null;
  /** How answers to held-out prompts are drawn: as the drafts of the first round. */
  readonly settings: DraftSettings;
  /** Who compares answers; null: nobody, so there is no win rate. */
  readonly judge: Judge | null;
  /** The most held-out prompts that are answered. */
  readonly prompts: number;
  readonly reading: Reading;
  readonly signal: AbortSignal;
  readonly progress: RoundProgress;
}

/** Answers that are made at once. */
const batchSize = 16;
/** The seed of answers to held-out prompts. All policies have the same one, so luck differs less. */
const answerSeed = 0;

/**
 * Measures a policy: held-out accuracy, answers to held-out prompts against those of the policy before and of the base,
 * and the guard of its run. Answers are kept, so each policy answers once.
 *
 * @throws MarginError `interrupted`; those of the model and the files
 */
export async function measureStep(step: MeasureStep): Promise<RoundMeasures> {
  const { record, round, policy, judge, folder, run } = step;
  const guard = run === null ? null : await guardOf(run);
  if (record.held_out === null) return { heldOut: null, winRate: null, winRateBase: null, guard };
  const model = await openPolicy(policy, record.base, 1);
  try {
    const heldOut = await accuracyOf(model, record.held_out, step);
    if (judge === null) return { heldOut, winRate: null, winRateBase: null, guard };
    const own = await heldOutAnswers(model, record.held_out, step);
    const against = async (other: number): Promise<RoundMeasures['winRate']> =>
      winRate(judge, own, await answersOf(folder, other), step.signal);
    if (round === 0) return { heldOut, winRate: null, winRateBase: null, guard };
    return { heldOut, winRate: await against(round - 1), winRateBase: await against(0), guard };
  } finally {
    await model.release();
  }
}

const answersOf = async (folder: string, round: number): Promise<readonly Draft[]> =>
  (await readDrafts(roundPaths.heldOut(folder, round))).lines;

async function accuracyOf(
  model: LocalModel,
  file: string,
  { round, reading, signal, progress }: MeasureStep,
): Promise<RoundMeasures['heldOut']> {
  const { tokenizer, policy } = model.found;
  const { rows } = await loadPairs(file, tokenizer, { reading, maxLength: policy.checkpoint.model.maxPositions });
  try {
    const pairs: TokenizedPair[] = (await rows.read(indexRange(0, rows.count))).map(({ pair }) => pair);
    return await heldOutAccuracy({
      pairs,
      policy: model.policy,
      signal,
      onProgress: (done, total) => progress.update(`round ${round}, held-out pairs`, done, total),
    });
  } finally {
    await rows.close();
  }
}

async function heldOutAnswers(model: LocalModel, file: string, step: MeasureStep): Promise<readonly Draft[]> {
  const { folder, round, settings, policy, reading, signal, progress } = step;
  const read = await promptsOfFile(file, reading, null);
  const prompts = uniquePrompts(read.prompts, new Set()).prompts.slice(0, step.prompts);
  if (prompts.length === 0) throw new MarginError('no-prompts', `${file} has no prompt to answer.`, { file });
  return draftAnswers({
    path: roundPaths.heldOut(folder, round),
    prompts,
    settings: { ...settings, k: 1, seed: answerSeed },
    policy,
    source: model,
    valuer: null,
    batchSize,
    signal,
    onProgress: (done, total) => progress.update(`round ${round}, answers to held-out prompts`, done, total),
  });
}

/** The loss on the guard's text before the first step and after the last; null without a guard. */
async function guardOf(run: string): Promise<GuardMeasure | null> {
  const values = (await readAllEvents(run)).flatMap((event) => {
    const value = event.kind === 'eval' ? event.metrics['eval_guard_loss'] : undefined;
    return value !== undefined && Number.isFinite(value) ? [value] : [];
  });
  const [before, after] = [values[0], values.at(-1)];
  return before === undefined || after === undefined ? null : { before, after };
}
