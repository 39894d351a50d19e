import { describe, expect, it } from 'vitest';
import { keys } from '../../../src/run/keys/keys';
import { refusedKeys, refusedValues } from '../../../src/run/refusedKeys';
import { checkTrainConfig, parseTrainConfig } from '../../../src/run/trainConfig';

const file = '/work/space/sample.train.json';
const needed = '"model_name_or_path": "model", "train_file": "pairs.jsonl"';

describe('values', () => {
  const read = (text: string): unknown => parseTrainConfig(`{${needed}, ${text}}`, file);

  it('lets a single item stand for a list, and one weight stand for each loss', () => {
    expect(read('"loss_type": "ipo"')).toMatchObject({ loss_type: ['ipo'], loss_weights: [1] });
    expect(read('"loss_type": ["sigmoid", "sft"]')).toMatchObject({ loss_weights: [1, 1] });
  });

  it('takes ["all-linear"] for all-linear, as TRL does', () => {
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

  it('lets a run evaluate, judge and end early', () => {
    const asked = {
      eval_steps: 5,
      metric_for_best_model: 'rewards/accuracies',
      load_best_model_at_end: true,
      early_stopping_patience: 3,
      early_stopping_threshold: 0.01,
    };
    expect(read(`"test_split_size": 0.1, ${JSON.stringify(asked).slice(1, -1)}`)).toMatchObject(asked);
  });

  it('takes a trainer’s own defaults', () => {
    expect(read('"trainer": "orpo"')).toMatchObject({ loss_type: ['orpo'], loss_weights: [1] });
    expect(read('"trainer": "kto"')).toMatchObject({ loss_type: ['kto'], train_sampling_strategy: 'sequential' });
    expect(read('"trainer": "cpo"')).toMatchObject({ loss_type: ['sigmoid'], cpo_alpha: 1 });
  });

  it('ignores $schema alone', () => {
    expect(read('"$schema": "./train.schema.json"')).not.toHaveProperty('$schema');
  });

  it('lets an override win, even over a bad value of the file', () => {
    const config = parseTrainConfig(`{${needed}, "beta": 0}`, file, new Map([['beta', 0.2]]));
    expect(config.beta).toBe(0.2);
  });

  it('gives an override no line', () => {
    expect(checkTrainConfig(`{${needed}}`, file, new Map([['beta', 'x']])).problems).toEqual([
      { field: 'beta', line: null, column: null, message: 'beta must be a number above 0, not "x"' },
    ]);
  });
});

describe('the table of keys', () => {
  it('accepts each default of its own', () => {
    const given = Object.fromEntries(
      keys.filter((key) => key.default !== undefined).map((key) => [key.name, key.default]),
    );
    const all = JSON.stringify({ ...given, model_name_or_path: 'model', train_file: 'pairs.jsonl' });
    expect(parseTrainConfig(all, file)).toEqual(parseTrainConfig(`{${needed}}`, file));
  });

  it('explains each key in one to three sentences', () => {
    for (const { name, text } of keys) expect(text.match(/[.](\s|$)/g)?.length, name).toBeLessThanOrEqual(4);
    for (const { name, text } of keys) expect(text.length, name).toBeGreaterThan(20);
  });

  it('refuses no key or value that it has', () => {
    for (const { name, type } of keys) {
      expect(refusedKeys).not.toHaveProperty(name);
      if ('of' in type) expect(type.of.filter((value) => refusedValues[name]?.includes(value))).toEqual([]);
    }
  });
});
