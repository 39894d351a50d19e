import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTokenizer } from '../../../src/model/tokenizer';
import { temporaryFolder } from '../run/temporaryFolder';

/**
 * Encodes a text with a byte-level tokenizer of these tokens. Each token of several characters is merged from its first
 * character and the rest.
 */
async function idsOf(text: string, tokens: readonly string[], more: object): Promise<readonly string[]> {
  const folder = await temporaryFolder();
  const merges = tokens.filter((token) => token.length > 1).map((token) => [token.slice(0, 1), token.slice(1)]);
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  await writeFile(
    join(folder, 'tokenizer.json'),
    JSON.stringify({
      normalizer: null,
      post_processor: null,
      decoder: byteLevel,
      model: { type: 'BPE', vocab, merges },
      added_tokens: [],
      ...more,
    }),
  );
  const { encode } = await openTokenizer(folder, 100);
  return encode(text, false).map((id) => tokens[id] ?? `${id}`);
}

const byteLevel = { type: 'ByteLevel', add_prefix_space: false, use_regex: true };
const digits = { type: 'Sequence', pretokenizers: [{ type: 'Digits', individual_digits: true }, byteLevel] };
const token = { id: 9, special: true, normalized: false, lstrip: false, rstrip: false, single_word: false };

describe('a tokenizer whose library has other white space and other digits than Hugging Face’s own', () => {
  it('splits between a space and any kind of number if digits are split one by one', async () => {
    expect(await idsOf(' ½', ['Ġ', 'Â', '½', 'ĠÂ'], { pre_tokenizer: digits })).toEqual(['Ġ', 'Â', '½']);
    expect(await idsOf(' ½', ['Ġ', 'Â', '½', 'ĠÂ'], { pre_tokenizer: byteLevel })).toEqual(['ĠÂ', '½']);
  });

  it('treats U+FEFF as a character and U+0085 as white space', async () => {
    expect(await idsOf(' \ufeffa', ['Ġ', 'ï', '»', '¿', 'a', 'Ġï'], { pre_tokenizer: byteLevel })).toEqual([
      'Ġï',
      '»',
      '¿',
      'a',
    ]);
    expect(await idsOf(' \u0085a', ['Ġ', 'Â', 'ħ', 'a', 'ĠÂ'], { pre_tokenizer: byteLevel })).toEqual([
      'Ġ',
      'Â',
      'ħ',
      'a',
    ]);
  });

  it('strips white space next to an added token, but not U+FEFF', async () => {
    const tokens = ['Ġ', 'ï', '»', '¿', 'a', 'Â', 'ħ'];
    const both = { pre_tokenizer: byteLevel, added_tokens: [{ ...token, content: '<m>', lstrip: true, rstrip: true }] };
    expect(await idsOf('a \u0085<m>\u0085 a', tokens, both)).toEqual(['a', '9', 'a']);
    expect(await idsOf('a\ufeff<m>\ufeffa', tokens, both)).toEqual(['a', 'ï', '»', '¿', '9', 'ï', '»', '¿', 'a']);
    expect(await idsOf('a <m> a', tokens, { ...both, added_tokens: [{ ...token, content: '<m>' }] })).toEqual([
      'a',
      'Ġ',
      '9',
      'Ġ',
      'a',
    ]);
  });

  it('encodes half a surrogate pair as U+FFFD', async () => {
    const tokens = ['ï', '¿', '½', 'a'];
    expect(await idsOf('\ud800a\udc00', tokens, { pre_tokenizer: byteLevel })).toEqual([
      'ï',
      '¿',
      '½',
      'a',
      'ï',
      '¿',
      '½',
    ]);
  });
});
