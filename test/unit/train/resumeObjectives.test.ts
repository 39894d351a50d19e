import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { objectiveTexts } from '../../../src/run/objectives';
import { parseTrainConfig } from '../../../src/run/trainConfig';
import type { TrainConfig } from '../../../src/run/types';
import { temporaryFolder } from '../run/temporaryFolder';
import { copyAfter, outcome, runFolder, train } from './runs';
import { judgedSample, sampleRun } from './sampleRun';

const steps = 4;

type Keys = Readonly<Record<string, unknown>>;

/** Keys that some objectives require. */
const needs: Readonly<Record<string, Keys>> = { exo_pair: { label_smoothing: 1e-3 }, robust: { label_smoothing: 0.1 } };

/** Every objective under each of its trainers. */
const plain = objectiveTexts.flatMap(({ name, trainers }) =>
  trainers.map((trainer): Keys => ({ trainer, loss_type: name, ...needs[name] })),
);

/** Other keys that change the loss, or the reference that it is computed with. */
const variants: readonly Keys[] = [
  { loss_type: ['sigmoid', 'bco_pair', 'sft'], loss_weights: [0.8, 0.2, 1] },
  { f_divergence_type: 'js_divergence' },
  { f_divergence_type: 'alpha_divergence' },
  { ld_alpha: 0.5 },
  { train_sampling_strategy: 'group_by_length' },
  { use_weighting: true },
  { cdpo_label_smoothing: 0.1 },
  { trainer: 'cpo', loss_type: 'simpo', cpo_alpha: 0 },
  { trainer: 'kto', undesirable_weight: 1.5 },
  { trainer: 'kto', sync_ref_model: true, ref_model_sync_steps: 2 },
  { loss_type: 'aot', sync_ref_model: true, ref_model_sync_steps: 2 },
  {
    per_token_metrics: true,
    disable_dropout: false,
    lora_dropout: 0.1,
    test_split_size: 0.4,
    eval_steps: 2,
    loss_type: ['ipo', 'sft'],
  },
];

/**
 * The last step of an epoch has fewer rows, a step has two micro-batches, and a point of the curves covers steps before
 * and after the kill.
 */
async function configOf(keys: Keys, isWeighted = false): Promise<TrainConfig> {
  const { train_file: pairs, model_name_or_path: model } = await sampleRun({}, 7);
  if (isWeighted) await weigh(pairs);
  const file = keys.trainer === 'kto' ? await judgedSample(pairs) : pairs;
  const adapter = {
    use_peft: true,
    lora_r: 2,
    lora_target_modules: ['q_proj', 'v_proj'],
    learning_rate: 1e-2,
    weight_decay: 0.01,
  };
  const pace = {
    max_steps: steps,
    save_steps: 2,
    logging_steps: 3,
    per_device_train_batch_size: 2,
    gradient_accumulation_steps: 2,
    warmup_steps: 2,
  };
  return parseTrainConfig(
    JSON.stringify({ model_name_or_path: model, train_file: file, ...adapter, ...pace, ...keys }),
    `${pairs}.train.json`,
  );
}

async function weigh(file: string): Promise<void> {
  const rows = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line, i) => ({ ...(JSON.parse(line) as object), weight: 0.5 + i }));
  await writeFile(file, rows.map((row) => JSON.stringify(row)).join('\n'));
}

async function expectSameEnd(config: TrainConfig, samples = false): Promise<void> {
  const [whole, killed] = [await runFolder(config), await temporaryFolder()];
  await train(whole, { samples, stopping: copyAfter(3, whole, killed) });
  await train(killed, { samples, resume: true });
  expect(await outcome(killed, steps)).toEqual(await outcome(whole, steps));
}

describe('a run that is killed a step after its checkpoint and resumed has the bytes and events of the uninterrupted one, with', () => {
  it.each([...plain, ...variants].map((keys) => [JSON.stringify(keys), keys] as const))('%s', async (_, keys) =>
    expectSameEnd(await configOf(keys)),
  );

  it('rows that have weights of their own, and samples', async () => expectSameEnd(await configOf({}, true), true));
});
