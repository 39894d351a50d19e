import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectAll } from '../../../src/pairs/reading';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { openTokenizer } from '../../../src/model/tokenizer';
import { loadPairs } from '../../../src/reward/loadPairs';
import { parseTrainConfig } from '../../../src/run/trainConfig';
import { evaluate, openMeasuredPolicy } from '../../../src/train/evaluate';
import { Trainer } from '../../../src/train/trainer';
import { part } from '../reward/rows';

const sample = join('media', 'sample');

describe('an evaluation', () => {
  it.each([
    ['an adapter', true],
    ['all weights', false],
  ])('of %s has the metrics of a training step on the same pairs, to the last bit', async (_, peft) => {
    const text = JSON.stringify({
      model_name_or_path: 'model',
      train_file: 'heldout.jsonl',
      use_peft: peft,
      lora_r: 4,
      lora_target_modules: 'all-linear',
      learning_rate: 1e-3,
      per_device_train_batch_size: 4,
      train_sampling_strategy: 'sequential',
      loss_type: ['sigmoid', 'sft'],
      per_token_metrics: true,
    });
    const config = {
      ...parseTrainConfig(text, join(process.cwd(), sample, 'a.train.json')),
      per_device_eval_batch_size: 4,
    };
    const checkpoint = await openCheckpoint(config.model_name_or_path);
    const tokenizer = await openTokenizer(config.model_name_or_path, checkpoint.model.vocabSize);
    const { rows } = await loadPairs(config.train_file, tokenizer, { reading: detectAll, maxLength: 512 });
    const trainer = await Trainer.open(config, checkpoint, rows);
    await trainer.step();
    const policy = openMeasuredPolicy(trainer);
    const second = await evaluate(trainer, part(rows, 4, 8), policy);
    const both = await evaluate(trainer, part(rows, 4, 9), policy);
    const short = await evaluate(trainer, part(rows, 8, 9), policy);
    const { grad_norm, learning_rate, num_tokens, epoch, ...step } = await trainer.step();
    expect(Object.keys(step)).toEqual(expect.arrayContaining(['entropy', 'rewards/margins_per_token']));
    for (const [name, value] of Object.entries(step)) expect(second[`eval_${name}`], name).toBe(value);
    expect([grad_norm, learning_rate, num_tokens, epoch].every(Number.isFinite)).toBe(true);
    const mean = (name: string, weight: number): number =>
      (second[name] ?? NaN) * weight + (short[name] ?? NaN) * (1 - weight);
    expect(both.eval_loss).toBeCloseTo(mean('eval_loss', 4 / 5), 6);
    for (const name of ['eval_entropy', 'eval_logps/rejected', 'eval_mean_token_accuracy'])
      expect(both[name], name).toBeCloseTo(mean(name, 1 / 2), 5);
    await Promise.all([policy.release(), trainer.release(), rows.close()]);
  });
});
