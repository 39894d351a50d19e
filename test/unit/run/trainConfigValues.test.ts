import { describe, expect, it } from 'vitest';
import { keys } from '../../../src/run/keys/keys';
import { refusedKeys, refusedValues } from '../../../src/run/refusedKeys';
import { checkTrainConfig, parseTrainConfig } from '../../../src/run/trainConfig';

const file = '/home/ada/sample.train.json';
const required = '"model_name_or_path": "model", "train_file": "pairs.jsonl"';

describe('values', () => {
  const read = (text: string): unknown => parseTrainConfig(`{${required}, ${text}}`, file);

  it('turns a single item into a list, and gives each loss the weight 1', () => {
    expect(read('"loss_type": "ipo"')).toMatchObject({ loss_type: ['ipo'], loss_weights: [1] });
    expect(read('"loss_type": ["sigmoid", "sft"]')).toMatchObject({ loss_weights: [1, 1] });
  });

  it('reads ["all-linear"] as all-linear, as TRL does', () => {
    expect(read('"lora_target_modules": ["all-linear"]')).toMatchObject({ lora_target_modules: 'all-linear' });
    expect(read('"lora_target_modules": ["q_proj", "v_proj"]')).toMatchObject({
      lora_target_modules: ['q_proj', 'v_proj'],
    });
    expect(read('"lora_target_modules": ".*[qv]_proj"')).toMatchObject({ lora_target_modules: '.*[qv]_proj' });
    expect(read('"rank_pattern": {"v_proj": 8}, "layers_to_transform": 3')).toMatchObject({
      rank_pattern: { v_proj: 8 },
      layers_to_transform: [3],
    });
  });

  it('accepts evaluation, a best model and early stopping', () => {
    const asked = {
      eval_steps: 5,
      metric_for_best_model: 'rewards/accuracies',
      load_best_model_at_end: true,
      early_stopping_patience: 3,
      early_stopping_threshold: 0.01,
    };
    expect(read(`"test_split_size": 0.1, ${JSON.stringify(asked).slice(1, -1)}`)).toMatchObject(asked);
  });

  it('uses the defaults of the trainer', () => {
    expect(read('"trainer": "orpo"')).toMatchObject({ loss_type: ['orpo'], loss_weights: [1] });
    expect(read('"trainer": "kto"')).toMatchObject({ loss_type: ['kto'], train_sampling_strategy: 'sequential' });
    expect(read('"trainer": "cpo"')).toMatchObject({ loss_type: ['sigmoid'], cpo_alpha: 1 });
  });

  it('ignores only $schema', () => {
    expect(read('"$schema": "./train.schema.json"')).not.toHaveProperty('$schema');
  });

  it('prefers an override, even to a wrong value in the file', () => {
    const config = parseTrainConfig(`{${required}, "beta": 0}`, file, new Map([['beta', 0.2]]));
    expect(config.beta).toBe(0.2);
  });

  it('reports an override without a line', () => {
    expect(checkTrainConfig(`{${required}}`, file, new Map([['beta', 'x']])).problems).toEqual([
      { field: 'beta', line: null, column: null, message: 'beta must be a number above 0, not "x"' },
    ]);
  });
});

describe('the table of keys', () => {
  it('accepts its own defaults', () => {
    const given = Object.fromEntries(
      keys.filter((key) => key.default !== undefined).map((key) => [key.name, key.default]),
    );
    const all = JSON.stringify({ ...given, model_name_or_path: 'model', train_file: 'pairs.jsonl' });
    expect(parseTrainConfig(all, file)).toEqual(parseTrainConfig(`{${required}}`, file));
  });

  it('explains each key in one to four sentences', () => {
    for (const { name, text } of keys) expect(text.match(/[.](\s|$)/g)?.length, name).toBeLessThanOrEqual(4);
    for (const { name, text } of keys) expect(text.length, name).toBeGreaterThan(20);
  });

  it('shares no key and no value with the list of refused ones', () => {
    for (const { name, type } of keys) {
      expect(refusedKeys).not.toHaveProperty(name);
      if ('of' in type) expect(type.of.filter((value) => refusedValues[name]?.includes(value))).toEqual([]);
    }
  });
});
