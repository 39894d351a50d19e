import { describe, expect, it } from 'vitest';
import { editConfig } from '../../../src/run/configEdits';
import { keyTable } from '../../../src/run/keys/keys';
import { presets } from '../../../src/run/presets';
import { previewPreset } from '../../../src/run/presetEdits';
import { checkTrainConfig } from '../../../src/run/trainConfig';
import { must } from '../../../src/base/pure/must';

const written = '{\n  "model_name_or_path": "m",\n  "train_file": "d.jsonl"\n}\n';
const check = (text: string) => checkTrainConfig(text, '/data/x.train.json');
const preset = (id: string) =>
  must(
    presets.find((one) => one.id === id),
    id,
  );

describe('the presets', () => {
  it.each(presets.map((one) => [one.id, one] as const))(
    '%s is a config without problems, with its source',
    (_, one) => {
      const { changes } = previewPreset(one, written);
      const text = editConfig(written, changes);
      const { config, problems } = check(text);
      expect(problems).toEqual([]);
      expect(config).toMatchObject(one.keys);
      expect(one.source).toMatch(/arXiv:\d{4}\.\d{5}|alignment-handbook/);
      expect(Object.keys(one.keys).filter((name) => !Object.hasOwn(keyTable, name))).toEqual([]);
      // Applied once, it changes nothing more.
      expect(previewPreset(one, text).changes).toEqual([]);
    },
  );

  it('have ids of their own', () => {
    expect(new Set(presets.map(({ id }) => id)).size).toBe(presets.length);
  });

  it('fit each other: from any one to any other there are no contradictions', () => {
    for (const from of presets) {
      const text = editConfig(written, previewPreset(from, written).changes);
      for (const to of presets)
        expect({
          from: from.id,
          to: to.id,
          problems: check(editConfig(text, previewPreset(to, text).changes)).problems,
        }).toEqual({ from: from.id, to: to.id, problems: [] });
    }
  });
});

describe('the preview of a preset', () => {
  it('names what is set, what changes and which keys of the loss leave the file; others stay', () => {
    const text =
      '{"train_file": "d", "loss_type": ["sigmoid"], "beta": 0.1, "label_smoothing": 0.1, "seed": 7, "eval_steps": 5}';
    const { changes } = previewPreset(preset('zephyr'), text);
    const byName = Object.fromEntries(changes.map(({ name, from, json }) => [name, [from, json]]));
    expect(byName).toMatchObject({
      beta: ['0.1', '0.01'],
      learning_rate: [null, '5e-7'],
      label_smoothing: ['0.1', null],
    });
    expect(Object.keys(byName)).not.toContain('loss_type');
    expect(Object.keys(byName)).not.toContain('seed');
    expect(Object.keys(byName)).not.toContain('eval_steps');
  });
});
