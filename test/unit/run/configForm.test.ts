import { describe, expect, it } from 'vitest';
import { formSections, readConfigForm } from '../../../src/run/configForm';
import { keys } from '../../../src/run/keys/keys';

const form = (text: string) => readConfigForm(text, '/data/x.train.json');

describe('the sections of the form', () => {
  it('have every key of the table once', () => {
    const shown = formSections.flatMap((section) => section.keys.map(({ name }) => name));
    expect([...shown].sort()).toEqual(keys.map(({ name }) => name).sort());
  });
});

describe('a config as a form', () => {
  it('has the text of each value, and says what differs from the default of its trainer', () => {
    const { keys: states } = form('{"beta": 1e-1, "lora_r": 8, "trainer": "orpo", "loss_type": "orpo"}');
    expect(states.beta).toMatchObject({ json: '1e-1', default: '0.1', differs: false });
    expect(states.lora_r).toMatchObject({ json: '8', default: '16', differs: true });
    expect(states.loss_type).toMatchObject({ json: '"orpo"', default: '["orpo"]', differs: false });
    expect(states.seed).toMatchObject({ json: null, default: '42', differs: false });
  });

  it('has the problems of the text editor at their keys', () => {
    const { keys: states, unknown } = form('{"beta": -1, "warmup_ratio": 0.1, "train_file": "x", "simpo_gamma": 1}');
    expect(states.beta?.problem).toBe('beta must be a number above 0, not -1');
    expect(states.model_name_or_path?.problem).toBe('model_name_or_path is missing');
    expect(states.simpo_gamma?.problem).toMatch(/^simpo_gamma is for trainer "cpo"/);
    expect(unknown).toMatchObject([{ name: 'warmup_ratio', json: '0.1' }]);
    expect(unknown[0]?.problem).toContain('use warmup_steps');
  });

  it('shows an empty file as a form without values, and says where another text is not JSON', () => {
    expect(form(' \n').broken).toBeNull();
    expect(form('{\n  "beta": 1,,\n}').broken).toMatchObject({ line: 2 });
    expect(form('{"beta": 1, "beta": 2}').broken?.message).toContain('a second time');
  });
});
