import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runPaths } from '../../src/run/folder';
import { Program } from '../unit/cli/program';
import { temporaryFolder } from '../unit/run/temporaryFolder';
import { expectSameLogps } from './logprobs';
import { hasPeer, peer, sampleModel } from './peer';

const program = new Program();
const steps = 3;
const file = resolve('test/peer/conversations.jsonl');

/** Trains at the command line. @returns the folder of the adapter */
async function train(model: string): Promise<string> {
  const folder = await temporaryFolder();
  const config = join(folder, 'some.train.json');
  const keys = {
    model_name_or_path: model,
    train_file: file,
    max_steps: steps,
    per_device_train_batch_size: 2,
    learning_rate: 1e-3,
    use_peft: true,
    lora_r: 4,
    lora_target_modules: 'all-linear',
    output_dir: folder,
  };
  await writeFile(config, JSON.stringify(keys));
  const { code, err, json } = await program.run(['train', config, '--json']);
  expect(code, err).toBe(0);
  return runPaths.checkpoint(String(json().at(-1)?.run), steps);
}

describe.skipIf(!hasPeer)('an adapter that Margin trained, loaded by peft', () => {
  const models = [
    ['the sample’s model', () => sampleModel],
    ['SmolLM2-135M stored in bfloat16', () => peer().smollm2.bf16],
  ] as const;

  it.each(models)('%s: the log-probs are the same, and differ from those without the adapter', async (_, folder) => {
    const model = resolve(folder());
    const adapter = await train(model);
    const { code, err, json } = await program.run([
      'score',
      file,
      '--model',
      model,
      '--adapter',
      adapter,
      '--per_token',
      '--json',
    ]);
    expect(code, err).toBe(0);
    expect(json().every(({ margin }) => margin !== 0)).toBe(true);
    await expectSameLogps(json(), { model, adapter, file });
  });
});
