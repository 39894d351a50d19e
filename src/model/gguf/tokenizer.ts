import { MarginError } from '../../base/pure/marginError';
import { at } from '../../base/pure/must';
import type { Json } from '../fields';
import type { Metadata } from './config';
import { byteLevel, splitRules } from './splitRules';

/*
 * Turns the tokenizer inside a GGUF file into tokenizer.json and tokenizer_config.json. The file holds the vocabulary,
 * but only the name of the rule that splits text before it (`tokenizer.ggml.pre`). A name that is not in
 * `splitRules.ts` is an error, because any guess would give other ids.
 */

/** Token types of llama.cpp (`llama_token_type`). A file without types has normal tokens only. */
export const tokenTypes = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;
const { normal, control, userDefined } = tokenTypes;

/** SentencePiece's id of the unknown token, where the file does not give it (llama.cpp `src/llama-vocab.cpp`). */
const defaultUnknownId = 0;

/** Gemma has runs of spaces as tokens. They must match after the normalizer, which replaces each space by ▁. */
const onlySpaces = /^ +$/;

export interface GgufTokenizer {
  /** The content of tokenizer.json. */
  readonly tokenizer: Json;
  /** The content of tokenizer_config.json. */
  readonly config: Json;
}

/**
 * Rebuilds a tokenizer from the metadata of a GGUF file: byte-level BPE (`gpt2`) or SentencePiece's BPE (`llama`).
 *
 * @throws MarginError `unsupported-tokenizer`
 */
export function tokenizerOf(metadata: Metadata): GgufTokenizer {
  const tokens = metadata.texts('tokenizer.ggml.tokens');
  if (!tokens) throw refused(metadata, 'it has no vocabulary');
  const types = typesOf(metadata, tokens);
  const kind = metadata.text('tokenizer.ggml.model');
  const body =
    kind === 'gpt2'
      ? byteLevelBpe(metadata, tokens)
      : kind === 'llama'
        ? sentencePieceBpe(metadata, tokens, types)
        : null;
  if (!body) throw refused(metadata, `Margin does not read its tokenizer model, "${kind ?? 'none'}"`);
  const spaces = kind === 'llama' && tokens.some((token, id) => types[id] === userDefined && onlySpaces.test(token));
  if (spaces && addsSpacePrefix(metadata))
    throw refused(metadata, 'it has runs of spaces as tokens and also adds a space before every text');
  const config = tokenizerConfig(metadata, tokens);
  return {
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: addedTokens(tokens, types, spaces),
      ...body,
      post_processor: postProcessor(metadata, kind === 'llama', config.bos_token),
    },
    config,
  };
}

/**
 * Control and user-defined tokens as `added_tokens` of tokenizer.json.
 *
 * @param spaces whether runs of spaces are tokens, which then match after the normalizer
 */
function addedTokens(tokens: readonly string[], types: readonly number[], spaces: boolean): Json[] {
  return tokens.flatMap((content, id) =>
    types[id] === control || types[id] === userDefined
      ? [
          {
            id,
            content,
            special: types[id] === control,
            single_word: false,
            lstrip: false,
            rstrip: false,
            normalized: spaces && onlySpaces.test(content),
          },
        ]
      : [],
  );
}

/** The content of tokenizer_config.json; a token that the file does not name is undefined. */
function tokenizerConfig(
  metadata: Metadata,
  tokens: readonly string[],
): Json & { readonly bos_token: string | undefined } {
  const named = (role: string): string | undefined => {
    const id = metadata.number(`tokenizer.ggml.${role}_token_id`);
    return id === undefined ? undefined : tokens[id];
  };
  return {
    bos_token: named('bos'),
    eos_token: named('eos'),
    pad_token: named('padding'),
    unk_token: named('unknown'),
    chat_template: metadata.text('tokenizer.chat_template'),
    clean_up_tokenization_spaces: false,
  };
}

/** The type of each token, or `normal` for all where the file has no types. */
function typesOf(metadata: Metadata, tokens: readonly string[]): readonly number[] {
  const types = metadata.numbers('tokenizer.ggml.token_type') ?? tokens.map(() => normal);
  if (types.length === tokens.length) return types;
  throw refused(metadata, `it has ${tokens.length} tokens but ${types.length} token types`);
}

function refused(metadata: Metadata, why: string): MarginError {
  return new MarginError(
    'unsupported-tokenizer',
    `${metadata.file}: ${why}. Put the model's tokenizer.json and tokenizer_config.json beside the file.`,
    { file: metadata.file },
  );
}

const vocabulary = (tokens: readonly string[]): Json => Object.fromEntries(tokens.map((token, id) => [token, id]));

/** GPT-2's byte-level BPE, with the merges of the file. */
function byteLevelBpe(metadata: Metadata, tokens: readonly string[]): Json {
  const name = metadata.text('tokenizer.ggml.pre') ?? 'none';
  const rule = Object.hasOwn(splitRules, name) ? splitRules[name] : undefined;
  if (!rule)
    throw refused(
      metadata,
      `Margin does not know its rule for splitting text, "${name}"; it knows ${Object.keys(splitRules).join(', ')}`,
    );
  const merges = metadata.texts('tokenizer.ggml.merges');
  if (!merges) throw refused(metadata, 'it has no merges');
  return {
    normalizer: rule.normalizer,
    pre_tokenizer: rule.pre,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: rule.ignoresMerges,
      vocab: vocabulary(tokens),
      merges,
    },
  };
}

const addsSpacePrefix = (metadata: Metadata): boolean => metadata.get('tokenizer.ggml.add_space_prefix') !== false;

/**
 * SentencePiece's BPE: two neighbours merge if together they are a token; the token with the highest score goes
 * first.
 */
function sentencePieceBpe(metadata: Metadata, tokens: readonly string[], types: readonly number[]): Json {
  const scores = metadata.numbers('tokenizer.ggml.scores');
  if (scores?.length !== tokens.length) throw refused(metadata, 'it does not have a score for each token');
  const prefix = addsSpacePrefix(metadata);
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
      unk_token: tokens[metadata.number('tokenizer.ggml.unknown_token_id') ?? defaultUnknownId],
      fuse_unk: true,
      byte_fallback: true,
      ignore_merges: false,
      vocab: vocabulary(tokens),
      merges: mergesOf(tokens, scores, types),
    },
  };
}

/**
 * The merges of SentencePiece's BPE in the order that tokenizer.json needs. For the tokens a, b, c, ab and abc the
 * merges are "a b" and "ab c", sorted by falling score of ab and abc.
 */
export function mergesOf(
  tokens: readonly string[],
  scores: readonly number[],
  types: readonly number[],
): [string, string][] {
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const found: { pair: [string, string]; score: number; left: number; right: number }[] = [];
  tokens.forEach((token, id) => {
    // Control tokens and byte tokens are not the result of a merge.
    if (at(types, id) !== normal) return;
    const letters = Array.from(token);
    for (let cut = 1; cut < letters.length; cut++) {
      const pair: [string, string] = [letters.slice(0, cut).join(''), letters.slice(cut).join('')];
      const [left, right] = [ids.get(pair[0]), ids.get(pair[1])];
      if (left !== undefined && right !== undefined) found.push({ pair, score: at(scores, id), left, right });
    }
  });
  return found.sort((a, b) => b.score - a.score || a.left - b.left || a.right - b.right).map(({ pair }) => pair);
}

/**
 * A post-processor that puts BOS before each text; null: none.
 *
 * @param addsByDefault whether BOS is added where the file has no `tokenizer.ggml.add_bos_token`
 */
function postProcessor(metadata: Metadata, addsByDefault: boolean, bos: string | undefined): Json | null {
  const adds = metadata.get('tokenizer.ggml.add_bos_token') ?? addsByDefault;
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
