import { isRecord } from '../../base/pure/isRecord';
import { MarginError } from '../../base/pure/marginError';
import type { Format } from '../formats/format';
import { toolsPath } from '../formatKeys';
import type { JsonObject } from '../json';
import { valueAt, withValueAt } from '../own/keyPath';
import type { AnsweredRow } from '../readPair';
import { writeLine } from '../writeLine';
import { toolsMistakes } from './toolsMistakes';

/** The tools of a row, to be edited as JSON. */
export interface RowTools {
  /** JSON in several lines, or what else the row has in the place of tools; empty if it has nothing there. */
  readonly text: string;
  /** The names of the functions; those without a name are left out. */
  readonly names: readonly string[];
  /** Whether the row keeps the list as a JSON string. */
  readonly asText: boolean;
  /** Why the tools cannot be edited here; null if they can. */
  readonly refusal: string | null;
}

type ToolsFormat = Pick<Format, 'keys' | 'label' | 'toolsAt' | 'toolsAsText'>;

/** The tools of a row. */
export function rowTools({ format, value }: AnsweredRow): RowTools {
  const path = toolsPath(format);
  if (path === null) return { text: '', names: [], asText: false, refusal: noPlace(format) };
  const found = valueAt(value, path) ?? null;
  const asText = found === null ? format.toolsAsText === true : typeof found === 'string';
  const tools: unknown = typeof found === 'string' ? parsed(found) : found;
  const names = Array.isArray(tools) ? tools.flatMap(nameOf) : [];
  if (found === null) return { text: '', names, asText, refusal: null };
  if (hasInfinite(tools)) return { text: '', names, asText, refusal: infinite };
  return { text: tools === undefined ? String(found) : JSON.stringify(tools, null, 2), names, asText, refusal: null };
}

/**
 * The line of a row with other tools, in the shape that the row has: a list, or its JSON as a text. All other bytes
 * stay, and so do the tools that are equal.
 *
 * @param text JSON of a list; an empty text removes the tools
 * @throws MarginError `no-tools` if they cannot be edited, or if `text` is not JSON of a list or has an infinite number
 */
export function withTools(line: string, result: AnsweredRow, text: string): string {
  const { format, value } = result;
  const path = toolsPath(format);
  const { asText, refusal } = rowTools(result);
  if (path === null || refusal !== null) throw new MarginError('no-tools', refusal ?? noPlace(format));
  if (text.trim() === '') return writeLine(line, without(value, path));
  const wrong = toolsMistakes(text, asText).find(({ stops }) => stops);
  if (wrong) throw new MarginError('no-tools', `Line ${wrong.line} of the tools: ${wrong.message}`);
  const tools: unknown = JSON.parse(text);
  return writeLine(line, withValueAt(value, path, asWritten(valueAt(value, path), tools, format)));
}

/** The tools as the row has them. A text keeps the spacing and the numbers of the tools that stay. */
function asWritten(before: unknown, tools: unknown, { toolsAsText }: ToolsFormat): unknown {
  if (typeof before === 'string')
    return parsed(before) === undefined ? JSON.stringify(tools) : writeLine(before, tools);
  return toolsAsText === true && !Array.isArray(before) ? JSON.stringify(tools) : tools;
}

function without(value: JsonObject, [key = '', ...rest]: readonly string[]): JsonObject {
  const inner = value[key];
  if (rest.length > 0 && isRecord(inner)) return { ...value, [key]: without(inner, rest) };
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key || rest.length > 0));
}

function noPlace({ label }: ToolsFormat): string {
  return `Rows of ${label} have no place for tools. Convert the file to chats of TRL or OpenAI, which have one.`;
}

const infinite = 'The tools hold a number beyond 1.8e308, which would be lost. Edit the row as text.';

/** Whether a value has a number that JSON text may hold and a double does not: it is read as infinite. */
function hasInfinite(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasInfinite);
}

function nameOf(tool: unknown): readonly string[] {
  const called = isRecord(tool) && isRecord(tool['function']) ? tool['function'] : tool;
  const name = isRecord(called) ? called['name'] : null;
  return typeof name === 'string' && name !== '' ? [name] : [];
}

/** The value of a JSON text; undefined if it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the person sees the text itself.
    return undefined;
  }
}
