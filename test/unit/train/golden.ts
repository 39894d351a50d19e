import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseTrainConfig } from '../../../src/run/trainConfig';
import type { TrainConfig } from '../../../src/run/types';

export const goldenFolder = '../shared/golden/trl-1.16';
export const goldenModel = '../shared/models/stories260K-hf';

export interface GoldenRun {
  /** TRL's class: `DPOTrainer`. */
  readonly trainer: string;
  readonly full: boolean;
  readonly config: Readonly<Record<string, unknown>>;
  readonly log: readonly Readonly<Record<string, number>>[];
}

export function readGolden(name: string): GoldenRun {
  return JSON.parse(readFileSync(`${goldenFolder}/${name}.json`, 'utf8')) as GoldenRun;
}

/** A run's config: the defaults of the golden folder's README, overridden by the run's own config. */
export function goldenConfig({ trainer, full, config: { steps, order, ...own } }: GoldenRun): TrainConfig {
  return readConfig({
    trainer: trainer.replace('Trainer', '').toLowerCase(),
    adapter_name_or_path: full ? null : `${goldenFolder}/init`,
    train_file: `${goldenFolder}/${trainer === 'KTOTrainer' ? 'unpaired' : 'pairs'}.jsonl`,
    max_steps: steps,
    train_sampling_strategy: order,
    use_peft: !full,
    lora_r: 4,
    lora_alpha: 8,
    lora_dropout: 0,
    lora_target_modules: 'all-linear',
    logging_steps: 1,
    save_steps: 0,
    ...own,
  });
}

/** A config of the golden model, as if read from a `*.train.json` in the project's folder. */
export function readConfig(keys: Readonly<Record<string, unknown>>): TrainConfig {
  return parseTrainConfig(JSON.stringify({ model_name_or_path: goldenModel, ...keys }), resolve('golden.train.json'));
}
