import { at } from '../base/pure/must';
import { sameJson } from '../pairs/json';
import type { JsonEntry, JsonNode } from '../pairs/scanJson';
import { scanConfig } from './configFields';

/** A new value of a key as JSON text, which is written as it is; null removes the key. */
export interface KeyEdit {
  readonly name: string;
  readonly json: string | null;
}

/** Text that replaces a span of another text. Offsets count UTF-16 units. */
export interface SpanChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type JsonObject = JsonNode & { readonly kind: 'object' };

/**
 * Changes keys of a config's text and keeps all other bytes: the order of keys, spacing, and how other values are
 * written. A new key comes last, spaced as the key before it. A value that stays the same keeps its text. An empty text
 * becomes an object.
 *
 * @throws FieldProblem if the text is not a JSON object
 */
export function editConfig(text: string, edits: readonly KeyEdit[]): string {
  const start = text.trim() === '' ? '{}\n' : text;
  return edits.reduce((before, edit) => applied(before, editKey(before, edit)), start);
}

/** The shortest replacement that turns one text into another; null if they are equal. */
export function changedSpan(before: string, after: string): SpanChange | null {
  if (before === after) return null;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let same = 0;
  while (same < most - start && before.at(-1 - same) === after.at(-1 - same)) same++;
  return { start, end: before.length - same, text: after.slice(start, after.length - same) };
}

function applied(text: string, change: SpanChange | null): string {
  return change ? text.slice(0, change.start) + change.text + text.slice(change.end) : text;
}

function editKey(text: string, { name, json }: KeyEdit): SpanChange | null {
  const root = scanConfig(text);
  const index = root.entries.findIndex(({ key }) => key === name);
  const entry = root.entries[index];
  if (json === null) return entry ? removal(root, index) : null;
  if (!entry) return insertion(text, root, JSON.stringify(name), json);
  const { start, end } = entry.value;
  const isSame = sameJson(JSON.parse(text.slice(start, end)), JSON.parse(json));
  return isSame ? null : { start, end, text: json };
}

/** Removes an entry with one comma. */
function removal({ start, end, entries }: JsonObject, index: number): SpanChange {
  const entry = at(entries, index);
  const [before, after] = [entries[index - 1], entries[index + 1]];
  if (before) return { start: before.value.end, end: entry.value.end, text: '' };
  if (after) return { start: entry.keyStart, end: after.keyStart, text: '' };
  return { start: start + 1, end: end - 1, text: '' };
}

function insertion(text: string, root: JsonObject, name: string, json: string): SpanChange {
  const last = root.entries.at(-1);
  if (!last) {
    const line = text.includes('\r\n') ? '\r\n' : '\n';
    return { start: root.start, end: root.end, text: `{${line}  ${name}: ${json}${line}}` };
  }
  const { end } = last.value;
  return { start: end, end, text: `,${spaceBefore(text, root, last)}${name}${colonOf(text, last)}${json}` };
}

/** The space between the key and the comma or bracket before it. */
function spaceBefore(text: string, root: JsonObject, entry: JsonEntry): string {
  const before = text.slice(root.start + 1, entry.keyStart);
  return /[ \t\r\n]*$/.exec(before)?.[0] ?? '';
}

/** The text between a key and its value. */
function colonOf(text: string, { keyStart, value }: JsonEntry): string {
  return /[ \t\r\n]*:[ \t\r\n]*$/.exec(text.slice(keyStart, value.start))?.[0] ?? ':';
}
