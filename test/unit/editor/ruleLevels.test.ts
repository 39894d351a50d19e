import { expect, it } from 'vitest';
import { ruleLevelsFor } from '../../../src/editor/ruleLevels';

const setting = { refusal: 'off', 'raw/*.jsonl': { refusal: 'warning', mojibake: 'error' }, duplicate: 'info' };

it('a file has the severities of all files, and those of the patterns that match it', () => {
  const tell = (message: string): never => {
    throw new Error(message);
  };
  expect(ruleLevelsFor(setting, 'pairs.jsonl', tell)).toEqual({ refusal: 'off', duplicate: 'info' });
  expect(ruleLevelsFor(setting, 'raw/a.jsonl', tell)).toEqual({
    refusal: 'warning',
    mojibake: 'error',
    duplicate: 'info',
  });
});

it('a wrong entry is told and left out, and the others are used', () => {
  const told: string[] = [];
  const levels = ruleLevelsFor({ refusals: 'off', duplicate: 'off' }, 'a.jsonl', (message) => told.push(message));
  expect(levels).toEqual({ duplicate: 'off' });
  expect(told).toEqual(['The setting margin.rules: there is no rule refusals; did you mean refusal?']);
});
