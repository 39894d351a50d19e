import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it, type TestContext } from 'vitest';
import { at } from '../../src/base/pure/must';
import { valueOf } from '../../src/base/pure/outcome';
import { tokenizerOf } from '../../src/model/gguf/tokenizer';
import { openTokenizer, type TextTokenizer } from '../../src/model/tokenizer';
import { conformance, ggufMetadata, llamaCppTexts } from '../unit/model/conformance';
import { temporaryFolder } from '../unit/run/temporaryFolder';
import { mixedTexts } from './mixedTexts';
import { hasPeer, peer, sampleModel } from './peer';
import { runPython } from './python';

const seed = Number(process.env.MARGIN_SEED ?? 1);
const count = 10_000;
/** More ids than any of them has. */
const vocabulary = 1 << 20;

async function peerIds(folder: string, texts: readonly string[], special: boolean): Promise<number[][]> {
  // JSON can contain half of a surrogate pair; Rust's strings cannot.
  const sent = texts.map((text) => text.replace(/\p{Surrogate}/gu, '\ufffd'));
  // Its own process starts at once, and does not wait for the comparisons with models.
  return (await runPython(peer().python, 'peer/token_ids.py', {
    file: join(folder, 'tokenizer.json'),
    texts: sent,
    special,
  })) as number[][];
}

function expectEqual(
  tokenizer: TextTokenizer,
  texts: readonly string[],
  expected: readonly (readonly number[])[],
  special = false,
): void {
  expect(expected).toHaveLength(texts.length);
  // With one clock for all: a clock for every text takes as long as its tokens.
  const encoded = tokenizer.limit.each(texts, (text) => tokenizer.encode(text, special));
  for (const [i, text] of texts.entries()) {
    const ids = valueOf(at(encoded, i));
    // A message for every text would take longer than its tokens.
    if (isDeepStrictEqual(ids, expected[i])) continue;
    expect(ids, `seed ${seed}, text ${i}: ${JSON.stringify(text)}`).toEqual(expected[i]);
  }
}

function addedTokens(folder: string): string[] {
  const { added_tokens: added } = JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8')) as {
    added_tokens: { content: string }[];
  };
  return added.map(({ content }) => content);
}

interface GgufKeys {
  /** llama.cpp's name of the pre-tokenizer, or null for SentencePiece. */
  readonly pre: string | null;
  readonly more?: Parameters<typeof ggufMetadata>[2];
}

/** The tokenizer that Margin makes from a GGUF file with the same vocabulary. */
async function ggufTokenizer(folder: string, { pre, more = [] }: GgufKeys): Promise<TextTokenizer> {
  const { tokenizer, config } = tokenizerOf(ggufMetadata(folder, pre, more));
  const made = await temporaryFolder();
  await writeFile(join(made, 'tokenizer.json'), JSON.stringify(tokenizer));
  await writeFile(join(made, 'tokenizer_config.json'), JSON.stringify(config));
  return openTokenizer(made, vocabulary);
}

/**
 * Family, its folder (null if its package is not installed), its keys in a GGUF file, and its conformance set from
 * llama.cpp.
 */
const families: readonly (readonly [string, () => string | null, GgufKeys | null, string | null])[] = [
  ['the sample’s own', () => sampleModel, null, null],
  ['SmolLM2', () => peer().smollm2.f32, { pre: 'smollm' }, null],
  ['Llama 3', () => peer().tokenizers?.['Llama 3'] ?? null, { pre: 'llama-bpe' }, 'llama-bpe'],
  ['Qwen 3', () => peer().tokenizers?.['Qwen 3'] ?? null, { pre: 'qwen2' }, 'qwen2'],
  [
    'Gemma 3',
    () => peer().tokenizers?.['Gemma 3'] ?? null,
    { pre: null, more: [['tokenizer.ggml.add_space_prefix', false]] },
    null,
  ],
  ['GPT-2', () => join(conformance, 'gpt2'), { pre: 'gpt-2' }, 'gpt-2'],
  ['Phi-3', () => join(conformance, 'phi3'), { pre: null }, 'phi-3'],
  ['stories260K', () => '../shared/models/stories260K-hf', { pre: null }, null],
];

/** The folder of a family. Without it, only this family's comparison is skipped. */
function folderOf(at: () => string | null, context: TestContext): string {
  const folder = at();
  return folder !== null && existsSync(folder) ? folder : context.skip('its tokenizer.json is missing');
}

describe.skipIf(!hasPeer)(`token ids of ${count} mixed texts, beside Hugging Face’s tokenizers`, () => {
  it.for(families)(
    '%s: the ids agree, including special tokens within text and added ones',
    async ([, at, , set], context) => {
      const folder = folderOf(at, context);
      const tokenizer = await openTokenizer(folder, vocabulary);
      const texts = mixedTexts(count, seed, addedTokens(folder));
      expectEqual(tokenizer, texts, await peerIds(folder, texts, false));
      expectEqual(tokenizer, texts.slice(0, 500), await peerIds(folder, texts.slice(0, 500), true), true);
      if (set === null || !existsSync(conformance)) return;
      const recorded = llamaCppTexts(set);
      expectEqual(
        tokenizer,
        recorded.map(({ text }) => text),
        recorded.map(({ ids }) => ids),
      );
    },
  );

  it.for(families.flatMap(([name, at, gguf, set]) => (gguf === null ? [] : [[name, at, gguf, set] as const])))(
    '%s: the ids of its GGUF file agree',
    async ([, at, gguf, set], context) => {
      const folder = folderOf(at, context);
      const tokenizer = await ggufTokenizer(folder, gguf);
      // A GGUF file does not say which tokens strip the space beside them.
      const texts = mixedTexts(count, seed + 1, []);
      expectEqual(tokenizer, texts, await peerIds(folder, texts, false));
      if (set === null || !existsSync(conformance)) return;
      const recorded = llamaCppTexts(set);
      expectEqual(
        tokenizer,
        recorded.map(({ text }) => text),
        recorded.map(({ ids }) => ids),
      );
    },
  );
});
