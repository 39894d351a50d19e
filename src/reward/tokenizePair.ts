import { MarginError } from '../base/pure/marginError';
import type { Message, Pair } from '../pairs/pair';
import { at } from '../base/pure/must';
import { commonPrefix } from '../engine/packPairs';
import type { TokenizedPair } from '../engine/types';
import type { ChatTemplate } from '../model/chatTemplate';
import type { TextTokenizer } from '../model/tokenizer';
import type { JudgedAnswer } from '../pairs/judged';
import { rowError } from './rowError';
import { textArguments, withObjectArguments } from './toolArguments';

export interface TokenizeOptions {
  /** The most tokens of prompt and completion together; null: no limit. */
  readonly maxLength: number | null;
  /**
   * How missing BOS and EOS are added. `text`: the tokenizer's own rule adds BOS, and plain answers get EOS as text.
   * `tokens`: both are added as token ids to any text, also to chats (trl 1.16 `cpo_trainer.py` and `orpo_trainer.py`,
   * tokenize_row). `text` if left out.
   */
  readonly ends?: 'text' | 'tokens';
}

export const answerSides = ['chosen', 'rejected'] as const;
export type AnswerSide = (typeof answerSides)[number];
/** A value for each answer. */
export type Answers<T> = Readonly<Record<AnswerSide, T>>;

export interface TokenizeResult {
  /** null: the prompt alone fills `maxLength`. TRL leaves such rows out. */
  readonly pair: TokenizedPair | null;
  /** The prompt's tokens, even if `pair` is null. */
  readonly prompt: readonly number[];
  /** The tokens that `maxLength` cuts from the end of each answer. */
  readonly lost: Answers<readonly number[]>;
  /** Whether the prompt's tokens are not the start of prompt + answer. TRL only warns, and so does Margin. */
  readonly mismatched: Answers<boolean>;
}

/** {@link TokenizeResult} for one judged answer. */
export interface JudgedTokens {
  /** The tokens of the answer that fit; null: the prompt alone fills `maxLength`. */
  readonly kept: readonly number[] | null;
  readonly prompt: readonly number[];
  readonly lost: readonly number[];
  readonly mismatched: boolean;
}

/** An answer with the name of its field in the row. */
interface NamedAnswer {
  readonly field: string;
  readonly messages: readonly Message[];
}

/** A prompt and answers to it, before truncation. */
export interface TokenizedAnswers {
  readonly prompt: readonly number[];
  readonly answers: readonly (readonly number[])[];
  /** For each answer: whether the prompt has other tokens alone than before the answer. */
  readonly mismatched: readonly boolean[];
}

/** The texts to tokenise: the prompt, and the prompt with each answer. */
interface Texts {
  readonly prompt: string;
  readonly answers: readonly { readonly field: string; readonly text: string }[];
  readonly special: boolean;
}

type PromptOf = Pick<Pair, 'style' | 'prompt' | 'tools'>;

/**
 * Tokenises a pair by TRL's rules (trl 1.16 `dpo_trainer.py`, tokenize_fn):
 *
 * - The prompt, and the prompt with each completion, are tokenised. The prompt ends where the first of the completions
 *   differs from the prompt's own tokens.
 * - Strings get EOS if they do not end with it. Message lists end as the chat template ends them.
 * - Truncation keeps the start (`keep_start`), for each side separately.
 *
 * TRL's CPO and ORPO keep a row whose prompt alone fills `maxLength`, and divide by the zero tokens of its answers.
 * Here such a row is left out, as in DPO.
 *
 * @throws MarginError `no-chat-template` | `no-eos-token` for the whole model; the errors of template and tokenizer for
 *   this row, with its `field`
 */
export function tokenizePair(
  pair: Pair,
  tokenizer: TextTokenizer,
  { maxLength, ends = 'text' }: TokenizeOptions,
): TokenizeResult {
  const named = answerSides.map((field) => ({ field, messages: pair[field] }));
  const { prompt, answers, mismatched } = tokenizeAnswers(pair, named, tokenizer, ends);
  const [chosen, rejected] = [at(answers, 0), at(answers, 1)];
  const room = roomFor(prompt, maxLength);
  return {
    pair: room === 0 ? null : { prompt, chosen: chosen.slice(0, room), rejected: rejected.slice(0, room) },
    prompt,
    lost: { chosen: chosen.slice(room), rejected: rejected.slice(room) },
    mismatched: { chosen: at(mismatched, 0), rejected: at(mismatched, 1) },
  };
}

/** {@link tokenizePair} for a judged answer. */
export function tokenizeJudged(
  source: JudgedAnswer,
  tokenizer: TextTokenizer,
  { maxLength, ends = 'text' }: TokenizeOptions,
): JudgedTokens {
  const named = [{ field: 'completion', messages: source.completion }];
  const { prompt, answers, mismatched } = tokenizeAnswers(source, named, tokenizer, ends);
  const answer = at(answers, 0);
  const room = roomFor(prompt, maxLength);
  const kept = room === 0 ? null : answer.slice(0, room);
  return { kept, prompt, lost: answer.slice(room), mismatched: at(mismatched, 0) };
}

/** The tokens that an answer may have after a prompt. @param maxLength null: no limit */
const roomFor = (prompt: readonly number[], maxLength: number | null): number =>
  Math.max(0, (maxLength ?? Number.POSITIVE_INFINITY) - prompt.length);

/** Tokenises a prompt with any number of answers, without truncation. */
function tokenizeAnswers(
  source: PromptOf,
  answers: readonly NamedAnswer[],
  tokenizer: TextTokenizer,
  ends: 'text' | 'tokens',
): TokenizedAnswers {
  return tokenizer.limit.run(() => tokenizeWhole(source, answers, tokenizer, ends));
}

function tokenizeWhole(
  source: PromptOf,
  answers: readonly NamedAnswer[],
  tokenizer: TextTokenizer,
  ends: 'text' | 'tokens',
): TokenizedAnswers {
  const plain = source.style === 'plain' || (source.style === 'transcript' && !tokenizer.chat);
  const texts = plain
    ? plainTexts(source, answers, ends === 'text' ? eosOf(tokenizer) : '')
    : chatTexts(source, answers, tokenizer);
  const encode =
    ends === 'text'
      ? (text: string): number[] => tokenizer.encode(text, texts.special)
      : (text: string): number[] => withBos(tokenizer.encode(text, false), tokenizer);
  const whole = withField('prompt', () => encode(texts.prompt));
  const fulls = texts.answers.map(({ field, text }) =>
    withField(field, () => (ends === 'text' ? encode(text) : withEos(encode(text), tokenizer))),
  );
  const shared = fulls.map((full) => commonPrefix(whole, full));
  const prompt = whole.slice(0, Math.min(...shared));
  return {
    prompt,
    answers: fulls.map((full) => full.slice(prompt.length)),
    mismatched: shared.map((length) => length < whole.length),
  };
}

/** Runs `work` and adds the field of the row to its errors. */
function withField<T>(field: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw rowError(error, field);
  }
}

const withBos = (ids: number[], { bosId }: TextTokenizer): number[] =>
  bosId === null || ids[0] === bosId ? ids : [bosId, ...ids];

function withEos(ids: number[], tokenizer: TextTokenizer): number[] {
  eosOf(tokenizer);
  const { eosId } = tokenizer;
  return eosId === null || ids.at(-1) === eosId ? ids : [...ids, eosId];
}

function chatTexts({ prompt, tools }: PromptOf, answers: readonly NamedAnswer[], { chat }: TextTokenizer): Texts {
  if (!chat) {
    throw new MarginError(
      'no-chat-template',
      'The rows are conversations, but the model has no chat template (chat_template in tokenizer_config.json). Use a chat model, or rows whose prompt, chosen and rejected are strings.',
    );
  }
  return {
    prompt: rendered(chat, { field: 'prompt', messages: prompt }, true, tools),
    answers: answers.map(({ field, messages }) => ({
      field,
      text: rendered(chat, { field, messages: [...prompt, ...messages] }, false, tools),
    })),
    special: false,
  };
}

function rendered(
  chat: ChatTemplate,
  { field, messages }: NamedAnswer,
  asksAnswer: boolean,
  tools: PromptOf['tools'],
): string {
  try {
    return chat.render(messages, asksAnswer, tools);
  } catch (error) {
    const [text] = textArguments(messages);
    if (text === undefined || !renders(chat, withObjectArguments(messages), asksAnswer, tools))
      throw rowError(error, field);
    throw new MarginError(
      'text-arguments',
      `${text.path} is JSON text, but the template needs an object: write ${shortened(text.text)} without the quotes around it.`,
      { field },
    );
  }
}

function renders(chat: ChatTemplate, ...row: Parameters<ChatTemplate['render']>): boolean {
  try {
    chat.render(...row);
    return true;
  } catch {
    // So the template fails for another reason.
    return false;
  }
}

const shortened = (text: string): string => (text.length <= 60 ? text : `${text.slice(0, 60)}…`);

const speakers: Readonly<Record<string, string>> = { user: 'Human', assistant: 'Assistant' };

function eosOf({ eosToken }: TextTokenizer): string {
  if (eosToken === null)
    throw new MarginError(
      'no-eos-token',
      'The tokenizer names no eos_token (tokenizer_config.json), which ends a completion of plain text.',
    );
  return eosToken;
}

function plainTexts(pair: PromptOf, answers: readonly NamedAnswer[], eosToken: string): Texts {
  const content = (messages: readonly Message[]): string =>
    pair.style === 'plain'
      ? messages.map((message) => message.content).join('')
      : messages.map((message) => `\n\n${speakers[message.role] ?? message.role}: ${message.content}`).join('');
  const prompt = pair.style === 'plain' ? content(pair.prompt) : `${content(pair.prompt)}\n\nAssistant:`;
  const side = ({ field, messages }: NamedAnswer): Texts['answers'][number] => {
    const text = pair.style === 'plain' ? content(messages) : ` ${messages.map((message) => message.content).join('')}`;
    return { field, text: prompt + (text.endsWith(eosToken) ? text : text + eosToken) };
  };
  return { prompt, answers: answers.map(side), special: true };
}
