import { resolve } from 'node:path';
import type { Condition } from '../pairs/query/condition';
import { fieldsOf } from '../pairs/query/queryPlan';
import { isTokenField } from '../pairs/tokens/rowTokens';
import { parseTrainConfig, readTrainConfig } from '../run/trainConfig';
import type { TrainConfig } from '../run/types';
import { TrainerEyes } from '../train/tokens/trainerEyes';
import { type Arguments, text, UsageError } from './args';
import type { Surroundings } from './command';
import type { QueryOptions } from './queryRows';

/** Options that say how rows are read, as a config does. */
const ofReading = ['columns', 'data_format', 'pair_rule', 'pair_gap', 'pair_ties'];

/**
 * The config of `--config`, with the file as its `train_file`; null without the option.
 *
 * @throws UsageError together with an option that says how rows are read; MarginError of a config that cannot be read
 */
export async function configOption(args: Arguments, file: string, { cwd }: Surroundings): Promise<TrainConfig | null> {
  const given = text(args, 'config');
  if (given === null) return null;
  const other = ofReading.find((name) => args.options.has(name));
  if (other !== undefined) throw new UsageError(`--config says how the rows are read: leave out --${other}`);
  const path = resolve(cwd, given);
  return { ...parseTrainConfig(await readTrainConfig(path), path), train_file: file };
}

/**
 * Computes the tokens that the trainer of a config makes of rows, if a query needs them; else null. @param more other
 * fields
 */
export async function tokensFor(
  condition: Condition,
  more: readonly string[],
  config: TrainConfig | null,
): Promise<QueryOptions['tokens']> {
  if (config === null || ![...fieldsOf(condition), ...more].some(isTokenField)) return null;
  const eyes = await TrainerEyes.open(config);
  return (texts) => eyes.rowTokens(texts);
}
