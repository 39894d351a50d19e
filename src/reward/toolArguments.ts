import { isRecord } from '../base/pure/isRecord';
import { type JsonObject } from '../pairs/json';
import type { Message } from '../pairs/pair';

/** Arguments of a tool call that are an object as JSON text, as OpenAI's API writes them. */
export interface TextArguments {
  /** `tool_calls[0].function.arguments` */
  readonly path: string;
  readonly text: string;
}

/** The arguments of all tool calls in `messages` that are JSON text. */
export function textArguments(messages: readonly Message[]): TextArguments[] {
  return messages.flatMap((message) =>
    callsOf(message).flatMap((call, i) => {
      const inside = isRecord(call) && isRecord(call['function']);
      const text = argumentsOf(call);
      if (typeof text !== 'string' || parsedObject(text) === null) return [];
      return [{ path: `tool_calls[${i}].${inside ? 'function.' : ''}arguments`, text }];
    }),
  );
}

/** The messages with JSON text arguments parsed into objects. */
export function withObjectArguments(messages: readonly Message[]): Message[] {
  return messages.map((message) => {
    const calls = callsOf(message);
    return calls.length === 0 ? message : { ...message, tool_calls: calls.map(withObject) };
  });
}

function withObject(call: unknown): unknown {
  const text = argumentsOf(call);
  const parsed = typeof text === 'string' ? parsedObject(text) : null;
  if (parsed === null || !isRecord(call)) return call;
  const { function: inner } = call;
  return isRecord(inner) ? { ...call, function: { ...inner, arguments: parsed } } : { ...call, arguments: parsed };
}

/** The arguments of a call, as chat templates read it: `{"function": {"arguments"}}`, or without the wrapper. */
function argumentsOf(call: unknown): unknown {
  if (!isRecord(call)) return undefined;
  const { function: inner } = call;
  return (isRecord(inner) ? inner : call)['arguments'];
}

function callsOf(message: Message): readonly unknown[] {
  const calls: unknown = 'tool_calls' in message ? message.tool_calls : null;
  return Array.isArray(calls) ? calls : [];
}

function parsedObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    // It is not JSON, but some other text.
    return null;
  }
}
