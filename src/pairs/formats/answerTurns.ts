import type { RatedAnswer } from '../answerList';
import { type JsonObject, sameJson } from '../json';
import type { Message } from '../pair';
import { isMessage, isMessageList, readMessages, writeMessages } from './messages';
import { textOf } from './text';

/** What a list of answers needs to write one back. */
export type WrittenAnswer = Pick<RatedAnswer, 'turns' | 'value'>;

/**
 * The turns of an answer that is a text, a message or a list of messages; empty for a null answer. Null for anything
 * else.
 */
export function turnsOf(value: unknown): readonly Message[] | null {
  if (value === null) return [];
  if (typeof value === 'string') return [{ role: 'assistant', content: value }];
  if (isMessage(value)) return readMessages([value]);
  return isMessageList(value) && value.length > 0 ? readMessages(value) : null;
}

/** The text, message or list of messages of an answer with other turns; the same value if the turns are equal. */
export function withTurns(before: unknown, turns: WrittenAnswer['turns']): unknown {
  if (sameJson(turnsOf(before), turns)) return before;
  if (Array.isArray(before)) return writeMessages(before, turns);
  if (!isMessage(before)) return textOf(turns);
  const [first, ...more] = writeMessages([before], turns);
  return more.length === 0 ? first : [first, ...more];
}

/** A score or rank as the row writes its numbers: a number, or its text. */
export function withNumber(before: unknown, value: number | null): unknown {
  return typeof before === 'string' && value !== null ? String(value) : value;
}

/** An answer that is an object, with other turns under the first key that has some. */
export function withTurnsIn(item: JsonObject, keys: readonly string[], turns: WrittenAnswer['turns']): JsonObject {
  const key = keys.find((one) => turnsOf(item[one]) !== null);
  return key === undefined ? item : { ...item, [key]: withTurns(item[key], turns) };
}
