import { describe, expect, it } from 'vitest';
import { refuseUnequal } from '../../../src/model/tokenizerLimits';

const llama3 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const split = (pattern: object, behavior = 'Isolated'): object => ({ type: 'Sequence', pretokenizers: [{ type: 'Split', pattern, behavior }, { type: 'ByteLevel' }] });
const check = (definition: object): void => refuseUnequal({ ...definition }, 'm/tokenizer.json');

describe('a tokenizer that would be computed otherwise', () => {
  it.each([
    ['a pattern without backtracking', { pre_tokenizer: split({ Regex: '\\p{L}++|\\s+' }) }, 'forbids backtracking'],
    ['an atomic group', { pre_tokenizer: split({ Regex: '(?>a|ab)c' }) }, 'forbids backtracking'],
    ['\\G', { pre_tokenizer: split({ Regex: '\\G\\d{3}' }) }, '\\G'],
    ['pieces merged with the one before', { pre_tokenizer: split({ Regex: '\\s' }, 'MergedWithPrevious') }, 'MergedWithPrevious'],
    ['a pattern in its normalizer', { normalizer: { type: 'Sequence', normalizers: [{ type: 'Replace', pattern: { Regex: ' *+' }, content: '' }] } }, 'forbids backtracking'],
    ['merges at random', { model: { type: 'BPE', dropout: 0.1 } }, 'dropout'],
  ])('for %s is refused', (_, definition, says) => {
    expect(() => check(definition)).toThrow(says);
    expect(() => check(definition)).toThrow('m/tokenizer.json');
  });

  it.each([
    ['Llama 3', { pre_tokenizer: split({ Regex: llama3 }), model: { type: 'BPE', dropout: null } }],
    ['Gemma, whose split never happens', { normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '▁' }, pre_tokenizer: { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious' } }],
    ['plus signs in classes and escapes', { pre_tokenizer: split({ Regex: '[*+]+|\\++|a{2}+' }) }],
    ['one without any cuts', { normalizer: null, pre_tokenizer: null }],
  ])('is not that of %s', (_, definition) => {
    expect(() => check(definition)).not.toThrow();
  });
});
