import type { Column } from './column';
import { isSide } from './column';
import type { Sum } from './condition';
import { numberIn, type RowSource } from './evaluate';
import { fieldNamed } from './fields';
import type { LabelField } from './labels';
import { columnsOfSum, fieldsOfSum, isFact } from './queryPlan';
import { must } from '../../base/pure/must';

/** The texts of a field with few of them, such as `model` or `verdict`. */
export interface FieldTexts {
  readonly kind: 'texts';
  readonly field: string;
}

/** What rows are sorted by: a number, or the texts of a field. */
export type SortKey = Sum | FieldTexts;

/**
 * Whether rows can be sorted by the texts of a field. Those of a side are too long, and `changed` needs a comparison
 * with another file, which only a filter asks for.
 */
export function hasSortableTexts(field: string): boolean {
  const known = fieldNamed(field);
  if (known === null || known.type === 'number' || known.part !== 'none') return false;
  return !isSide(known.name) && known.name !== 'changed';
}

/** What must be computed from rows to sort them. */
export function columnsOfSort(key: SortKey): Column[] {
  if (key.kind !== 'texts') return columnsOfSum(key);
  return isFact(key.field) ? [] : [{ kind: 'labels', field: key.field as LabelField }];
}

/** The names of the fields that rows are sorted by. */
export function fieldsOfSort(key: SortKey): string[] {
  return key.kind === 'texts' ? [key.field] : fieldsOfSum(key);
}

/** The number or text of a row; null if it has none, undefined if it is not computed yet. */
export type RowSortValue = (row: number) => number | string | null | undefined;

/** Prepares a sort key, so that asking each of many rows is fast. Several texts of a row are joined. */
export function sortValueIn(key: SortKey, source: RowSource): RowSortValue {
  return key.kind === 'texts' ? textsIn(key.field, source) : numberIn(key, source);
}

function textsIn(field: string, source: RowSource): RowSortValue {
  const { from } = must(fieldNamed(field), `the field ${field}`);
  const known = from === 'content' ? null : source.factTexts(field);
  const own = from === 'facts' ? null : source.labels({ kind: 'labels', field: field as LabelField });
  return (row) => {
    const computed = own ? own(row) : [];
    if (computed === undefined) return undefined;
    const texts = [...(known?.(row) ?? []), ...computed];
    return texts.length === 0 ? null : texts.join(', ');
  };
}

const collator = new Intl.Collator('en', { numeric: true });

/** The order of two texts in a sorted list: `llama-8b` comes before `llama-70b`. */
export function compareTexts(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : Number(a > b));
}

/** The place of each different text in their order, to sort many rows by numbers. */
export function ranksOf(texts: Iterable<string>): ReadonlyMap<string, number> {
  return new Map([...new Set(texts)].sort(compareTexts).map((text, rank) => [text, rank]));
}
