import { MarginError } from '../../base/pure/marginError';
import type { Metadata } from './config';

/*
 * The tokenizer inside a GGUF file as tokenizer.json and tokenizer_config.json. GGUF keeps the vocabulary, but of the
 * way text is cut before it only a name (`tokenizer.ggml.pre`); names that are not in the table are refused, not
 * guessed.
 */

type Json = Readonly<Record<string, unknown>>;

/** Token types of ggml (`llama_token_type`) that matter here. */
const control = 3;
const userDefined = 4;

const gpt2Split = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
const llama3Split =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const qwen2Split = llama3Split.replace('\\p{N}{1,3}', '\\p{N}');

const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
const split = (pattern: string): Json => ({
  type: 'Split',
  pattern: { Regex: pattern },
  behavior: 'Isolated',
  invert: false,
});
const sequence = (...steps: readonly Json[]): Json => ({ type: 'Sequence', pretokenizers: steps });

/** By `tokenizer.ggml.pre` (llama.cpp `src/llama-vocab.cpp`). */
const cuts: Readonly<Record<string, { readonly normalizer: Json | null; readonly pre: Json }>> = {
  'gpt-2': { normalizer: null, pre: sequence(split(gpt2Split), byteLevel) },
  'llama-bpe': { normalizer: null, pre: sequence(split(llama3Split), byteLevel) },
  qwen2: { normalizer: { type: 'NFC' }, pre: sequence(split(qwen2Split), byteLevel) },
  smollm: { normalizer: null, pre: sequence({ type: 'Digits', individual_digits: true }, split(gpt2Split), byteLevel) },
  olmo: { normalizer: { type: 'NFC' }, pre: sequence(split(gpt2Split), byteLevel) },
};

/** Gemma's runs of spaces, which are found where the normalizer has made ▁ of them. */
const onlySpaces = /^ +$/;

export interface GgufTokenizer {
  readonly tokenizer: Json;
  readonly config: Json;
}

/** @throws MarginError `unsupported-tokenizer` */
export function tokenizerOf(metadata: Metadata): GgufTokenizer {
  const tokens = metadata.texts('tokenizer.ggml.tokens');
  if (!tokens) throw refused(metadata, 'it holds no vocabulary');
  const types = metadata.numbers('tokenizer.ggml.token_type') ?? [];
  const kind = metadata.text('tokenizer.ggml.model');
  const body =
    kind === 'gpt2' ? bytePairs(metadata, tokens) : kind === 'llama' ? sentencePieces(metadata, tokens) : null;
  if (!body) throw refused(metadata, `its vocabulary is of the kind "${kind ?? 'none'}"`);
  const spaces = kind === 'llama' && tokens.some((token, id) => types[id] === userDefined && onlySpaces.test(token));
  if (spaces && prefixed(metadata))
    throw refused(metadata, 'it has runs of spaces as tokens, and puts a space before every text');
  const special = tokens.flatMap((content, id) =>
    types[id] === control || types[id] === userDefined ? [{ id, content, special: types[id] === control }] : [],
  );
  const added = special.map((one) => ({
    ...one,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: spaces && onlySpaces.test(one.content),
  }));
  const named = (role: string): string | undefined => tokens[metadata.number(`tokenizer.ggml.${role}_token_id`) ?? -1];
  const config = {
    bos_token: named('bos'),
    eos_token: named('eos'),
    pad_token: named('padding'),
    unk_token: named('unknown'),
    chat_template: metadata.text('tokenizer.chat_template'),
    clean_up_tokenization_spaces: false,
  };
  return {
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: added,
      ...body,
      post_processor: postProcessor(metadata, kind === 'llama', config.bos_token),
    },
    config,
  };
}

function refused(metadata: Metadata, why: string): MarginError {
  return new MarginError(
    'unsupported-tokenizer',
    `${metadata.file}: ${why}. Put the model's tokenizer.json and tokenizer_config.json beside the file.`,
    { file: metadata.file },
  );
}

const vocabulary = (tokens: readonly string[]): Json => Object.fromEntries(tokens.map((token, id) => [token, id]));

function bytePairs(metadata: Metadata, tokens: readonly string[]): Json {
  const name = metadata.text('tokenizer.ggml.pre') ?? 'none';
  const cut = Object.hasOwn(cuts, name) ? cuts[name] : undefined;
  if (!cut) throw refused(metadata, `its text is cut by the rule "${name}"; known are ${Object.keys(cuts).join(', ')}`);
  const merges = metadata.texts('tokenizer.ggml.merges');
  if (!merges) throw refused(metadata, 'it holds no merges');
  return {
    normalizer: cut.normalizer,
    pre_tokenizer: cut.pre,
    decoder: byteLevel,
    // Llama 3 and its kin take a piece that is a token as that token, before any merge.
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: name === 'llama-bpe',
      vocab: vocabulary(tokens),
      merges,
    },
  };
}

const prefixed = (metadata: Metadata): boolean => metadata.get('tokenizer.ggml.add_space_prefix') !== false;

/** SentencePiece's BPE: any two neighbours merge whose union is a token, the one of the highest score first. */
function sentencePieces(metadata: Metadata, tokens: readonly string[]): Json {
  const scores = metadata.numbers('tokenizer.ggml.scores');
  if (scores?.length !== tokens.length) throw refused(metadata, 'it holds no scores for its pieces');
  const prefix = prefixed(metadata);
  const normalizers = [
    ...(prefix ? [{ type: 'Prepend', prepend: '▁' }] : []),
    { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
  ];
  const strip = prefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : [];
  return {
    normalizer: { type: 'Sequence', normalizers },
    pre_tokenizer: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...strip,
      ],
    },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: tokens[metadata.number('tokenizer.ggml.unknown_token_id') ?? 0],
      fuse_unk: true,
      byte_fallback: true,
      ignore_merges: false,
      vocab: vocabulary(tokens),
      merges: mergesOf(tokens, scores, metadata.numbers('tokenizer.ggml.token_type') ?? []),
    },
  };
}

function mergesOf(tokens: readonly string[], scores: readonly number[], types: readonly number[]): [string, string][] {
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const found: { pair: [string, string]; score: number; left: number; right: number }[] = [];
  tokens.forEach((token, id) => {
    // Control tokens and bytes are never merged into.
    if ((types[id] ?? 1) !== 1) return;
    const letters = Array.from(token);
    for (let cut = 1; cut < letters.length; cut++) {
      const pair: [string, string] = [letters.slice(0, cut).join(''), letters.slice(cut).join('')];
      const [left, right] = [ids.get(pair[0]), ids.get(pair[1])];
      if (left !== undefined && right !== undefined) found.push({ pair, score: scores[id] ?? 0, left, right });
    }
  });
  return found.sort((a, b) => b.score - a.score || a.left - b.left || a.right - b.right).map(({ pair }) => pair);
}

/** BOS in front, where the file says so; SentencePiece models have it unless it says not. */
function postProcessor(metadata: Metadata, byDefault: boolean, bos: string | undefined): Json | null {
  const adds = metadata.get('tokenizer.ggml.add_bos_token') ?? byDefault;
  const id = metadata.number('tokenizer.ggml.bos_token_id');
  if (adds !== true || bos === undefined || id === undefined) return null;
  const token = { SpecialToken: { id: bos, type_id: 0 } };
  const text = (part: 'A' | 'B', type: number): Json => ({ Sequence: { id: part, type_id: type } });
  return {
    type: 'TemplateProcessing',
    single: [token, text('A', 0)],
    pair: [token, text('A', 0), { SpecialToken: { id: bos, type_id: 1 } }, text('B', 1)],
    special_tokens: { [bos]: { id: bos, ids: [id], tokens: [bos] } },
  };
}
