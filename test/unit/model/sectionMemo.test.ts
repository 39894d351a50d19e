import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { rememberSections } from '../../../src/model/sectionMemo';

const sample = join('media', 'sample', 'model');
const shared = join('..', 'shared', 'tokenizers');
const stories = join('..', 'shared', 'models', 'stories260K-hf');

type Definition = Record<string, unknown> & { added_tokens: Record<string, unknown>[] };

const read = (folder: string): Definition =>
  JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8')) as Definition;

/** The sample's tokenizer with added tokens that begin alike, or consist of special characters of patterns. */
function awkward(change: Record<string, unknown> = {}): Definition {
  const definition = read(sample);
  const more = ['<a>', '<a>b', '[x|y]', '$^', 'a.c'].map((content, i) => ({
    id: 500 + i,
    content,
    special: true,
    normalized: false,
    lstrip: false,
    rstrip: false,
    single_word: false,
    ...change,
  }));
  return { ...definition, added_tokens: [...definition.added_tokens, ...more] };
}

const cases: [string, () => Definition, string][] = [
  ['the sample', () => read(sample), sample],
  ['tokens that begin alike', awkward, sample],
  ['tokens that strip the spaces next to them', () => awkward({ lstrip: true, rstrip: true }), sample],
  ['a normalizer', () => ({ ...awkward({ normalized: true }), normalizer: { type: 'Lowercase' } }), sample],
  ['GPT-2', () => read(join(shared, 'gpt2')), join(shared, 'gpt2')],
  ['Phi-3', () => read(join(shared, 'phi3')), join(shared, 'phi3')],
  ['Llama 2', () => read(stories), stories],
];

describe('text encoded section by section', () => {
  it.each(cases.filter(([, , needs]) => existsSync(needs)))('has the ids of the whole text: %s', (_, make) => {
    const definition = make();
    const tokenizer = new Tokenizer(definition, {});
    const whole = (text: string): number[] => tokenizer.encode(text, { add_special_tokens: false }).ids;
    const pieces = rememberSections(definition, whole);
    const seed = Date.now() % 1e6;
    const random = seededRandom(seed);
    const parts = [
      ...definition.added_tokens.map(({ content }) => String(content)),
      ' ',
      '  ',
      '\n',
      'word',
      ' word',
      'B',
      'a',
      '<',
      '<|im_',
      'é',
      '東京',
      '🍋',
      '12',
      "n't",
      '▁',
      '<a',
      'c',
    ];
    for (let round = 0; round < 400; round++) {
      const text = Array.from(
        { length: Math.floor(random() * 12) },
        () => parts[Math.floor(random() * parts.length)],
      ).join('');
      // First encoded, then remembered.
      for (let again = 0; again < 2; again++)
        expect(pieces(text), `seed ${seed}: ${JSON.stringify(text)}`).toEqual(whole(text));
    }
  });

  it('is encoded once for each section, however many texts share it', () => {
    const asked: string[] = [];
    const pieces = rememberSections(read(sample), (text) => [asked.push(text)]);
    for (const answer of ['Yes.', 'No.'])
      pieces(`<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n${answer}<|im_end|>\n`);
    expect(asked).toEqual(['<|im_start|>', 'user\nWhy?', '<|im_end|>', '\n', 'assistant\nYes.', 'assistant\nNo.']);
  });

  it('forgets old sections, so memory is bounded', () => {
    const asked: string[] = [];
    const pieces = rememberSections(read(sample), (text) => [asked.push(text)]);
    const long = 'x'.repeat(1 << 18);
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'a']) pieces(`<|im_start|>${name}${long}`);
    expect(asked.filter((text) => text.startsWith('a'))).toHaveLength(2);
  });
});
