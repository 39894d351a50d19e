import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import type { Message, Pair, Side } from './pair';

/**
 * The pair that a conversation gives at one of its turns. The conversation is the prompt with the answer that the turn
 * belongs to; a turn of the prompt is followed by the chosen answer.
 *
 * The turns up to this one become the prompt. What the assistant said then, up to the next turn of the user, becomes
 * the answer: the rejected one if the turn belongs to the rejected answer, else the chosen one. The other answer is
 * empty, for a person to write. At a turn of the assistant, this turn is the answer.
 *
 * @param row for messages, from 0
 * @throws MarginError `no-such-turn`; `no-split` if no answer follows, or if the pair would be the one that is split
 */
export function splitPair(pair: Pair, { row, side, turn }: { row: number; side: Side; turn: number }): Pair {
  const answerSide = side === 'rejected' ? 'rejected' : 'chosen';
  const turns = [...pair.prompt, ...pair[answerSide]];
  const index = side === 'prompt' ? turn : pair.prompt.length + turn;
  if (turn < 0 || turn >= pair[side].length)
    throw new MarginError('no-such-turn', `Row ${row + 1} has no turn ${turn + 1} in ${side}.`, { row, turn });
  const start = at(turns, index).role === 'assistant' ? index : index + 1;
  const answer = answerFrom(turns, start);
  if (answer.length === 0) throw noSplit(row, 'No answer of the assistant follows this turn');
  if (start === pair.prompt.length && answer.length === pair[answerSide].length)
    throw noSplit(row, 'The new pair would have the prompt and the answer of this one');
  const [written, open] = [answer, [{ role: 'assistant', content: '' }]];
  const { style, tools } = pair;
  return {
    style,
    prompt: turns.slice(0, start),
    chosen: answerSide === 'chosen' ? written : open,
    rejected: answerSide === 'chosen' ? open : written,
    ...(tools ? { tools } : {}),
  };
}

/** What the assistant said from a turn on, with its tools, up to the next turn of somebody else. */
function answerFrom(turns: readonly Message[], start: number): readonly Message[] {
  if (turns[start]?.role !== 'assistant') return [];
  const end = turns.findIndex(({ role }, i) => i > start && role !== 'assistant' && role !== 'tool');
  return turns.slice(start, end < 0 ? turns.length : end);
}

function noSplit(row: number, why: string): MarginError {
  return new MarginError('no-split', `Row ${row + 1} cannot be split here. ${why}: choose an earlier turn.`, { row });
}
