import { fieldNamed } from './fields';
import { parseSum } from './parseSum';
import { QueryReader } from './queryReader';
import { type FieldTexts, hasSortableTexts, type SortKey } from './sortKey';

/** What rows are sorted by. */
export interface SortOrder {
  readonly by: SortKey;
  readonly descending: boolean;
}

/**
 * A number to sort by, with `-` before it for the highest first: `len(chosen)`, `-margin`, `len(chosen)/len(rejected)`;
 * or a field with few texts: `model`, `-verdict`.
 *
 * @throws BadQuery
 */
export function parseSort(text: string): SortOrder {
  const reader = new QueryReader(text);
  reader.skipSpace();
  const descending = reader.take(/[-−]\s*/y) !== null;
  const by = fieldTexts(reader) ?? parseSum(reader);
  reader.skipSpace();
  if (!reader.isAtEnd)
    reader.fail(reader.at, text.length, 'Only a number to sort by can stand here, such as len(chosen) or turns.');
  return { by, descending };
}

function fieldTexts(reader: QueryReader): FieldTexts | null {
  const name = reader.peek(/[\p{L}_]+(?=\s*$)/uy);
  if (name === null || !hasSortableTexts(name)) return null;
  reader.at += name.length;
  const field = fieldNamed(name);
  return field && { kind: 'texts', field: field.name };
}
