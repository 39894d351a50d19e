import type { CheckedRow } from './checkedRow';
import { type Problem, problem } from './problem';

/** A warning for `tools` that a chat template does not get. */
export function toolProblems({ keys, value }: CheckedRow): Problem[] {
  const tools = value['tools'] ?? [];
  if (!keys.includes('tools') || Array.isArray(tools) || (typeof tools === 'string' && isJsonList(tools))) return [];
  const message = '"tools" must be a list of JSON schemas, or such a list as a JSON string; it is ignored now.';
  return [problem('warning', 'wrong-tools', 'tools', message)];
}

/** An error for a `weight` that is not a number at least 0. */
export function weightProblems({ value }: CheckedRow): Problem[] {
  const weight = value['weight'] ?? null;
  if (weight === null || (typeof weight === 'number' && weight >= 0)) return [];
  const message = "weight multiplies the row's loss, so it must be a number at least 0: correct it, or rename the key.";
  return [problem('error', 'bad-weight', 'weight', message)];
}

function isJsonList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    // Not JSON: the caller reports the key.
    return false;
  }
}
