import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { TimeLimit } from '../base/node/timeLimit';
import { errorMessage, MarginError } from '../base/pure/marginError';
import { ChatTemplate } from './chatTemplate';
import { parseObject } from './fields';
import { readText, requireText } from './readText';
import { rememberSections } from './sectionMemo';
import { refuseUnequal } from './tokenizerLimits';
import { rewritten, spaceTaker } from './tokenizerRewrites';

/** The largest known tokenizer.json (Gemma 3) has 33 MB. */
const maxTokenizerBytes = 1 << 27;
/** tokenizer_config.json with thousands of added tokens has about 1 MB. */
const maxTokenizerConfigBytes = 1 << 24;

/** The largest tokenizer.json takes about 3 s to read. */
const openMs = 60_000;
/** A row of a million characters takes about 2 s. */
const rowMs = 10_000;

/** Text to ids and back, with what the model's files say about special tokens and chat. */
export interface TextTokenizer {
  /** @param special add BOS and the like, as the tokenizer's own post-processor does; rendered chats bring theirs */
  encode(text: string, special: boolean): number[];
  /** @param special with special tokens, and with each space as it was encoded */
  decode(ids: readonly number[], special?: boolean): string;
  /**
   * Time that the model's own template and patterns may take over a row. Each call here is within it; who makes several
   * calls for a row goes around them all, which is cheaper.
   */
  readonly limit: TimeLimit;
  readonly bosId: number | null;
  readonly eosToken: string | null;
  readonly eosId: number | null;
  /** null: the model has no chat template, so message lists cannot be trained. */
  readonly chat: ChatTemplate | null;
}

/**
 * tokenizer.json and tokenizer_config.json of a checkpoint folder.
 *
 * @param vocabSize rows of the model's embedding; ids beyond them would read past it
 * @throws MarginError `missing-file` | `bad-config` | `vocabulary-mismatch` | `unsupported-tokenizer`
 */
export async function openTokenizer(folder: string, vocabSize: number): Promise<TextTokenizer> {
  const file = join(folder, 'tokenizer.json');
  const configFile = join(folder, 'tokenizer_config.json');
  const config = parseObject((await readText(configFile, maxTokenizerConfigBytes)) ?? '{}', configFile);
  const definition = parseObject(await requireText(file, maxTokenizerBytes), file);
  refuseUnequal(definition, file);
  const opening = new TimeLimit(
    openMs,
    'slow-tokenizer',
    `${file} cannot be read in a bearable time. Use another model.`,
  );
  const tokenizer = opening.run(() => build(rewritten(definition), config, file));
  const limit = new TimeLimit(
    rowMs,
    'slow-tokenizer',
    `The chat template or a pattern in ${folder} takes too long over this row. Shorten the row, or use another model.`,
  );
  let highest = -1;
  for (const id of tokenizer.get_vocab().values()) highest = Math.max(highest, id);
  if (highest >= vocabSize) {
    throw new MarginError(
      'vocabulary-mismatch',
      `${file} has token id ${highest}, but the model's embedding has ${vocabSize} rows. The tokenizer belongs to another model.`,
    );
  }
  const special = specialTokens(config);
  const templateFile = join(folder, 'chat_template.jinja');
  const own = await readText(templateFile, maxTokenizerConfigBytes);
  const source = own ?? templateOf(config.chat_template);
  const eosToken = special.eos_token ?? null;
  const idOf = (token: string | null): number | null =>
    token === null ? null : (tokenizer.token_to_id(token) ?? null);
  const takeSpace = spaceTaker(definition);
  const prepared = (text: string): string => takeSpace(wellFormed(text));
  const encodeBare = rememberSections(definition, (text) => tokenizer.encode(text, { add_special_tokens: false }).ids);
  return {
    encode: (text, addSpecial) =>
      limit.run(() => (addSpecial ? tokenizer.encode(prepared(text)).ids : encodeBare(prepared(text)))),
    decode: (ids, withSpecial = false) =>
      ids.length === 0
        ? ''
        : limit.run(() =>
            tokenizer.decode(
              [...ids],
              withSpecial ? { clean_up_tokenization_spaces: false } : { skip_special_tokens: true },
            ),
          ),
    limit,
    bosId: idOf(special.bos_token ?? null),
    eosToken,
    eosId: idOf(eosToken),
    chat: source === null ? null : new ChatTemplate(source, own === null ? configFile : templateFile, special, limit),
  };
}

/** Half a surrogate pair is no character, and is written as U+FFFD wherever text leaves JavaScript. */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

function build(
  definition: Readonly<Record<string, unknown>>,
  config: Readonly<Record<string, unknown>>,
  file: string,
): Tokenizer {
  try {
    return new Tokenizer(definition, { ...config });
  } catch (error) {
    throw new MarginError('bad-config', `${file} is no tokenizer that can be read: ${errorMessage(error)}`, { file });
  }
}

/** A special token is a string or, in older files, an object with `content`. */
function specialTokens(config: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = ['bos_token', 'eos_token', 'pad_token', 'unk_token'].flatMap((name) => {
    const value = config[name];
    const text = typeof value === 'object' && value !== null && 'content' in value ? value.content : value;
    return typeof text === 'string' ? [[name, text] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** One template, or a list of named ones of which `default` counts. */
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
