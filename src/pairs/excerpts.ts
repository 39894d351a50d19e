import { checkedRow } from './checkedRow';
import type { Message } from './pair';
import type { AnsweredRow } from './readPair';

/** The most characters of a text in the list. More do not fit into any window. */
const maxText = 200;

/** What the list shows of the prompt of a row: the start of its last user turn. */
export function promptExcerpt(result: AnsweredRow): string {
  const { prompt, answers } = checkedRow(result);
  const turn = prompt.findLast(({ role }) => role === 'user') ?? prompt.at(-1) ?? answers[0]?.turns[0];
  // A pair without a prompt and with an empty answer has an empty excerpt.
  return turn === undefined ? '' : lineOf(turn.content);
}

/** What the list shows of an answer: the start of its last turn; an empty text if it has no turn. */
export function answerExcerpt(turns: readonly Message[] | null): string {
  const turn = turns?.at(-1);
  return turn === undefined ? '' : lineOf(turn.content);
}

/** The start of a text as one line. */
export function lineOf(text: string): string {
  return text.slice(0, maxText).replaceAll(/\s+/g, ' ').trim();
}
