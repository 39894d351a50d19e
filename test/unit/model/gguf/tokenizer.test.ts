import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Metadata } from '../../../../src/model/gguf/config';
import type { GgufValue } from '../../../../src/model/gguf/header';
import { tokenizerOf } from '../../../../src/model/gguf/tokenizer';
import { openTokenizer } from '../../../../src/model/tokenizer';
import { temporaryFolder } from '../../run/temporaryFolder';
import { conformance, ggufMetadata, llamaCppTexts } from '../conformance';

describe.skipIf(!existsSync(conformance))('the tokenizer in a GGUF file', () => {
  it.each([
    ['gpt2', 'gpt-2', 'gpt-2'],
    ['phi3', 'phi-3', null],
  ] as const)('of %s encodes every test text of llama.cpp to its ids', async (family, vocabulary, pre) => {
    const folder = await temporaryFolder();
    const { tokenizer, config } = tokenizerOf(ggufMetadata(join(conformance, family), pre));
    await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
    await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(config));
    const { encode, decode } = await openTokenizer(folder, 100_000);
    const texts = llamaCppTexts(vocabulary);
    expect(texts.length).toBeGreaterThan(40);
    for (const { text, ids } of texts) {
      expect(encode(text, false), JSON.stringify(text)).toEqual(ids);
      expect(decode(ids), JSON.stringify(text)).toBe(text);
    }
  });

  const spaced = (prefix: boolean): Metadata => {
    const entries = new Map<string, GgufValue>([
      ['tokenizer.ggml.model', 'llama'],
      ['tokenizer.ggml.tokens', ['<unk>', '▁', '  ', 'a']],
      ['tokenizer.ggml.scores', Float32Array.of(0, -1, -1000, -2)],
      ['tokenizer.ggml.token_type', Int32Array.of(2, 1, 4, 1)],
      ['tokenizer.ggml.add_space_prefix', prefix],
    ]);
    return new Metadata({ metadata: entries, tensors: new Map() }, 'model.gguf');
  };

  it('matches runs of spaces that are tokens (Gemma) after spaces became ▁', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizerOf(spaced(false)).tokenizer));
    const { encode } = await openTokenizer(folder, 10);
    expect(encode('a  a a ▁', false)).toEqual([3, 2, 3, 1, 3, 2]);
  });

  it('is refused if it has such runs and also adds a space before every text', () => {
    expect(() => tokenizerOf(spaced(true))).toThrow(
      /model\.gguf: it has runs of spaces as tokens .* Put the model's tokenizer\.json/,
    );
  });

  it('puts BOS first with SentencePiece, but not with byte-level BPE', async () => {
    expect(tokenizerOf(ggufMetadata(join(conformance, 'phi3'), null)).tokenizer.post_processor).toMatchObject({
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: '<s>' } }, {}],
    });
    expect(tokenizerOf(ggufMetadata(join(conformance, 'gpt2'), 'gpt-2')).tokenizer.post_processor).toBeNull();
  });
});
