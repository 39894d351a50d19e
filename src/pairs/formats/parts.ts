import { isRecord } from '../../base/pure/isRecord';
import { must } from '../../base/pure/must';
import type { JsonObject } from '../json';
import type { Message } from '../pair';
import { isMessage, isMessageList, readMessages, writeMessages } from './messages';
import { textOf } from './text';

/**
 * Where a row keeps some turns of a conversation. A format is made of parts: some for the prompt, one for each answer.
 */
export interface Part {
  /** Parts of the same shape can exchange their values. */
  readonly shape: 'text' | 'messages' | 'message' | 'other';
  /** The keys it reads. */
  readonly keys: readonly string[];
  /** The keys that it reads in one row, for parts with a choice of keys; {@link keys} if left out. */
  keysIn?(value: JsonObject): readonly string[];
  /** Whether the row has these turns in this shape. */
  fits(value: JsonObject): boolean;
  read(value: JsonObject): readonly Message[];
  /** `value` with these turns in place of the ones it had. */
  write(value: JsonObject, turns: readonly Message[]): JsonObject;
  /** The fields of an empty row. */
  blank(): JsonObject;
}

type Role = 'system' | 'user' | 'assistant';

/** One turn as a text: `{"question": "2 + 2?"}`. */
export function text(key: string, role: Role): Part {
  return {
    shape: 'text',
    keys: [key],
    fits: (value) => typeof value[key] === 'string',
    read: (value) => [{ role, content: String(value[key]) }],
    write: (value, turns) => ({ ...value, [key]: textOf(turns) }),
    blank: () => ({ [key]: '' }),
  };
}

/** A part that rows may lack: no key, null, or an empty text or list means no turns. */
export function optional(part: Part): Part {
  const lacks = (value: JsonObject): boolean => part.keys.every((key) => holdsNothing(value[key]));
  return {
    ...part,
    fits: (value) => lacks(value) || part.fits(value),
    read: (value) => (lacks(value) ? [] : part.read(value)),
    write: (value, turns) => (lacks(value) && turns.length === 0 ? value : part.write(value, turns)),
    blank: () => ({}),
  };
}

/** Turns as a list of messages: `{"messages": [{"role": "user", "content": "2 + 2?"}]}`. */
export function messages(key: string, role: Role): Part {
  return {
    shape: 'messages',
    keys: [key],
    fits: (value) => isMessageList(value[key]) && value[key].length > 0,
    read: (value) => readMessages(value[key]),
    write: (value, turns) => ({ ...value, [key]: writeMessages(value[key], turns) }),
    blank: () => ({ [key]: [{ role, content: '' }] }),
  };
}

/** One turn as a message: `{"chosen": {"role": "assistant", "content": "4"}}`. */
export function message(key: string, role: Role): Part {
  return {
    shape: 'message',
    keys: [key],
    fits: (value) => isMessage(value[key]),
    read: (value) => readMessages([value[key]]),
    write: (value, turns) => {
      const [first, ...more] = writeMessages([value[key]], turns);
      return { ...value, [key]: more.length === 0 ? first : [first, ...more] };
    },
    blank: () => ({ [key]: { role, content: '' } }),
  };
}

/** The first of several parts that fits a row; an empty row has the shape of the first. */
export function oneOf(first: Part, ...more: readonly Part[]): Part {
  const parts = [first, ...more];
  const of = (value: JsonObject): Part => parts.find((part) => part.fits(value)) ?? first;
  return {
    shape: 'other',
    keys: [...new Set(parts.flatMap(({ keys }) => keys))],
    keysIn: (value) => keysRead(of(value), value),
    fits: (value) => parts.some((part) => part.fits(value)),
    read: (value) => of(value).read(value),
    write: (value, turns) => of(value).write(value, turns),
    blank: () => first.blank(),
  };
}

/** The keys that a part reads in a row. */
export function keysRead(part: Part, value: JsonObject): readonly string[] {
  return part.keysIn ? part.keysIn(value) : part.keys;
}

/** One turn as a text under the first of several keys that holds some; an empty row has the first key. */
export function oneText(names: readonly [string, ...(readonly string[])], role: Role): Part {
  const [first] = names;
  const nameIn = (value: JsonObject): string =>
    names.find((name) => typeof value[name] === 'string' && value[name] !== '') ??
    names.find((name) => typeof value[name] === 'string') ??
    first;
  const texts = new Map(names.map((name) => [name, text(name, role)]));
  const of = (value: JsonObject): Part => must(texts.get(nameIn(value)), 'the key of a text');
  return {
    shape: 'other',
    keys: names,
    keysIn: (value) => of(value).keys,
    fits: (value) => of(value).fits(value),
    read: (value) => of(value).read(value),
    write: (value, turns) => of(value).write(value, turns),
    blank: () => text(first, role).blank(),
  };
}

/** The system prompt of rows that keep it in a key of its own, under the names that tools use. */
export const systemText = optional(
  oneText(['system', 'system_prompt', 'system_message', 'system_instruction'], 'system'),
);

/** Earlier turns as pairs of texts or as messages; rows may lack them. */
export const earlierTurns = optional(oneOf(history('history'), messages('history', 'user')));

/**
 * Earlier turns as pairs of texts: `{"history": [["Hi", "Hello!"], ["How are you?", "Well."]]}` (LLaMA-Factory,
 * ms-swift).
 */
export function history(key: string): Part {
  const texts = (value: JsonObject): readonly string[] => (isHistory(value[key]) ? value[key].flat() : []);
  return {
    shape: 'other',
    keys: [key],
    fits: (value) => isHistory(value[key]),
    read: (value) => texts(value).map((content, i) => ({ role: i % 2 === 0 ? 'user' : 'assistant', content })),
    write: (value, turns) => {
      const rows = Math.ceil(turns.length / 2);
      return {
        ...value,
        [key]: Array.from({ length: rows }, (_, i) => turns.slice(2 * i, 2 * i + 2).map(({ content }) => content)),
      };
    },
    blank: () => ({ [key]: [] }),
  };
}

function isHistory(value: unknown): value is readonly (readonly string[])[] {
  return (
    Array.isArray(value) &&
    value.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every((one) => typeof one === 'string'))
  );
}

function holdsNothing(value: unknown): boolean {
  if ((value ?? null) === null || value === '') return true;
  return Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;
}
