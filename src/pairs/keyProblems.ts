import type { CheckedRow } from './checkedRow';
import { valueAt } from './own/keyPath';
import { type Problem, problem } from './problem';
import { toolFaults } from './tools/toolShape';

/** Most faults that are named of one row; the others are counted. */
const mostFaults = 3;

/** Warnings for `tools` that a chat template does not get, or gets in another shape than it expects. */
export function toolProblems({ toolsPath, value }: CheckedRow): Problem[] {
  if (toolsPath === null) return [];
  const tools = valueAt(value, toolsPath) ?? [];
  // LLaMA-Factory writes an empty text where a row has no tools.
  if (tools === '') return [];
  const list: unknown = typeof tools === 'string' ? jsonOf(tools) : tools;
  if (!Array.isArray(list)) {
    const message = '"tools" must be a list of JSON schemas, or such a list as a JSON string; it is ignored now.';
    return [problem('warning', 'wrong-tools', 'tools', message)];
  }
  const faults = toolFaults(list, typeof tools === 'string');
  if (faults.length === 0) return [];
  const named = faults.slice(0, mostFaults).map(({ path, fix }) => `${path} ${fix}.`);
  const more = faults.length > mostFaults ? [`There are ${faults.length - mostFaults} more.`] : [];
  return [problem('warning', 'wrong-tools', 'tools', [...named, ...more].join(' '))];
}

/** An error for a `weight` that is not a number at least 0. */
export function weightProblems({ value }: CheckedRow): Problem[] {
  const weight = value['weight'] ?? null;
  if (weight === null || (typeof weight === 'number' && weight >= 0)) return [];
  const message = "weight multiplies the row's loss, so it must be a number at least 0: correct it, or rename the key.";
  return [problem('error', 'bad-weight', 'weight', message)];
}

/** The value of a JSON text; undefined if it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the caller reports the key.
    return undefined;
  }
}
