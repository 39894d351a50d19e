import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseTrainConfig } from '../../../src/run/trainConfig';
import type { TrainConfig } from '../../../src/run/types';
import { temporaryFolder } from '../run/temporaryFolder';

export const sampleFolder = resolve('media', 'sample');

/** A small LoRA run on the first `rows` pairs of the sample, so that a plain clone can train. */
export async function sampleRun(change: Partial<TrainConfig> = {}, rows = 16): Promise<TrainConfig> {
  const folder = await temporaryFolder();
  const lines = readFileSync(join(sampleFolder, 'prefs.jsonl'), 'utf8').split('\n').slice(0, rows);
  await writeFile(join(folder, 'pairs.jsonl'), `${lines.join('\n')}\n`);
  const base = {
    model_name_or_path: join(sampleFolder, 'model'),
    train_file: 'pairs.jsonl',
    use_peft: true,
    lora_r: 4,
    lora_target_modules: 'all-linear',
    learning_rate: 1e-3,
    per_device_train_batch_size: 4,
    logging_steps: 1,
  };
  return { ...parseTrainConfig(JSON.stringify(base), join(folder, 'a.train.json')), ...change };
}

/** Writes each pair of a file as two judged answers, for KTO. @param keep which of them, by label */
export async function judgedSample(pairsFile: string, keep: (label: boolean) => boolean = () => true): Promise<string> {
  const file = join(dirname(pairsFile), 'judged.jsonl');
  const rows = readFileSync(pairsFile, 'utf8')
    .trim()
    .split('\n')
    .flatMap((line) => {
      const { prompt, chosen, rejected } = JSON.parse(line) as Record<string, unknown>;
      return [
        { prompt, completion: chosen, label: true },
        { prompt, completion: rejected, label: false },
      ].filter(({ label }) => keep(label));
    });
  await writeFile(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  return file;
}
