import { inTurns } from '../../base/pure/inTurns';
import type { Message } from '../../pairs/pair';
import type { AnswerSettings, AnswerSource, AskedAnswer } from '../answerSource';
import type { ChatRequest, EndpointClient } from './endpointClient';

/** Requests that are under way together. */
const atOnce = 4;

/**
 * The request for an answer. Other fields of turns are not sent. A language model of VS Code takes no seed, and knows
 * turns of users and assistants only.
 */
export function answerRequest(
  { address: { model }, isSeeded }: Pick<EndpointClient, 'address' | 'isSeeded'>,
  { prompt, seed }: AskedAnswer,
  { temperature, top_p, max_new_tokens }: AnswerSettings,
): ChatRequest {
  const known = (role: Message['role']): Message['role'] => (isSeeded || role === 'assistant' ? role : 'user');
  const messages = prompt.map(({ role, content }) => ({ role: known(role), content }));
  return { model, messages, temperature, top_p, max_tokens: max_new_tokens, ...(isSeeded ? { seed } : {}) };
}

/** The answers of a model at an endpoint. */
export function endpointSource(client: EndpointClient): AnswerSource {
  return {
    isSeeded: client.isSeeded,
    answer: (asked, settings, signal) =>
      inTurns(asked, atOnce, (one) => client.chat(answerRequest(client, one, settings), signal)),
  };
}
