import { MarginError } from '../pairs/marginError';
import type { Message, Pair } from '../pairs/pair';
import type { TokenizedPair } from '../engine/types';
import type { TextTokenizer } from '../model/tokenizer';

export interface TokenizeOptions {
  /** Tokens of prompt + completion; null: no limit. */
  readonly maxLength: number | null;
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
 * TRL's rule (trl 1.16 `dpo_trainer.py`, tokenize_fn): the prompt and the prompt with each completion are tokenised, the
 * completion is what follows the prompt's *length*; strings get EOS if they lack it, message lists end as the chat template
 * ends them. Truncation is `keep_start`, a side at a time.
 *
 * @throws MarginError `no-chat-template` | `no-eos-token`
 */
export function tokenizePair(pair: Pair, tokenizer: TextTokenizer, { maxLength }: TokenizeOptions): TokenizeResult {
  const texts = pair.style === 'plain' || (pair.style === 'transcript' && !tokenizer.chat) ? plainTexts(pair, tokenizer) : chatTexts(pair, tokenizer);
  const prompt = tokenizer.encode(texts.prompt, texts.special);
  const limit = maxLength ?? Number.POSITIVE_INFINITY;
  const sides = [texts.chosen, texts.rejected].map((text) => {
    const full = tokenizer.encode(text, texts.special);
    const completion = full.slice(prompt.length);
    const kept = completion.slice(0, Math.max(0, limit - prompt.length));
    return { kept, cut: kept.length < completion.length, mismatch: prompt.some((id, i) => id !== full[i]) };
  });
  const counts = { truncated: sides.filter(({ cut }) => cut).length, mismatched: sides.filter(({ mismatch }) => mismatch).length };
  if (prompt.length >= limit) return { pair: null, ...counts };
  return { pair: { prompt, chosen: sides[0]?.kept ?? [], rejected: sides[1]?.kept ?? [] }, ...counts };
}

function chatTexts({ prompt, chosen, rejected, tools }: Pair, { chat }: TextTokenizer): Texts {
  if (!chat) {
    throw new MarginError('no-chat-template', 'The rows are conversations, but the model has no chat template (chat_template in tokenizer_config.json). Use a chat model, or rows whose prompt, chosen and rejected are strings.');
  }
  const full = (answer: readonly Message[]): string => chat.render([...prompt, ...answer], false, tools);
  return { prompt: chat.render(prompt, true, tools), chosen: full(chosen), rejected: full(rejected), special: false };
}

const speakers: Readonly<Record<string, string>> = { user: 'Human', assistant: 'Assistant' };

function plainTexts(pair: Pair, { eosToken }: TextTokenizer): Texts {
  if (eosToken === null) throw new MarginError('no-eos-token', 'The tokenizer names no eos_token (tokenizer_config.json), which ends a completion of plain text.');
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
