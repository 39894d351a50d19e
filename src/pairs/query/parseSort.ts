import type { Sum } from './condition';
import { fieldNamed } from './fields';
import { parseSum } from './parseSum';
import { QueryReader } from './queryReader';
import { type FieldTexts, hasSortableTexts, type ListNumber, type SortKey } from './sortKey';
import { excerptSides, type SortText } from './sortText';

/** What rows are sorted by. */
export interface SortOrder {
  readonly by: SortKey;
  readonly descending: boolean;
}

/**
 * A number to sort by, with `-` before it for the highest first: `len(chosen)`, `-margin`, `len(chosen)/len(rejected)`;
 * a field with few texts: `model`, `-verdict`; a key of the rows, whatever is there: `.meta.topic`; or what the list of
 * pairs shows in another column: `prompt`, `chosen`, `rejected`, `strength`, `weight`.
 *
 * @throws BadQuery
 */
export function parseSort(text: string): SortOrder {
  const reader = new QueryReader(text);
  reader.skipSpace();
  const descending = reader.take(/[-−]\s*/y) !== null;
  const by = named(reader) ?? keyed(parseSum(reader));
  reader.skipSpace();
  if (!reader.isAtEnd)
    reader.fail(reader.at, text.length, 'Only a number to sort by can stand here, such as len(chosen) or turns.');
  return { by, descending };
}

/** A key of the rows is more than a number: its value may be a text. */
function keyed(sum: Sum): SortKey {
  return sum.kind === 'value' ? { kind: 'textAt', keys: sum.keys } : sum;
}

function named(reader: QueryReader): FieldTexts | ListNumber | SortText | null {
  const name = reader.peek(/[\p{L}_]+(?=\s*$)/uy);
  if (name === null) return null;
  const key = keyNamed(name);
  if (key !== null) reader.at += name.length;
  return key;
}

function keyNamed(name: string): FieldTexts | ListNumber | SortText | null {
  const lower = name.toLowerCase();
  const side = excerptSides.find((one) => one === lower);
  if (side !== undefined) return { kind: 'excerpt', side };
  if (lower === 'strength' || lower === 'weight') return { kind: 'listNumber', of: lower };
  const field = hasSortableTexts(name) ? fieldNamed(name) : null;
  return field && { kind: 'texts', field: field.name };
}
