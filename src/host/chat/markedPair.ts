import { MarginError } from '../../base/pure/marginError';
import type { Pair } from '../../pairs/pair';
import { type Conversation, textOf } from './conversation';

/**
 * The pair of a turn whose answers are marked. Its prompt is what the model of the chosen answer has read.
 *
 * @param system the system prompt
 * @throws MarginError `not-marked`, `same-answers`, `not-ended`, `no-turn`
 */
export function markedPair(conversation: Conversation, turn: number, system: string): Pair {
  const { chosen, rejected } = conversation.turn(turn);
  const [better, worse] = [chosen, rejected].map((column) =>
    column === null ? null : conversation.answer({ turn, column }),
  );
  if (!better || !worse || chosen === null)
    throw new MarginError('not-marked', 'Mark the better answer as chosen and the worse one as rejected first.');
  if (better.state !== 'done' || worse.state !== 'done')
    throw new MarginError('not-ended', 'Wait until both answers have ended, or stop them.');
  const [good, bad] = [textOf(better), textOf(worse)];
  if (good === bad) throw new MarginError('same-answers', 'Both answers are the same text, so they are no pair.');
  return {
    style: 'chat',
    prompt: conversation.messages(turn, chosen, system),
    chosen: [{ role: 'assistant', content: good }],
    rejected: [{ role: 'assistant', content: bad }],
  };
}
