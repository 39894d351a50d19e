import { isRecord } from '../base/pure/isRecord';
import type { Message } from './pair';

/** A call of a tool, for a person to read. */
export interface ToolCall {
  readonly name: string;
  /** JSON with two spaces of indentation; the text itself if it is not JSON. */
  readonly input: string;
}

/**
 * The calls of a turn: OpenAI's `tool_calls`, whose arguments are an object or JSON text.
 *
 * `{"tool_calls": [{"function": {"name": "add", "arguments": "{\"a\": 1}"}}]}` has one call, `add` with `{ "a": 1 }`.
 */
export function callsOf(turn: Message): readonly ToolCall[] {
  const calls: unknown = 'tool_calls' in turn ? turn.tool_calls : null;
  const list: readonly unknown[] = Array.isArray(calls) ? calls : isRecord(calls) ? [calls] : [];
  return list.map((call) => {
    const inner = isRecord(call) && isRecord(call['function']) ? call['function'] : call;
    if (!isRecord(inner)) return { name: '?', input: JSON.stringify(call) };
    const { name, arguments: input } = inner;
    return { name: typeof name === 'string' ? name : '?', input: indented(input) };
  });
}

function indented(input: unknown): string {
  if (typeof input !== 'string') return JSON.stringify(input ?? null, null, 2);
  try {
    return JSON.stringify(JSON.parse(input), null, 2);
  } catch {
    // Not JSON: a person sees the text as it is.
    return input;
  }
}
