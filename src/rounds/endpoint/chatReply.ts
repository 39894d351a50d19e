import { isRecord } from '../../base/pure/isRecord';
import { MarginError } from '../../base/pure/marginError';
import { parseJsonObject } from '../../base/node/smallFile';
import type { GivenAnswer } from '../answerSource';

/** Characters of a wrong answer that an error shows. */
const shownCharacters = 200;

/**
 * The answer in the body of a chat completion. `tokens` is 0 if the server does not count them.
 *
 * @param from the address, for errors
 * @throws MarginError `endpoint-answer`
 */
export function answerIn(body: string, from: string): GivenAnswer {
  const refuse = (what: string): never => {
    const start = body.slice(0, shownCharacters);
    throw new MarginError('endpoint-answer', `${from} answered ${what}: ${JSON.stringify(start)}`, { endpoint: from });
  };
  const value = jsonIn(body);
  if (value === null) return refuse('with something that is not a JSON object');
  const choices = value['choices'];
  const choice: unknown = Array.isArray(choices) ? choices[0] : null;
  const message = isRecord(choice) ? choice['message'] : null;
  const content = isRecord(message) ? message['content'] : null;
  if (!isRecord(choice) || typeof content !== 'string') return refuse('without a message (choices[0].message.content)');
  const reason = choice['finish_reason'];
  if (reason !== 'stop' && reason !== 'length') return refuse('without the finish_reason stop or length');
  const usage = value['usage'];
  const tokens = isRecord(usage) ? usage['completion_tokens'] : null;
  const counted = Number.isSafeInteger(tokens) && Number(tokens) >= 0 ? Number(tokens) : 0;
  return { text: content, tokens: counted, finish: reason };
}

function jsonIn(body: string): Readonly<Record<string, unknown>> | null {
  try {
    return parseJsonObject(body, 'the answer');
  } catch {
    return null;
  }
}
