import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Metadata } from '../../../../src/model/gguf/config';
import type { GgufValue } from '../../../../src/model/gguf/header';
import { tokenizerOf } from '../../../../src/model/gguf/tokenizer';
import { openTokenizer } from '../../../../src/model/tokenizer';
import { temporaryFolder } from '../../run/temporaryFolder';

const conformance = '../shared/tokenizers';

interface Definition {
  readonly model: { readonly vocab: Readonly<Record<string, number>>; readonly merges: readonly (string | readonly [string, string])[] };
  readonly added_tokens: readonly { readonly id: number; readonly content: string }[];
}

/** What llama.cpp's converter writes for a tokenizer.json. */
function metadataOf(folder: string, model: 'gpt2' | 'llama'): Metadata {
  const { model: bpe, added_tokens: added } = JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8')) as Definition;
  const ids = new Map([...Object.entries(bpe.vocab), ...added.map(({ id, content }) => [content, id] as const)].map(([token, id]) => [id, token]));
  const tokens = Array.from({ length: ids.size }, (_, id) => ids.get(id) ?? '');
  const merges = bpe.merges.map((merge) => (typeof merge === 'string' ? merge.split(' ') : merge));
  // A piece's score says when it is merged; a tokenizer.json has that as the order of its merges.
  const ranks = new Map(merges.map((pair, rank) => [pair.join(''), rank] as const).reverse());
  const control = new Set(added.map(({ id }) => id));
  const types = tokens.map((token, id) => (control.has(id) ? 3 : /^<0x[0-9A-F]{2}>$/.test(token) ? 6 : 1));
  const entries: [string, GgufValue][] = [
    ['tokenizer.ggml.model', model],
    ['tokenizer.ggml.pre', model === 'gpt2' ? 'gpt-2' : 'default'],
    ['tokenizer.ggml.tokens', tokens],
    ['tokenizer.ggml.token_type', types],
    ['tokenizer.ggml.scores', tokens.map((token) => -(ranks.get(token) ?? 1e9))],
    ['tokenizer.ggml.merges', merges.map((pair) => pair.join(' '))],
    ['tokenizer.ggml.unknown_token_id', 0],
    ['tokenizer.ggml.bos_token_id', 1],
  ];
  return new Metadata({ metadata: new Map(entries), tensors: new Map() }, 'model.gguf');
}

describe.skipIf(!existsSync(conformance))('the tokenizer in a GGUF file', () => {
  it.each([['gpt2', 'gpt-2', 'gpt2'], ['phi3', 'phi-3', 'llama']] as const)('of %s gives every text of llama.cpp its ids', async (family, vocabulary, model) => {
    const folder = await temporaryFolder();
    const { tokenizer, config } = tokenizerOf(metadataOf(join(conformance, family), model));
    await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
    await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(config));
    const { encode, decode } = await openTokenizer(folder, 100_000);
    const stem = join(conformance, 'llama.cpp', `ggml-vocab-${vocabulary}.gguf`);
    const texts = readFileSync(`${stem}.inp`, 'utf8').split('\n__ggml_vocab_test__\n');
    const lines = readFileSync(`${stem}.out`, 'utf8').split('\n');
    expect(texts.length).toBeGreaterThan(40);
    texts.forEach((text, i) => {
      const expected = (lines[i] ?? '').trim().split(/\s+/).filter(Boolean).map(Number);
      expect(encode(text, false), JSON.stringify(text)).toEqual(expected);
      if (text !== '') expect(decode(expected), JSON.stringify(text)).toBe(text);
    });
  });

  it('with SentencePiece puts BOS in front, unless it says not', async () => {
    expect(tokenizerOf(metadataOf(join(conformance, 'phi3'), 'llama')).tokenizer.post_processor).toMatchObject({ type: 'TemplateProcessing', single: [{ SpecialToken: { id: '<s>' } }, {}] });
    expect(tokenizerOf(metadataOf(join(conformance, 'gpt2'), 'gpt2')).tokenizer.post_processor).toBeNull();
  });
});
