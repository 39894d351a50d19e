import type { Json } from '../fields';

/*
 * How byte-level BPE splits text before it merges. A GGUF file has only the name of the rule (`tokenizer.ggml.pre`).
 */

const gpt2Split = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
const llama3Split =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const qwen2Split = llama3Split.replace('\\p{N}{1,3}', '\\p{N}');

export const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
const digits = { type: 'Digits', individual_digits: true };
const split = (pattern: string): Json => ({
  type: 'Split',
  pattern: { Regex: pattern },
  behavior: 'Isolated',
  invert: false,
});
const sequence = (...steps: readonly Json[]): Json => ({ type: 'Sequence', pretokenizers: steps });

export interface SplitRule {
  readonly normalizer: Json | null;
  readonly pre: Json;
  /** Whether a piece that is itself a token becomes that token, without merges. */
  readonly ignoresMerges: boolean;
}

/** By `tokenizer.ggml.pre` (llama.cpp `src/llama-vocab.cpp`). */
export const splitRules: Readonly<Record<string, SplitRule>> = {
  'gpt-2': { normalizer: null, pre: sequence(split(gpt2Split), byteLevel), ignoresMerges: false },
  'llama-bpe': { normalizer: null, pre: sequence(split(llama3Split), byteLevel), ignoresMerges: true },
  dbrx: { normalizer: null, pre: sequence(split(llama3Split), byteLevel), ignoresMerges: false },
  qwen2: { normalizer: { type: 'NFC' }, pre: sequence(split(qwen2Split), byteLevel), ignoresMerges: false },
  smollm: { normalizer: null, pre: sequence(digits, split(gpt2Split), byteLevel), ignoresMerges: false },
  olmo: { normalizer: { type: 'NFC' }, pre: sequence(split(gpt2Split), byteLevel), ignoresMerges: false },
};

/** The pattern of a ByteLevel step that splits by itself (`pre_tokenizers/byte_level.rs` of `tokenizers`). */
export const byteLevelSplit = split(gpt2Split);
