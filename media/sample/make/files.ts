import { trainBpe } from './bpe';
import { bpeSize, modelTextFiles } from './modelFiles';
import { samplePairs } from './pairs';

const trainConfig = {
  model_name_or_path: 'model',
  train_file: 'prefs.jsonl',
  eval_file: 'heldout.jsonl',
  loss_type: 'sigmoid',
  beta: 0.1,
  use_peft: true,
  lora_r: 8,
  lora_alpha: 16,
  lora_target_modules: 'all-linear',
  learning_rate: 1e-3,
  per_device_train_batch_size: 8,
  num_train_epochs: 1,
  logging_steps: 1,
};

/** Every text file of the sample, by its path in media/sample: a function of the seed and the corpus. */
export function sampleFiles(seed: number, texts: readonly string[]): Record<string, string> {
  const { train, heldOut, planted } = samplePairs(seed);
  const lines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  // Special tokens are split off before words are, so the merges never see them.
  const words = texts.map((text) => text.replaceAll(/<\|im_(start|end)\|>/g, ''));
  const model = modelTextFiles(trainBpe(words, bpeSize));
  return {
    'prefs.jsonl': lines(train),
    'heldout.jsonl': lines(heldOut),
    'planted.json': `${JSON.stringify(planted, null, 1)}\n`,
    'sample.train.json': `${JSON.stringify(trainConfig, null, 2)}\n`,
    ...Object.fromEntries(Object.entries(model).map(([name, text]) => [`model/${name}`, text])),
  };
}
