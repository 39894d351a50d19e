import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Method, methodKeys, methods } from '../../../src/run/methods';
import { checkTrainConfig } from '../../../src/run/trainConfig';

const config = (method: Method, lora: boolean, bytes: number | null): Record<string, unknown> => ({
  model_name_or_path: 'model',
  train_file: 'prefs.jsonl',
  ...methodKeys(method, lora, bytes),
});

describe('methods', () => {
  it('have the names that people use, each once', () => {
    const names = methods.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'DPO',
        'IPO',
        'KTO',
        'ORPO',
        'SimPO',
        'CPO',
        'APO-zero',
        'Robust DPO',
        'cDPO',
        'DPO + SFT',
        'SFT',
      ]),
    );
    expect(new Set(methods.map(({ id }) => id)).size).toBe(methods.length);
  });

  it.each(methods)('$name: says in one line when to use it, and names the source of its values', ({ use, source }) => {
    expect(use.length).toBeLessThan(100);
    expect(source).toMatch(/arXiv:\d{4}\.\d{5}|TRL|“.+”/);
  });

  it.each(methods)(
    '$name: its config has no problems, for LoRA and all weights, whatever the model’s size',
    (method) => {
      for (const lora of [true, false])
        for (const bytes of [3e6, 5e8, 2e10, null]) {
          const text = JSON.stringify(config(method, lora, bytes));
          expect(checkTrainConfig(text, '/a/b.train.json').problems).toEqual([]);
        }
    },
  );

  it.each(methods)(
    '$name: a smaller model has no lower rate than a larger one, and LoRA none lower than all weights',
    (method) => {
      const of = (lora: boolean, bytes: number): number => Number(methodKeys(method, lora, bytes)['learning_rate']);
      for (const lora of [true, false])
        expect([of(lora, 3e6) >= of(lora, 5e8), of(lora, 5e8) >= of(lora, 2e10)]).toEqual([true, true]);
      for (const bytes of [3e6, 5e8, 2e10]) expect(of(true, bytes)).toBeGreaterThanOrEqual(of(false, bytes));
      expect(of(false, 2e10)).toBe(method.rate);
    },
  );

  it('treat a model of unknown size as a large one', () => {
    for (const method of methods) expect(methodKeys(method, true, null)).toEqual(methodKeys(method, true, 2e10));
  });

  it('are in the README with their uses and sources', () => {
    const readme = readFileSync('README.md', 'utf8').replaceAll(/\s+/g, ' ');
    expect(
      methods
        .filter(({ name, use, source }) => !readme.includes(`| ${name} | ${use} |`) || !readme.includes(source))
        .map(({ name }) => name),
    ).toEqual([]);
  });
});
