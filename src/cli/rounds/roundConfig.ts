import { join, resolve } from 'node:path';
import { writeJson } from '../../base/node/jsonFile';
import { MarginError } from '../../base/pure/marginError';
import { readRunConfig } from '../../run/folder';
import { roundPaths } from '../../run/rounds/paths';
import type { RoundPolicy, RoundRecord, RoundReference, RoundsRecord } from '../../run/rounds/types';
import { parseTrainConfig, readTrainConfig } from '../../run/trainConfig';
import type { TrainConfig } from '../../run/types';
import { type Arguments, number, text } from '../args';
import { checkpointFolder, runPolicy } from './policy';

/** Above the usual rate for LoRA: a round has few pairs, and one pass over them must show. */
const defaultRate = 2e-4;

export const trainOptions = {
  config: 'value',
  learning_rate: 'value',
  epochs: 'value',
  output_dir: 'value',
  beta: 'value',
} as const;

/**
 * The model that a round trains on: that of the last trained round, else that with which the rounds began. An endpoint
 * may draft, but nothing trains there.
 */
export async function startOf(record: RoundsRecord, { round, policy }: RoundRecord): Promise<RoundPolicy> {
  const before = record.rounds.findLast((one) => one.round < round && one.run !== null);
  if (before?.run) return (await runPolicy(before.run, null)).policy;
  return policy.model.startsWith('http') ? { model: record.base, checkpoint: null } : policy;
}

/** What the run of a round starts from, and on what it trains. */
export interface RoundTraining {
  readonly folder: string;
  readonly record: RoundsRecord;
  readonly round: RoundRecord;
  readonly start: RoundPolicy;
  readonly reference: RoundReference;
  readonly train: string;
}

/**
 * The config of a round's run: LoRA on all linear layers from the policy that drafted, or the keys of `--config`. It is
 * written beside the pairs, as round.train.json.
 *
 * @throws MarginError `not-lora`; those of a config
 */
export async function roundConfig(
  { folder, record, round, start, reference, train }: RoundTraining,
  args: Arguments,
  cwd: string,
): Promise<TrainConfig> {
  const adapter = checkpointFolder(start);
  if (adapter !== null && !(await readRunConfig(start.model)).config.use_peft)
    throw new MarginError(
      'not-lora',
      `${start.model} trained all weights, and rounds train LoRA adapters. Export it as a merged model, and begin rounds with that.`,
      { run: start.model },
    );
  const own = {
    model_name_or_path: record.base,
    adapter_name_or_path: adapter,
    train_file: train,
    // The guard is measured at evaluations.
    eval_file: record.guard_file === null ? null : record.held_out,
    test_split_size: 0,
    guard_file: record.guard_file,
    use_marks: false,
    use_peft: true,
    ref_model: reference === 'previous' ? 'start' : 'base',
    run_name: `${record.name}-round-${round.round}`,
    output_dir: resolve(cwd, text(args, 'output_dir') ?? join('.margin', 'runs')),
    ...chosenKeys(args),
  };
  const path = join(roundPaths.round(folder, round.round), 'round.train.json');
  const given = text(args, 'config');
  const source = given === null ? null : resolve(cwd, given);
  const config =
    source === null
      ? parseTrainConfig(JSON.stringify({ ...defaults, ...own }), path)
      : parseTrainConfig(await readTrainConfig(source), source, new Map(Object.entries(own)));
  await writeJson(path, source === null ? { ...defaults, ...own } : config);
  return config;
}

const defaults = {
  lora_r: 8,
  lora_alpha: 16,
  lora_target_modules: 'all-linear',
  learning_rate: defaultRate,
  warmup_steps: 0.1,
  per_device_train_batch_size: 8,
  num_train_epochs: 2,
} as const;

/** The keys that options of the command name. */
function chosenKeys(args: Arguments): Partial<Pick<TrainConfig, 'learning_rate' | 'num_train_epochs' | 'beta'>> {
  const has = (name: string): boolean => text(args, name) !== null;
  return {
    ...(has('learning_rate')
      ? { learning_rate: number(args, 'learning_rate', defaultRate, { min: Number.MIN_VALUE }) }
      : {}),
    ...(has('epochs') ? { num_train_epochs: number(args, 'epochs', 1, { min: Number.MIN_VALUE }) } : {}),
    ...(has('beta') ? { beta: number(args, 'beta', 0.1, { min: Number.MIN_VALUE }) } : {}),
  };
}
