import { MarginError } from '../pairs/marginError';
import type { Message, Pair } from '../pairs/pair';
import type { TokenizedPair } from '../engine/types';
import type { TextTokenizer } from '../model/tokenizer';

export interface TokenizeOptions {
  /** Tokens of prompt + completion; null: no limit. */
  readonly maxLength: number | null;
  /**
   * Who adds BOS and EOS where they are missing: `text`, the tokenizer's own rule for BOS and EOS as text behind plain answers; `tokens`,
   * both as ids around whatever is tokenised, chats included (trl 1.16 `cpo_trainer.py` and `orpo_trainer.py`, tokenize_row).
   */
  readonly ends?: 'text' | 'tokens';
}

export interface TokenizeResult {
  /** null: the prompt alone fills `maxLength`, TRL leaves such rows out. */
  readonly pair: TokenizedPair | null;
  /** Sides that lost their end, and with it their EOS. */
  readonly truncated: number;
  /** Sides where the prompt's tokens are not the start of prompt + completion; TRL only warns, so do we. */
  readonly mismatched: number;
}

/** What the tokenizer is given: the prompt, and prompt + completion for both sides. */
interface Texts {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
  readonly special: boolean;
}

/**
 * TRL's rule (trl 1.16 `dpo_trainer.py`, tokenize_fn): the prompt and the prompt with each completion are tokenised, completions begin
 * where the first of them leaves the prompt's tokens; strings get EOS if they lack it, message lists end as the chat template ends them.
 * Truncation is `keep_start`, a side at a time. Where TRL's CPO and ORPO keep a row whose prompt alone fills `maxLength`, and divide by
 * the zero tokens of its answers, the row is left out here as in DPO.
 *
 * @throws MarginError `no-chat-template` | `no-eos-token`
 */
export function tokenizePair(pair: Pair, tokenizer: TextTokenizer, { maxLength, ends = 'text' }: TokenizeOptions): TokenizeResult {
  const plain = pair.style === 'plain' || (pair.style === 'transcript' && !tokenizer.chat);
  const texts = plain ? plainTexts(pair, ends === 'text' ? eosOf(tokenizer) : '') : chatTexts(pair, tokenizer);
  const encode = ends === 'text' ? (text: string): number[] => tokenizer.encode(text, texts.special) : (text: string): number[] => withBos(tokenizer.encode(text, false), tokenizer);
  const whole = encode(texts.prompt);
  const fulls = [texts.chosen, texts.rejected].map((text) => (ends === 'text' ? encode(text) : withEos(encode(text), tokenizer)));
  const shared = fulls.map((full) => commonStart(whole, full));
  const prompt = whole.slice(0, Math.min(...shared));
  const limit = maxLength ?? Number.POSITIVE_INFINITY;
  const [chosen = [], rejected = []] = fulls.map((full) => full.slice(prompt.length));
  const kept = (side: readonly number[]): number[] => side.slice(0, Math.max(0, limit - prompt.length));
  const counts = {
    truncated: [chosen, rejected].filter((side) => kept(side).length < side.length).length,
    mismatched: shared.filter((length) => length < whole.length).length,
  };
  if (prompt.length >= limit) return { pair: null, ...counts };
  return { pair: { prompt, chosen: kept(chosen), rejected: kept(rejected) }, ...counts };
}

function commonStart(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((id, i) => id !== b[i]);
  return differs < 0 ? a.length : differs;
}

const withBos = (ids: number[], { bosId }: TextTokenizer): number[] => (bosId === null || ids[0] === bosId ? ids : [bosId, ...ids]);

function withEos(ids: number[], tokenizer: TextTokenizer): number[] {
  eosOf(tokenizer);
  const { eosId } = tokenizer;
  return eosId === null || ids.at(-1) === eosId ? ids : [...ids, eosId];
}

function chatTexts({ prompt, chosen, rejected, tools }: Pair, { chat }: TextTokenizer): Texts {
  if (!chat) {
    throw new MarginError('no-chat-template', 'The rows are conversations, but the model has no chat template (chat_template in tokenizer_config.json). Use a chat model, or rows whose prompt, chosen and rejected are strings.');
  }
  const full = (answer: readonly Message[]): string => chat.render([...prompt, ...answer], false, tools);
  return { prompt: chat.render(prompt, true, tools), chosen: full(chosen), rejected: full(rejected), special: false };
}

const speakers: Readonly<Record<string, string>> = { user: 'Human', assistant: 'Assistant' };

function eosOf({ eosToken }: TextTokenizer): string {
  if (eosToken === null) throw new MarginError('no-eos-token', 'The tokenizer names no eos_token (tokenizer_config.json), which ends a completion of plain text.');
  return eosToken;
}

function plainTexts(pair: Pair, eosToken: string): Texts {
  const content = (messages: readonly Message[]): string =>
    pair.style === 'plain'
      ? messages.map((message) => message.content).join('')
      : messages.map((message) => `\n\n${speakers[message.role] ?? message.role}: ${message.content}`).join('');
  const prompt = pair.style === 'plain' ? content(pair.prompt) : `${content(pair.prompt)}\n\nAssistant:`;
  const side = (messages: readonly Message[]): string => {
    const text = pair.style === 'plain' ? content(messages) : ` ${messages.map((message) => message.content).join('')}`;
    return prompt + (text.endsWith(eosToken) ? text : text + eosToken);
  };
  return { prompt, chosen: side(pair.chosen), rejected: side(pair.rejected), special: true };
}
