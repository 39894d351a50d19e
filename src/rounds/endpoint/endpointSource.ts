import { inTurns } from '../../base/pure/inTurns';
import type { AnswerSettings, AnswerSource, AskedAnswer } from '../answerSource';
import type { ChatRequest, EndpointClient } from './endpointClient';

/** Requests that are under way together. */
const atOnce = 4;

/** The request for an answer. Other fields of turns are not sent. */
export function answerRequest(
  model: string,
  { prompt, seed }: AskedAnswer,
  { temperature, top_p, max_new_tokens }: AnswerSettings,
): ChatRequest {
  const messages = prompt.map(({ role, content }) => ({ role, content }));
  return { model, messages, temperature, top_p, max_tokens: max_new_tokens, seed };
}

/** The answers of a model at an endpoint. */
export function endpointSource(client: EndpointClient): AnswerSource {
  return {
    answer: (asked, settings, signal) =>
      inTurns(asked, atOnce, (one) => client.chat(answerRequest(client.address.model, one, settings), signal)),
  };
}
