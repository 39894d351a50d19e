import { alpacaQuestion } from '../formats/alpaca';
import { history, message, messages, oneOf, optional, type Part, text } from '../formats/parts';
import { shareGptList, shareGptTurn } from '../formats/shareGpt';
import type { OwnColumns } from './ownColumns';

/** Turns in any shape: a text, a message, a list of messages, or ShareGPT's turns. */
export function anyTurns(key: string, role: 'user' | 'assistant'): Part {
  return oneOf(text(key, role), messages(key, role), message(key, role), shareGptList(key), shareGptTurn(key));
}

/** The parts of the prompt of rows with such columns. Rows may lack the system prompt and the history. */
export function promptParts({ prompt, query }: OwnColumns): readonly [Part, ...Part[]] {
  const before = [optional(text('system', 'system')), optional(history('history'))] as const;
  if (query !== undefined) return [...before, alpacaQuestion];
  return prompt === undefined ? before : [...before, anyTurns('prompt', 'user')];
}
