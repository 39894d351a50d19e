import { join } from 'node:path';
import { isRecord } from '../../base/pure/isRecord';
import { type Json, parseObject } from '../fields';
import { readText, requireText } from '../readText';
import { maxTokenizerBytes, maxTokenizerConfigBytes, readTemplate, specialTokens } from '../tokenizer';
import { mergesOfFile, splitRuleName } from './byteLevelKeys';
import { scoresOf, addsSpace } from './sentencePieceKeys';
import { unsupportedGguf } from './unsupported';
import { vocabularyOf, type Vocabulary } from './vocabulary';
import type { WrittenValue } from './write';

type Keys = readonly (readonly [key: string, value: WrittenValue])[];

/** GGUF's names of the special tokens of tokenizer_config.json, and their keys in config.json. */
const roles = [
  ['bos', 'bos_token', 'bos_token_id'],
  ['eos', 'eos_token', 'eos_token_id'],
  ['unknown', 'unk_token', null],
  ['padding', 'pad_token', 'pad_token_id'],
] as const;

/**
 * The tokenizer of a checkpoint folder as keys of a GGUF file: byte-level BPE (`gpt2`) or SentencePiece's BPE
 * (`llama`), with the chat template. A part that llama.cpp would compute in another way is refused.
 *
 * @param size rows of the embedding
 * @param model config.json, which names special tokens that tokenizer_config.json does not
 * @throws MarginError `unsupported-gguf` naming the part, and those of reading the files
 */
export async function tokenizerKeys(folder: string, size: number, model: Json): Promise<Keys> {
  const [file, configFile] = [join(folder, 'tokenizer.json'), join(folder, 'tokenizer_config.json')];
  const definition = parseObject(await requireText(file, maxTokenizerBytes), file);
  const config = parseObject((await readText(configFile, maxTokenizerConfigBytes)) ?? '{}', configFile);
  const bpe = isRecord(definition.model) ? definition.model : {};
  if (bpe.type !== 'BPE' && bpe.type !== undefined)
    throw unsupportedGguf(file, `its model is "${String(bpe.type)}", and Margin writes BPE only`);
  const vocabulary = vocabularyOf(definition, size, file);
  const template = await readTemplate(folder, config.chat_template);
  const kind =
    bpe.byte_fallback === true ? sentencePiece(definition, vocabulary, file) : byteLevel(definition, vocabulary, file);
  return [
    ...kind,
    ...specialKeys(specialTokens(config), model, vocabulary, configFile),
    ...addedAtEnds(definition, specialTokens(config), file),
    ...(template ? [['tokenizer.chat_template', { text: template.source }] as const] : []),
  ];
}

function byteLevel(definition: Json, { tokens, types }: Vocabulary, file: string): Keys {
  return [
    ['tokenizer.ggml.model', { text: 'gpt2' }],
    ['tokenizer.ggml.pre', { text: splitRuleName(definition, file) }],
    ['tokenizer.ggml.tokens', { texts: tokens }],
    ['tokenizer.ggml.token_type', { i32s: types }],
    ['tokenizer.ggml.merges', { texts: mergesOfFile(definition, file).map((pair) => pair.join(' ')) }],
  ];
}

function sentencePiece(definition: Json, vocabulary: Vocabulary, file: string): Keys {
  return [
    ['tokenizer.ggml.model', { text: 'llama' }],
    ['tokenizer.ggml.pre', { text: 'default' }],
    ['tokenizer.ggml.add_space_prefix', { bool: addsSpace(definition, file) }],
    ['tokenizer.ggml.tokens', { texts: vocabulary.tokens }],
    ['tokenizer.ggml.scores', { f32s: scoresOf(mergesOfFile(definition, file), vocabulary, file) }],
    ['tokenizer.ggml.token_type', { i32s: vocabulary.types }],
  ];
}

function specialKeys(
  named: Readonly<Record<string, string>>,
  model: Json,
  { ids }: Vocabulary,
  configFile: string,
): Keys {
  return roles.flatMap(([role, token, idKey]) => {
    const content = named[token];
    const id = content === undefined ? idKey && model[idKey] : ids.get(content);
    if (content !== undefined && id === undefined)
      throw unsupportedGguf(configFile, `its ${token}, ${JSON.stringify(content)}, is not in the vocabulary`);
    return typeof id === 'number' ? [[`tokenizer.ggml.${role}_token_id`, { u32: id }] as const] : [];
  });
}

/** Whether BOS and EOS are put around each text: what the post-processor of tokenizer.json does. */
function addedAtEnds(
  definition: Json,
  { bos_token: bos, eos_token: eos }: Readonly<Record<string, string>>,
  file: string,
): Keys {
  const names = templateOf(definition.post_processor).map((item) =>
    isRecord(item) && isRecord(item.SpecialToken) ? item.SpecialToken.id : null,
  );
  const text = names.indexOf(null);
  const [before, after] = text < 0 ? [names, []] : [names.slice(0, text), names.slice(text + 1)];
  const isOnly = (around: readonly unknown[], token: string | undefined): boolean =>
    around.length === 0 || (around.length === 1 && around[0] === token);
  if (!isOnly(before, bos) || !isOnly(after, eos))
    throw unsupportedGguf(file, `its post-processor puts ${names.filter(Boolean).join(', ')} around a text`);
  return [
    ['tokenizer.ggml.add_bos_token', { bool: before.length > 0 }],
    ['tokenizer.ggml.add_eos_token', { bool: after.length > 0 }],
  ];
}

/** The `single` list of a TemplateProcessing, which may be a step of a Sequence. */
function templateOf(processor: unknown): readonly unknown[] {
  if (!isRecord(processor)) return [];
  if (processor.type === 'Sequence' && Array.isArray(processor.processors))
    return processor.processors.flatMap(templateOf);
  return processor.type === 'TemplateProcessing' && Array.isArray(processor.single) ? processor.single : [];
}
