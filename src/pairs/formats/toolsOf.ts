import type { JsonObject } from '../json';

/** The tools of a row, for {@link Pair.tools}. TRL accepts a list of JSON schemas, or such a list as a JSON string. */
export function toolsOf(value: JsonObject): { tools?: readonly unknown[] } {
  const tools = value['tools'];
  if (Array.isArray(tools)) return { tools };
  const parsed = typeof tools === 'string' ? parseList(tools) : undefined;
  return parsed ? { tools: parsed } : {};
}

function parseList(text: string): readonly unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    // Not JSON: the checks report the key, and the pair is read without tools.
    return undefined;
  }
}
