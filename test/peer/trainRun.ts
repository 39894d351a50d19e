import { join, resolve } from 'node:path';
import { resolveRun } from '../../src/run/resolve';
import { parseTrainConfig } from '../../src/run/trainConfig';
import { onlySteps, runFolder, train } from '../unit/train/runs';

export const conversations = resolve('test/peer/conversations.jsonl');
export const trainedSteps = 3;

/**
 * Trains an adapter in this process. It draws no samples and scores no pairs, which would take longer than the steps.
 *
 * @param keys the keys of the config besides the common ones
 * @returns the run folder
 */
export async function trainRun(model: string, keys: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const common = {
    model_name_or_path: model,
    train_file: conversations,
    max_steps: trainedSteps,
    per_device_train_batch_size: 2,
    learning_rate: 1e-3,
    use_peft: true,
    lora_r: 4,
    lora_target_modules: 'all-linear',
  };
  const config = parseTrainConfig(JSON.stringify({ ...common, ...keys }), join(model, 'some.train.json'));
  const folder = await runFolder(config, await resolveRun(config, {}));
  await train(folder, onlySteps);
  return folder;
}
