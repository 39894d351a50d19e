import { describe, expect, it } from 'vitest';
import { MarginError } from '../../../src/base/pure/marginError';
import { checkTrainConfig, parseTrainConfig } from '../../../src/run/trainConfig';

const file = '/home/ada/sample.train.json';
const required = '"model_name_or_path": "model", "train_file": "pairs.jsonl"';

function problem(text: string): string {
  try {
    parseTrainConfig(text, file);
  } catch (error) {
    if (error instanceof MarginError && error.code === 'config') return error.message;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

describe('a config with only the required keys', () => {
  const config = parseTrainConfig(`{${required}}`, file);

  it("has TRL 1.16's and PEFT's defaults", () => {
    expect(config).toMatchObject({
      learning_rate: 1e-6,
      beta: 0.1,
      loss_type: ['sigmoid'],
      loss_weights: [1],
      max_length: 1024,
      num_train_epochs: 3,
      max_steps: -1,
      per_device_train_batch_size: 8,
      lr_scheduler_type: 'linear',
      warmup_steps: 0,
      logging_steps: 10,
      save_steps: 500,
      seed: 42,
      adam_beta1: 0.9,
      adam_beta2: 0.999,
      adam_epsilon: 1e-8,
      max_grad_norm: 1,
      weight_decay: 0,
      use_peft: false,
      lora_r: 16,
      lora_alpha: 32,
      lora_dropout: 0.05,
      lora_target_modules: null,
      rank_pattern: {},
      alpha_pattern: {},
      layers_to_transform: null,
    });
  });

  it('resolves relative paths from the folder of the config', () => {
    expect(config).toMatchObject({
      model_name_or_path: '/home/ada/model',
      train_file: '/home/ada/pairs.jsonl',
      output_dir: '/home/ada/.margin/runs',
      eval_file: null,
    });
  });

  it('takes its name from the file', () => {
    expect(config.run_name).toBe('sample');
  });

  it('does not expand ~', () => {
    expect(parseTrainConfig(`{"model_name_or_path": "~/m", "train_file": "x"}`, file).model_name_or_path).toBe(
      '/home/ada/~/m',
    );
  });
});

describe('the message of a bad config', () => {
  const withKey = (text: string): string => `{\n  ${required},\n  ${text}\n}`;
  const cases: readonly (readonly [config: string, ...parts: string[]])[] = [
    ['', `${file}:1:1: `, 'not valid JSON'],
    ['[]', `${file}:1:1: `, 'a config must be an object'],
    [withKey('"beta": }'), `${file}:3:11: `, 'not valid JSON'],
    [`{${required}} x`, 'not valid JSON', `${file}:1:`],
    [withKey('"beta": 1, "beta": 2'), `${file}:3:14: `, 'a second time'],
    [`{"train_file": "x"}`, `${file}:1:1: `, 'model_name_or_path is missing'],
    [`{"model_name_or_path": "x"}`, 'train_file is missing'],
    [withKey('"bta": 1'), `${file}:3:3: `, 'bta is not a known key', 'did you mean beta?'],
    [withKey('"learning-rate": 1'), 'did you mean learning_rate?'],
    [withKey('"Lora_R": 1'), 'did you mean lora_r?'],
    [withKey('"xyzzy": 1'), `${file}:3:3: xyzzy is not a known key`],
    [withKey('"beta": 0'), `${file}:3:11: `, 'beta must be a number above 0, not 0'],
    [withKey('"beta": "0.1"'), 'beta must be a number above 0, not "0.1"'],
    [withKey('"beta": null'), 'beta must be a number above 0, not null'],
    [withKey('"per_device_train_batch_size": 1.5'), 'a whole number at least 1, not 1.5'],
    [withKey('"per_device_train_batch_size": 0'), 'a whole number at least 1, not 0'],
    [withKey('"adam_beta2": 1'), 'adam_beta2 must be a number at least 0 and below 1'],
    [withKey('"max_steps": 0'), `${file}:3:16: `, 'max_steps must be above 0, or -1'],
    [withKey('"warmup_steps": 2.5'), 'warmup_steps must be a whole number, or a fraction below 1'],
    [withKey('"seed": -1'), 'seed must be'],
    [withKey('"max_length": 1'), 'max_length must be a whole number at least 2'],
    [withKey('"use_peft": "yes"'), 'use_peft must be true or false, not "yes"'],
    [
      withKey('"loss_type": "sigmoyd"'),
      'loss_type must be one or a list of sigmoid, hinge',
      'not "sigmoyd"; did you mean "sigmoid"?',
    ],
    [withKey('"loss_type": []'), 'not an empty list'],
    [withKey('"loss_type": ["sigmoid", "alphapo"]'), `${file}:3:16: `, '"alphapo" is not implemented in Margin yet'],
    [
      withKey('"loss_type": "simpo"'),
      `${file}:3:16: `,
      'loss_type "simpo" is for trainer "cpo"; trainer "dpo" has "sigmoid", "hinge"',
    ],
    [
      withKey('"trainer": "cpo", "loss_type": "robust"'),
      'loss_type "robust" is for trainer "dpo"; trainer "cpo" has "sigmoid", "hinge", "ipo", "simpo"',
    ],
    [withKey('"trainer": "cpo", "loss_type": ["sigmoid", "simpo"]'), 'trainer "cpo" takes one loss_type'],
    [
      withKey('"trainer": "kto", "per_device_train_batch_size": 1'),
      'per_device_train_batch_size must be above 1 with loss_type "kto"',
    ],
    [
      withKey('"trainer": "kto", "train_sampling_strategy": "random"'),
      'train_sampling_strategy must be sequential with loss_type "kto"',
    ],
    [withKey('"desirable_weight": 2'), 'desirable_weight is for trainer "kto"; leave it out with trainer "dpo"'],
    [
      withKey('"trainer": "kto", "loss_type": "sigmoid"'),
      'loss_type "sigmoid" is for trainer "dpo", "cpo"; trainer "kto" has "kto", "apo_zero_unpaired"',
    ],
    [withKey('"disable_dropout": false'), 'disable_dropout: false turns lora_dropout on, which needs use_peft: true'],
    [withKey('"disable_dropout": false, "use_peft": true, "lora_dropout": 0'), 'and a lora_dropout above 0'],
    [withKey('"trainer": "kto", "use_marks": true'), 'use_marks applies verdicts about pairs, and trainer "kto" takes'],
    [withKey('"trainer": "cpo", "ref_model": "base"'), 'ref_model chooses the reference, and trainer "cpo" has none'],
    [
      withKey('"ref_model": "base", "sync_ref_model": true'),
      'sync_ref_model needs a reference at the start of the run: leave out ref_model',
    ],
    [
      withKey('"trainer": "orpo", "sync_ref_model": true'),
      'sync_ref_model needs a reference, and trainer "orpo" has none',
    ],
    [withKey('"ref_model_sync_steps": 64'), `${file}:3:27: `, 'ref_model_sync_steps needs sync_ref_model: true'],
    [withKey('"cpo_alpha": 0'), 'cpo_alpha is for trainer "cpo"; leave it out with trainer "dpo"'],
    [withKey('"trainer": "orpo", "ld_alpha": 0.5'), 'ld_alpha is for trainer "dpo"; leave it out with trainer "orpo"'],
    [withKey('"trainer": "orpo", "label_smoothing": 0.1'), 'label_smoothing has no effect on trainer "orpo"'],
    [withKey('"loss_type": ["sigmoid", "aot"], "use_weighting": true'), 'use_weighting cannot weight loss_type "aot"'],
    [withKey('"ld_alpha": 1.5'), 'ld_alpha must be a number at least 0 and at most 1'],
    [withKey('"loss_type": "exo_pair"'), 'label_smoothing must be above 0 with loss_type "exo_pair"'],
    [
      withKey('"loss_type": "hinge", "label_smoothing": 0.1'),
      `${file}:3:44: `,
      'label_smoothing has no effect on trainer "dpo" with loss_type "hinge"',
    ],
    [withKey('"label_smoothing": 0.1'), `${file}:3:22: `, 'for "sigmoid" use cdpo_label_smoothing'],
    [
      withKey('"loss_type": "robust", "label_smoothing": 0.5'),
      'label_smoothing must be a number at least 0 and below 0.5',
    ],
    [
      withKey('"loss_type": "robust", "cdpo_label_smoothing": 0.1'),
      'cdpo_label_smoothing is only for loss_type "sigmoid", not "robust"',
    ],
    [
      withKey('"loss_type": ["sigmoid", "bco_pair"], "f_divergence_type": "forward_kl"'),
      'f_divergence_type "forward_kl" is not defined for loss_type "bco_pair"',
    ],
    [withKey('"trainer": "bco"'), '"bco" is not implemented in Margin yet'],
    [withKey('"loss_type": ["sigmoid", "sft"], "loss_weights": [1]'), 'loss_weights has 1 value, loss_type has 2'],
    [withKey('"eval_file": "e.jsonl", "test_split_size": 0.1'), `${file}:3:46: `, 'leave out one of the two'],
    [
      withKey('"eval_steps": 50'),
      `${file}:3:17: `,
      'eval_steps needs rows that are held out for evaluation: name an eval_file, or hold out a part of train_file with test_split_size',
    ],
    [withKey('"per_device_eval_batch_size": 4'), 'per_device_eval_batch_size needs rows that are held out'],
    [
      withKey('"early_stopping_patience": 3, "eval_steps": 50'),
      `${file}:3:30: early_stopping_patience needs rows that are held out`,
    ],
    [
      withKey('"test_split_size": 0.1, "load_best_model_at_end": true'),
      `${file}:3:53: load_best_model_at_end compares evaluations during the run: set eval_steps, such as 50`,
    ],
    [
      withKey('"eval_file": "e.jsonl", "early_stopping_patience": 3'),
      'early_stopping_patience compares evaluations during the run: set eval_steps',
    ],
    [
      withKey('"eval_file": "e.jsonl", "metric_for_best_model": "loss"'),
      'metric_for_best_model compares evaluations during the run: set eval_steps',
    ],
    [
      withKey('"eval_file": "e.jsonl", "eval_steps": 5, "greater_is_better": true'),
      'greater_is_better has no effect if no key needs the best evaluation: set metric_for_best_model',
    ],
    [
      withKey('"eval_file": "e.jsonl", "eval_steps": 5, "early_stopping_threshold": 0.1'),
      'early_stopping_threshold needs early_stopping_patience',
    ],
    [
      withKey('"eval_strategy": "steps"'),
      'eval_strategy is not implemented in Margin yet: leave it out (eval_file or test_split_size turns evaluation on, eval_steps says when)',
    ],
    [withKey('"test_split_size": 1'), 'test_split_size must be a number at least 0 and below 1'],
    [withKey('"dtype": "bf16"'), 'dtype must be one of auto, float32, float16, bfloat16, not "bf16"'],
    [withKey('"dtype": "bfloat16"'), `${file}:3:12: `, 'dtype "bfloat16" is for frozen weights'],
    [
      withKey('"use_peft": true, "device": "webgpu", "dtype": "bfloat16"'),
      'dtype "bfloat16" is not for device "webgpu"',
      'leave it out',
    ],
    [withKey('"torch_dtype": "bfloat16"'), 'torch_dtype is not implemented', 'use dtype'],
    [withKey('"adapter_name_or_path": "a"'), 'adapter_name_or_path needs use_peft: true'],
    [
      withKey('"lora_target_modules": ["q_proj", ".*up_proj"]'),
      'lora_target_modules takes only module names in a list; give the pattern ".*up_proj" as a string',
    ],
    [withKey('"lora_target_modules": "(q_proj"'), '"(q_proj" is not a valid regular expression'],
    [
      withKey('"rank_pattern": {"v_proj": 0}'),
      'rank_pattern must be an object that gives each pattern a whole number at least 1',
    ],
    [withKey('"alpha_pattern": {"(": 1}'), '"(" is not a valid regular expression'],
    [withKey('"alpha_pattern": [1]'), 'alpha_pattern must be an object'],
    [
      withKey('"layers_to_transform": [0, 1.5]'),
      'layers_to_transform must be a list, each item a whole number at least 0',
    ],
    [
      withKey('"train_file": 3').replace('"train_file": "pairs.jsonl",', '"eval_file": null,'),
      'train_file must be a path, not 3',
    ],
    [withKey('"padding_free": true'), `${file}:3:3: `, 'padding_free is not implemented in Margin yet: leave it out'],
    [withKey('"warmup_ratio": 0.1'), 'warmup_ratio is not implemented', 'use warmup_steps with a fraction below 1'],
  ];

  it.each(cases)('%j', (config, ...parts) => {
    const message = problem(config);
    for (const part of parts) expect(message).toContain(part);
  });

  it('reports every problem at once, each with its position', () => {
    const { config, problems } = checkTrainConfig(withKey('"beta": -1,\n  "bogus": 1'), file);
    expect(config).toBeNull();
    expect(problems.map(({ field, line, column }) => [field, line, column])).toEqual([
      ['beta', 3, 11],
      ['bogus', 4, 3],
    ]);
  });

  it('counts columns as VS Code does after a byte order mark and \\r\\n', () => {
    expect(problem(`\ufeff{\r\n${required},\r\n"é😀": 1, "beta": 0}`)).toContain(`${file}:3:19: beta`);
    expect(problem(`\ufeff{"beta": 0, ${required}}`)).toContain(`${file}:1:10: beta`);
  });
});
