import { describe, expect, it } from 'vitest';
import { checkValue } from '../../../../src/run/checkValue';
import { formSections } from '../../../../src/run/configForm';
import { keys } from '../../../../src/run/keys/keys';
import { must } from '../../../../src/base/pure/must';
import { fitsSearch } from '../../../../webview/trainForm/search';
import { chosenAfter, shownText, typedValue } from '../../../../webview/trainForm/values';

const allKeys = formSections.flatMap((section) => section.keys);
const key = (name: string) =>
  must(
    allKeys.find((one) => one.name === name),
    name,
  );
const typed = (name: string, text: string) => typedValue(key(name), text);

describe('a typed value', () => {
  it('is written as it was typed if it is a number of JSON', () => {
    expect(typed('learning_rate', ' 5e-7 ')).toEqual({ json: '5e-7' });
    expect(typed('learning_rate', '.5')).toEqual({ json: '0.5' });
    expect(typed('learning_rate', '1,5')).toEqual({ mistake: '“1,5” is not a number' });
  });

  it('leaves the key out if it is empty, and is null where null is a value', () => {
    expect(typed('max_length', '')).toEqual({ json: null });
    expect(typed('max_length', 'null')).toEqual({ json: 'null' });
    expect(typed('run_name', 'null')).toEqual({ json: '"null"' });
  });

  it('is a list of names, a word or a pattern for modules', () => {
    expect(typed('lora_target_modules', 'q_proj, v_proj')).toEqual({ json: '["q_proj","v_proj"]' });
    expect(typed('lora_target_modules', 'all-linear')).toEqual({ json: '"all-linear"' });
    expect(typed('lora_target_modules', '.*(q|v)_proj')).toEqual({ json: '".*(q|v)_proj"' });
  });

  it('is a list of numbers, or an object', () => {
    expect(typed('loss_weights', '1, 1e-1')).toEqual({ json: '[1, 1e-1]' });
    expect(typed('loss_weights', '1,')).toHaveProperty('mistake');
    expect(typed('rank_pattern', '{"v_proj": 8}')).toEqual({ json: '{"v_proj": 8}' });
    expect(typed('rank_pattern', 'v_proj')).toHaveProperty('mistake');
  });

  it('that a field shows is the same value when it is typed again', () => {
    const samples: Record<string, string> = {
      beta: '1e-1',
      seed: '7',
      loss_weights: '[1,0.5]',
      run_name: '"a b"',
      train_file: '"x.jsonl"',
      lora_target_modules: '["q_proj","v_proj"]',
      rank_pattern: '{"v_proj":8}',
      max_length: 'null',
      layers_to_transform: '[1,2]',
    };
    for (const [name, json] of Object.entries(samples)) {
      const again = typed(name, shownText(key(name).type.kind, json));
      expect({ name, value: 'json' in again ? (JSON.parse(again.json ?? '""') as unknown) : again }).toEqual({
        name,
        value: JSON.parse(json) as unknown,
      });
    }
  });

  it('that is the default passes the check of its key', () => {
    for (const one of keys) {
      if (one.default === undefined || ['boolean', 'choice', 'choices'].includes(one.type.kind)) continue;
      const again = typed(one.name, shownText(one.type.kind, JSON.stringify(one.default)));
      if ('json' in again && again.json !== null)
        expect(checkValue(one, JSON.parse(again.json))).toEqual({ value: one.default });
    }
  });
});

describe('ticked choices', () => {
  it('are a word or a list in the order in which they were ticked', () => {
    expect(chosenAfter(['sigmoid'], 'sft')).toBe('["sigmoid","sft"]');
    expect(chosenAfter(['sigmoid', 'sft'], 'sigmoid')).toBe('"sft"');
    expect(chosenAfter(['sft'], 'sft')).toBeNull();
  });
});

describe('the search for a key', () => {
  it('finds words of name, values and help, in any case and with spaces', () => {
    expect(fitsSearch(key('learning_rate'), 'learning rate')).toBe(true);
    expect(fitsSearch(key('learning_rate'), 'AdamW')).toBe(true);
    expect(fitsSearch(key('lr_scheduler_type'), 'cosine')).toBe(true);
    expect(fitsSearch(key('beta'), 'cosine')).toBe(false);
    expect(fitsSearch(key('beta'), '')).toBe(true);
  });
});
