import { describe, expect, it } from 'vitest';
import { refuseUnsupported } from '../../../src/model/tokenizerLimits';

const llama3 =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const split = (pattern: object, behavior = 'Isolated'): object => ({
  type: 'Sequence',
  pretokenizers: [{ type: 'Split', pattern, behavior }, { type: 'ByteLevel' }],
});
const check = (definition: object): void => refuseUnsupported({ ...definition }, 'm/tokenizer.json');

describe('a tokenizer that the JavaScript library computes differently', () => {
  it.each([
    ['a pattern without backtracking', { pre_tokenizer: split({ Regex: '\\p{L}++|\\s+' }) }, 'forbids backtracking'],
    ['an atomic group', { pre_tokenizer: split({ Regex: '(?>a|ab)c' }) }, 'forbids backtracking'],
    ['\\G', { pre_tokenizer: split({ Regex: '\\G\\d{3}' }) }, '\\G'],
    [
      'a split that merges with the piece before',
      { pre_tokenizer: split({ Regex: '\\s' }, 'MergedWithPrevious') },
      'MergedWithPrevious',
    ],
    [
      'a pattern in its normalizer',
      { normalizer: { type: 'Sequence', normalizers: [{ type: 'Replace', pattern: { Regex: ' *+' }, content: '' }] } },
      'forbids backtracking',
    ],
    [
      'an inverted pattern',
      { pre_tokenizer: { type: 'Split', pattern: { Regex: '\\w+' }, behavior: 'Isolated', invert: true } },
      '"invert"',
    ],
    ['lower case, in which Σ depends on its neighbours', { normalizer: { type: 'Lowercase' } }, '"Lowercase"'],
    [
      'a normalizer of BERT',
      { normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'BertNormalizer' }] } },
      '"BertNormalizer"',
    ],
    ['a split at punctuation', { pre_tokenizer: { type: 'Punctuation' } }, '"Punctuation"'],
    [
      'a split at spaces by Metaspace',
      { pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first' } },
      '"Metaspace"',
    ],
    [
      'a space added before ByteLevel splits',
      { pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true } },
      '"add_prefix_space"',
    ],
    ['a Unigram model', { model: { type: 'Unigram' } }, '"Unigram"'],
    ['added tokens that match whole words', { added_tokens: [{ content: 'cat', single_word: true }] }, '"single_word"'],
    [
      'added tokens that strip white space after normalization',
      { normalizer: { type: 'NFC' }, added_tokens: [{ content: '<m>', lstrip: true, normalized: true }] },
      '<m> strips white space',
    ],
    ['random merges', { model: { type: 'BPE', dropout: 0.1 } }, 'dropout'],
  ])('because of %s is refused', (_, definition, says) => {
    expect(() => check(definition)).toThrow(says);
    expect(() => check(definition)).toThrow('m/tokenizer.json');
  });

  it.each([
    ['Llama 3', { pre_tokenizer: split({ Regex: llama3 }), model: { type: 'BPE', dropout: null } }],
    [
      'Gemma, whose split never matches',
      {
        normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
        pre_tokenizer: { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious' },
      },
    ],
    [
      'SmolLM2',
      {
        pre_tokenizer: {
          type: 'Sequence',
          pretokenizers: [
            { type: 'Digits', individual_digits: true },
            { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
          ],
        },
      },
    ],
    [
      'Mistral',
      {
        normalizer: null,
        pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false },
      },
    ],
    [
      'Phi-3',
      {
        normalizer: { type: 'Prepend', prepend: '▁' },
        added_tokens: [{ content: '</s>', rstrip: true, normalized: false, special: true }],
      },
    ],
    ['plus signs in classes and escapes', { pre_tokenizer: split({ Regex: '[*+]+|\\++|a{2}+' }) }],
    ['a tokenizer without any splits', { normalizer: null, pre_tokenizer: null }],
  ])('is not that of %s', (_, definition) => {
    expect(() => check(definition)).not.toThrow();
  });
});
