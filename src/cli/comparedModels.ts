import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../base/node/cacheFolder';
import { readLines } from '../base/node/readLines';
import { MarginError } from '../base/pure/marginError';
import { openScoreSession } from '../engine/scoreSession';
import { withWeightCheck } from '../model/finite';
import { locateModel } from '../model/locate';
import { keyNumber } from '../pairs/keyNumber';
import type { Reading } from '../pairs/reading';
import type { ValueMeasure } from '../pairs/comparison/valueMeasure';
import { answerValue } from '../reward/answerValue';
import { scorePairs } from '../reward/scorePairs';
import { maxRewardLine, rewardIn } from '../run/rewardLine';
import type { DeviceName, PairReward } from '../run/types';
import { openModel, type OpenModel } from '../engine/openModel';
import type { Output } from './output';
import { Progress } from './progress';
import { loadScoredRows, openReference } from './scoring';

/** How a model values the two answers of a pair. It prefers the chosen one if its value is higher. */
export interface AnswerValues {
  readonly chosen: number;
  readonly rejected: number;
}

/** The values that a model gives the answers of each pair, by the `keyNumber` of the pair's key. */
export type PairValues = ReadonlyMap<number, AnswerValues>;

export interface ScoreSettings {
  readonly reading: Reading;
  readonly measure: ValueMeasure;
  /** The folder of the base of adapters; null: the one that they name. */
  readonly base: string | null;
  /** The folder of the reference; null: each adapter has its base. */
  readonly reference: string | null;
  readonly beta: number;
  readonly maxLength: number | null;
  readonly batchSize: number;
  readonly device: DeviceName;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/**
 * The values in a file of rewards.
 *
 * @throws MarginError `corrupt` with file and line; `no-token-logps`
 */
export async function readValues(file: string, measure: ValueMeasure): Promise<PairValues> {
  const values = new Map<number, AnswerValues>();
  for await (const { number, text } of readLines(file, maxRewardLine)) {
    if (text === '') continue;
    const reward = rewardIn(text, `${file}:${number}`);
    if (reward.label === undefined) values.set(keyNumber(reward.key), valuesOf(reward, measure));
  }
  return values;
}

/**
 * Scores all pairs of a file with one model.
 *
 * @param name of the model, for the progress
 * @throws MarginError `interrupted`; `vocabulary-mismatch`; those of opening and scoring
 */
export async function scoreValues(
  file: string,
  path: string,
  name: string,
  settings: ScoreSettings,
): Promise<PairValues> {
  const { reading, measure, maxLength, output, signal } = settings;
  const model = await openCompared(path, settings);
  const other = measure === 'reward' ? await openReference(settings.reference, model) : null;
  const loaded = await loadScoredRows(file, reading, maxLength, model, output);
  const policy = await openScoreSession(model);
  // Without a reference each batch runs once.
  const reference = other === null ? policy : await openScoreSession(other);
  const progress = new Progress(output);
  const values = new Map<number, AnswerValues>();
  const options = { beta: settings.beta, batchSize: settings.batchSize, perToken: measure === 'norm', signal };
  try {
    const checkpoints = [model.checkpoint, ...(other ? [other.checkpoint] : [])];
    await withWeightCheck(checkpoints, async () => {
      let scored = 0;
      for await (const reward of scorePairs(loaded.rows, policy, reference, options)) {
        if (reward.label === undefined) values.set(keyNumber(reward.key), valuesOf(reward, measure));
        progress.update(`${name}: ${++scored}/${loaded.rows.count} rows`);
      }
    });
    if (signal.aborted) throw new MarginError('interrupted', `Stopped while ${name} scored the pairs.`);
    return values;
  } finally {
    progress.end();
    const sessions = [...new Set([policy, reference])].map((session) => session.release());
    await Promise.all([...sessions, loaded.rows.close()]);
  }
}

/** Whether a path names an adapter, which has a reference of its own. */
export async function isAdapter(path: string, base: string | null): Promise<boolean> {
  // The base that the adapter names may be missing.
  if (base !== null) return hasAdapterConfig(path);
  return (await locateModel(path, join(cacheFolder(), 'models'))).adapter !== null;
}

async function openCompared(path: string, { base, device }: ScoreSettings): Promise<OpenModel> {
  return base !== null && (await hasAdapterConfig(path))
    ? openModel(base, path, device)
    : openModel(path, null, device);
}

const hasAdapterConfig = (path: string): Promise<boolean> =>
  access(join(path, 'adapter_config.json')).then(
    () => true,
    () => false,
  );

function valuesOf({ chosen, rejected }: PairReward, measure: ValueMeasure): AnswerValues {
  return { chosen: answerValue(chosen, measure), rejected: answerValue(rejected, measure) };
}
