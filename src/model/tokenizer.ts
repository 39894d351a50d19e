import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { TimeLimit } from '../base/node/timeLimit';
import { errorMessage, MarginError } from '../base/pure/marginError';
import { ChatTemplate } from './chatTemplate';
import { parseObject } from './fields';
import { readText, requireText } from './readText';
import { rememberSections } from './sectionMemo';
import { refuseUnsupported } from './tokenizerLimits';
import { rewriteDefinition, spaceStripper } from './tokenizerRewrites';

/** The largest known tokenizer.json (Gemma 3) has 33 MB. */
export const maxTokenizerBytes = 1 << 27;
/** tokenizer_config.json with thousands of added tokens has about 1 MB. */
export const maxTokenizerConfigBytes = 1 << 24;

/** Time limit for opening a tokenizer. The largest known tokenizer.json takes about 3 s. */
const openMs = 60_000;
/** Time limit for a row, in milliseconds. A row of a million characters takes about 2 s. */
const defaultRowMs = 10_000;

/** Encodes text to token ids and decodes them, with the special tokens and chat template of the model. */
export interface TextTokenizer {
  /**
   * @param special whether to add BOS and other special tokens, as the tokenizer's post-processor does. A rendered chat
   *   already has them.
   * @throws MarginError `slow-tokenizer`
   */
  encode(text: string, special: boolean): number[];
  /**
   * @param special whether to keep special tokens, and all spaces (no `clean_up_tokenization_spaces`); default false
   * @throws MarginError `slow-tokenizer`
   */
  decode(ids: readonly number[], special?: boolean): string;
  /**
   * Limits the time that the chat template and the tokenizer's regular expressions take for a row. Each call here runs
   * within it. Code that makes several calls for a row can run all of them inside one `limit.run`, which is faster.
   */
  readonly limit: TimeLimit;
  readonly bosId: number | null;
  readonly eosToken: string | null;
  readonly eosId: number | null;
  /** Null: the model has no chat template, so it cannot train on lists of messages. */
  readonly chat: ChatTemplate | null;
}

/**
 * Opens the tokenizer of a checkpoint folder: tokenizer.json, tokenizer_config.json, and chat_template.jinja, which
 * takes precedence over the template in tokenizer_config.json.
 *
 * @param vocabSize rows of the model's embedding; a token id must be below it
 * @param rowMs milliseconds that the template and the patterns may take for a row
 * @throws MarginError `missing-file` | `bad-config` | `bad-template` | `vocabulary-mismatch` |
 *   `unsupported-tokenizer` | `slow-tokenizer`
 */
export async function openTokenizer(folder: string, vocabSize: number, rowMs = defaultRowMs): Promise<TextTokenizer> {
  const file = join(folder, 'tokenizer.json');
  const configFile = join(folder, 'tokenizer_config.json');
  const config = parseObject((await readText(configFile, maxTokenizerConfigBytes)) ?? '{}', configFile);
  const definition = parseObject(await requireText(file, maxTokenizerBytes), file);
  refuseUnsupported(definition, file);
  const slow = `${file} takes more than ${openMs / 1000} seconds to read. Use another model.`;
  const opening = new TimeLimit(openMs, 'slow-tokenizer', slow);
  const tokenizer = opening.run(() => build(rewriteDefinition(definition), config, file));
  const slowRow = `The chat template or a pattern in ${folder} takes too long for this row. Shorten the row, or use another model.`;
  const limit = new TimeLimit(rowMs, 'slow-tokenizer', slowRow);
  refuseLargeIds(tokenizer, vocabSize, file);
  const special = specialTokens(config);
  const eosToken = special.eos_token ?? null;
  const idOf = (token: string | null): number | null =>
    token === null ? null : (tokenizer.token_to_id(token) ?? null);
  const stripSpace = spaceStripper(definition);
  const prepared = (text: string): string => stripSpace(wellFormed(text));
  const encodeBare = rememberSections(definition, (text) => tokenizer.encode(text, { add_special_tokens: false }).ids);
  const template = await readTemplate(folder, config.chat_template);
  return {
    encode: (text, addSpecial) =>
      limit.run(() => (addSpecial ? tokenizer.encode(prepared(text)).ids : encodeBare(prepared(text)))),
    decode: (ids, withSpecial = false) => {
      // The library does not decode an empty list.
      if (ids.length === 0) return '';
      const options = withSpecial ? { clean_up_tokenization_spaces: false } : { skip_special_tokens: true };
      return limit.run(() => tokenizer.decode([...ids], options));
    },
    limit,
    bosId: idOf(special.bos_token ?? null),
    eosToken,
    eosId: idOf(eosToken),
    chat: template && new ChatTemplate(template.source, template.file, special, limit),
  };
}

/** Each token id needs a row in the embedding. A higher id would read memory behind the embedding. */
function refuseLargeIds(tokenizer: Tokenizer, vocabSize: number, file: string): void {
  let highest = -1;
  for (const id of tokenizer.get_vocab().values()) highest = Math.max(highest, id);
  if (highest < vocabSize) return;
  throw new MarginError(
    'vocabulary-mismatch',
    `${file} has the token id ${highest}, but the model's embedding has ${vocabSize} rows. The tokenizer belongs to another model.`,
  );
}

/** The chat template: chat_template.jinja, else `chat_template` of tokenizer_config.json; null: the model has none. */
export async function readTemplate(
  folder: string,
  configured: unknown,
): Promise<{ readonly source: string; readonly file: string } | null> {
  const file = join(folder, 'chat_template.jinja');
  const own = await readText(file, maxTokenizerConfigBytes);
  if (own !== null) return { source: own, file };
  const source = templateOf(configured);
  return source === null ? null : { source, file: join(folder, 'tokenizer_config.json') };
}

/** Half a surrogate pair is not a character. It becomes U+FFFD, as when JavaScript encodes text as UTF-8. */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

function build(
  definition: Readonly<Record<string, unknown>>,
  config: Readonly<Record<string, unknown>>,
  file: string,
): Tokenizer {
  try {
    return new Tokenizer(definition, { ...config });
  } catch (error) {
    throw new MarginError('bad-config', `${file} is not a valid tokenizer: ${errorMessage(error)}`, { file });
  }
}

/** The special tokens of tokenizer_config.json. Each is a string or, in older files, an object with `content`. */
export function specialTokens(config: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = ['bos_token', 'eos_token', 'pad_token', 'unk_token'].flatMap((name) => {
    const value = config[name];
    const text = typeof value === 'object' && value !== null && 'content' in value ? value.content : value;
    return typeof text === 'string' ? [[name, text] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** `chat_template` is one template, or a list of named templates. Margin uses the one named `default`. */
function templateOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return null;
  const found: unknown = value.find(
    (entry: unknown) => typeof entry === 'object' && entry !== null && 'name' in entry && entry.name === 'default',
  );
  return typeof found === 'object' && found !== null && 'template' in found && typeof found.template === 'string'
    ? found.template
    : null;
}
