import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Metadata } from '../../../src/model/gguf/config';
import type { GgufValue } from '../../../src/model/gguf/header';

/** The test texts of llama.cpp, with the ids that it recorded for its vocabularies. */
export const conformance = '../shared/tokenizers';

export function llamaCppTexts(vocabulary: string): { readonly text: string; readonly ids: readonly number[] }[] {
  const stem = join(conformance, 'llama.cpp', `ggml-vocab-${vocabulary}.gguf`);
  const lines = readFileSync(`${stem}.out`, 'utf8').split('\n');
  const texts = readFileSync(`${stem}.inp`, 'utf8').split('\n__ggml_vocab_test__\n');
  return texts.map((text, i) => ({ text, ids: (lines[i] ?? '').trim().split(/\s+/).filter(Boolean).map(Number) }));
}

interface Definition {
  readonly model: {
    readonly vocab: Readonly<Record<string, number>>;
    readonly merges: readonly (string | readonly [string, string])[];
  };
  readonly added_tokens: readonly { readonly id: number; readonly content: string; readonly special?: boolean }[];
}

/**
 * The metadata that llama.cpp's converter writes for a folder's tokenizer.json.
 *
 * @param pre its name of the rule that splits text; null: SentencePiece
 */
export function ggufMetadata(folder: string, pre: string | null, more: readonly [string, GgufValue][] = []): Metadata {
  const { model: bpe, added_tokens: added } = JSON.parse(
    readFileSync(join(folder, 'tokenizer.json'), 'utf8'),
  ) as Definition;
  const ids = new Map(
    [...Object.entries(bpe.vocab), ...added.map(({ id, content }) => [content, id] as const)].map(([token, id]) => [
      id,
      token,
    ]),
  );
  const tokens = Array.from(
    { length: 1 + [...ids.keys()].reduce((highest, id) => Math.max(highest, id), 0) },
    (_, id) => ids.get(id) ?? `[PAD${id}]`,
  );
  const merges = bpe.merges.map((merge) => (typeof merge === 'string' ? merge.split(' ') : merge));
  // The score of a token says when it is merged. In tokenizer.json the order of the merges does.
  const ranks = new Map(merges.map((pair, rank) => [pair.join(''), rank] as const).reverse());
  // Token types of llama.cpp: 1 normal, 3 control, 4 user-defined (written with spaces in place of ▁), 6 byte.
  const addedTypes = new Map(added.map(({ id, special }) => [id, special === false ? 4 : 3]));
  const types = tokens.map((token, id) => addedTypes.get(id) ?? (/^<0x[0-9A-F]{2}>$/.test(token) ? 6 : 1));
  const entries: [string, GgufValue][] = [
    ['tokenizer.ggml.model', pre === null ? 'llama' : 'gpt2'],
    ['tokenizer.ggml.pre', pre ?? 'default'],
    ['tokenizer.ggml.tokens', tokens.map((token, id) => (types[id] === 4 ? token.replaceAll('▁', ' ') : token))],
    ['tokenizer.ggml.token_type', Int32Array.from(types)],
    ['tokenizer.ggml.scores', Float32Array.from(tokens, (token) => -(ranks.get(token) ?? 1e9))],
    ['tokenizer.ggml.merges', merges.map((pair) => pair.join(' '))],
    ['tokenizer.ggml.unknown_token_id', 0],
    ['tokenizer.ggml.bos_token_id', 1],
    ...more,
  ];
  return new Metadata({ metadata: new Map(entries), tensors: new Map() }, 'model.gguf');
}
