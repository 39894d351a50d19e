import { isRecord } from '../../../base/pure/isRecord';
import { meantLabel } from '../../judgedShape';
import type { Reading } from '../../reading';
import { writeLine } from '../../writeLine';
import type { Fix } from './fix';

/** A text, or NaN outside of texts, with a sign perhaps. */
const textOrNaN = /"(?:[^"\\]|\\.)*"|[+-]?\bNaN\b/g;
/** Names that tools use for roles. */
const roles: Readonly<Record<string, string>> = {
  human: 'user',
  user: 'user',
  gpt: 'assistant',
  chatgpt: 'assistant',
  bot: 'assistant',
  ai: 'assistant',
  model: 'assistant',
  assistant: 'assistant',
  system: 'system',
  tool: 'tool',
};

/** Fixes of the JSON of a row. */
export const rowFixes: readonly Fix[] = [
  { rule: 'not-json', title: 'Write null for NaN', isSafe: true, apply: withoutNaN },
  { rule: 'unknown-role', title: 'Rename the role', isSafe: true, apply: (line) => changed(line, withRoles) },
  { rule: 'label-not-boolean', title: 'Write true or false', isSafe: true, apply: withLabel },
];

/** NaN is what Python writes for a missing number. A line that is still not JSON stays as it is. */
function withoutNaN(line: string): string {
  const next = line.replaceAll(textOrNaN, (found) => (found.startsWith('"') ? found : 'null'));
  return isJson(next) ? next : line;
}

function withRoles(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withRoles);
  if (!isRecord(value)) return value;
  const { role } = value;
  const known = typeof role === 'string' && 'content' in value ? roles[role.trim().toLowerCase()] : undefined;
  const entries = Object.entries(value).map(([key, item]) => [key, key === 'tools' ? item : withRoles(item)] as const);
  return { ...Object.fromEntries(entries), ...(known === undefined ? {} : { role: known }) };
}

function withLabel(line: string, { columns }: Reading): string {
  if (columns !== null) return line;
  return changed(line, (value) => {
    const label = isRecord(value) ? meantLabel(value['label']) : null;
    return isRecord(value) && label !== null ? { ...value, label } : value;
  });
}

function changed(line: string, change: (value: unknown) => unknown): string {
  return isJson(line) ? writeLine(line, change(JSON.parse(line))) : line;
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    // The caller leaves the line as it is.
    return false;
  }
}
