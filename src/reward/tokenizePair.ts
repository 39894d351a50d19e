import { MarginError } from '../base/pure/marginError';
import type { Message, Pair } from '../pairs/pair';
import { commonStart } from '../engine/packPairs';
import type { TokenizedPair } from '../engine/types';
import type { ChatTemplate } from '../model/chatTemplate';
import type { TextTokenizer } from '../model/tokenizer';
import type { JudgedAnswer } from '../pairs/judged';
import { rowError } from './rowError';
import { textArguments, withObjectArguments } from './toolArguments';

export interface TokenizeOptions {
  /** Tokens of prompt + completion; null: no limit. */
  readonly maxLength: number | null;
  /**
   * Who adds BOS and EOS where they are missing: `text`, the tokenizer's own rule for BOS and EOS as text behind plain
   * answers; `tokens`, both as ids around whatever is tokenised, chats included (trl 1.16 `cpo_trainer.py` and
   * `orpo_trainer.py`, tokenize_row).
   */
  readonly ends?: 'text' | 'tokens';
}

export const answerSides = ['chosen', 'rejected'] as const;
export type AnswerSide = (typeof answerSides)[number];
/** One of each answer. */
export type Answers<T> = Readonly<Record<AnswerSide, T>>;

export interface TokenizeResult {
  /** null: the prompt alone fills `maxLength`, TRL leaves such rows out. */
  readonly pair: TokenizedPair | null;
  /** Also where there is no pair. */
  readonly prompt: readonly number[];
  /** What `maxLength` took from the end of each answer. */
  readonly lost: Answers<readonly number[]>;
  /** Whether the prompt's tokens are not the start of prompt + answer; TRL only warns, so do we. */
  readonly mismatched: Answers<boolean>;
}

/** As {@link TokenizeResult}, of one judged answer. */
export interface JudgedTokens {
  /** What is kept of the answer; null: the prompt alone fills `maxLength`. */
  readonly kept: readonly number[] | null;
  readonly prompt: readonly number[];
  readonly lost: readonly number[];
  readonly mismatched: boolean;
}

/** An answer, and the field of the row that it is from. */
interface NamedAnswer {
  readonly field: string;
  readonly messages: readonly Message[];
}

/** A prompt and answers to it, before truncation. */
export interface TokenizedAnswers {
  readonly prompt: readonly number[];
  readonly answers: readonly (readonly number[])[];
  /** Of each answer, whether the prompt by itself has other tokens than in front of it. */
  readonly mismatched: readonly boolean[];
}

/** What the tokenizer is given: the prompt, and the prompt with each answer. */
interface Texts {
  readonly prompt: string;
  readonly answers: readonly { readonly field: string; readonly text: string }[];
  readonly special: boolean;
}

type Asked = Pick<Pair, 'style' | 'prompt' | 'tools'>;

/**
 * TRL's rule (trl 1.16 `dpo_trainer.py`, tokenize_fn): the prompt and the prompt with each completion are tokenised,
 * completions begin where the first of them leaves the prompt's tokens; strings get EOS if they lack it, message lists
 * end as the chat template ends them. Truncation is `keep_start`, a side at a time. Where TRL's CPO and ORPO keep a row
 * whose prompt alone fills `maxLength`, and divide by the zero tokens of its answers, the row is left out here as in
 * DPO.
 *
 * @throws MarginError `no-chat-template` | `no-eos-token` of the whole model; what template or tokenizer throw over
 *   this row, with its `field`
 */
export function tokenizePair(
  pair: Pair,
  tokenizer: TextTokenizer,
  { maxLength, ends = 'text' }: TokenizeOptions,
): TokenizeResult {
  const named = answerSides.map((field) => ({ field, messages: pair[field] }));
  const {
    prompt,
    answers: [chosen = [], rejected = []],
    mismatched: [first = false, second = false],
  } = tokenizeAnswers(pair, named, tokenizer, ends);
  const room = Math.max(0, (maxLength ?? Number.POSITIVE_INFINITY) - prompt.length);
  return {
    pair: room === 0 ? null : { prompt, chosen: chosen.slice(0, room), rejected: rejected.slice(0, room) },
    prompt,
    lost: { chosen: chosen.slice(room), rejected: rejected.slice(room) },
    mismatched: { chosen: first, rejected: second },
  };
}

/** As {@link tokenizePair}, of a judged answer. */
export function tokenizeJudged(
  source: JudgedAnswer,
  tokenizer: TextTokenizer,
  { maxLength, ends = 'text' }: TokenizeOptions,
): JudgedTokens {
  const named = [{ field: 'completion', messages: source.completion }];
  const {
    prompt,
    answers: [answer = []],
    mismatched: [mismatched = false],
  } = tokenizeAnswers(source, named, tokenizer, ends);
  const room = Math.max(0, (maxLength ?? Number.POSITIVE_INFINITY) - prompt.length);
  return { kept: room === 0 ? null : answer.slice(0, room), prompt, lost: answer.slice(room), mismatched };
}

/** As {@link tokenizePair}, of any number of answers and without truncation. */
function tokenizeAnswers(
  asked: Asked,
  answers: readonly NamedAnswer[],
  tokenizer: TextTokenizer,
  ends: 'text' | 'tokens',
): TokenizedAnswers {
  return tokenizer.limit.run(() => tokenizeWhole(asked, answers, tokenizer, ends));
}

function tokenizeWhole(
  asked: Asked,
  answers: readonly NamedAnswer[],
  tokenizer: TextTokenizer,
  ends: 'text' | 'tokens',
): TokenizedAnswers {
  const plain = asked.style === 'plain' || (asked.style === 'transcript' && !tokenizer.chat);
  const texts = plain
    ? plainTexts(asked, answers, ends === 'text' ? eosOf(tokenizer) : '')
    : chatTexts(asked, answers, tokenizer);
  const encode =
    ends === 'text'
      ? (text: string): number[] => tokenizer.encode(text, texts.special)
      : (text: string): number[] => withBos(tokenizer.encode(text, false), tokenizer);
  const whole = named('prompt', () => encode(texts.prompt));
  const fulls = texts.answers.map(({ field, text }) =>
    named(field, () => (ends === 'text' ? encode(text) : withEos(encode(text), tokenizer))),
  );
  const shared = fulls.map((full) => commonStart(whole, full));
  const prompt = whole.slice(0, Math.min(...shared));
  return {
    prompt,
    answers: fulls.map((full) => full.slice(prompt.length)),
    mismatched: shared.map((length) => length < whole.length),
  };
}

/** What goes wrong in `work` is told with the field of the row that it was at. */
function named<T>(field: string, work: () => T): T {
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

function chatTexts({ prompt, tools }: Asked, answers: readonly NamedAnswer[], { chat }: TextTokenizer): Texts {
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
  tools: Asked['tools'],
): string {
  try {
    return chat.render(messages, asksAnswer, tools);
  } catch (error) {
    const [text] = textArguments(messages);
    if (text === undefined || !renders(chat, withObjectArguments(messages), asksAnswer, tools))
      throw rowError(error, field);
    throw new MarginError(
      'text-arguments',
      `${text.path} is JSON text, the template wants an object: write ${shortened(text.text)} without the quotes around it.`,
      { field },
    );
  }
}

function renders(chat: ChatTemplate, ...row: Parameters<ChatTemplate['render']>): boolean {
  try {
    chat.render(...row);
    return true;
  } catch {
    // Then the arguments are not what the template fails on.
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

function plainTexts(pair: Asked, answers: readonly NamedAnswer[], eosToken: string): Texts {
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
