import type { Column } from './column';
import { isSide } from './column';
import type { Sum } from './condition';
import { numberIn, type RowSource } from './evaluate';
import { fieldNamed } from './fields';
import type { LabelField } from './labels';
import { columnsOfSum, fieldsOfSum, isFact } from './queryPlan';
import type { SortText } from './sortText';
import { must } from '../../base/pure/must';

/** The texts of a field with few of them, such as `model` or `verdict`. */
export interface FieldTexts {
  readonly kind: 'texts';
  readonly field: string;
}

/** A number that the list shows, and that filters do not name. */
export interface ListNumber {
  readonly kind: 'listNumber';
  readonly of: 'strength' | 'weight';
}

/** What rows are sorted by. At a path of keys there may be a number or a text; rows with a number come first. */
export type SortKey = Sum | FieldTexts | ListNumber | SortText;

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
  switch (key.kind) {
    case 'texts':
      return isFact(key.field) ? [] : [{ kind: 'labels', field: key.field as LabelField }];
    case 'listNumber':
      return key.of === 'strength' ? [] : [weightColumn];
    case 'excerpt':
      return [{ kind: 'labels', field: key }];
    case 'textAt':
      return [numberAt(key.keys), { kind: 'labels', field: key }];
    default:
      return columnsOfSum(key);
  }
}

/** The names of the fields that rows are sorted by. */
export function fieldsOfSort(key: SortKey): string[] {
  switch (key.kind) {
    case 'texts':
      return [key.field];
    case 'listNumber':
      return [key.of];
    case 'excerpt':
    case 'textAt':
      return [];
    default:
      return fieldsOfSum(key);
  }
}

const weightColumn: Column = { kind: 'number', number: { kind: 'measure', field: 'weight', of: null } };

function numberAt(keys: readonly string[]): Column {
  return { kind: 'number', number: { kind: 'value', keys } };
}

/** The number or text of a row; null if it has none, undefined if it is not computed yet. */
export type RowSortValue = (row: number) => number | string | null | undefined;

/** Prepares a sort key, so that asking each of many rows is fast. Several texts of a row are joined. */
export function sortValueIn(key: SortKey, source: RowSource): RowSortValue {
  switch (key.kind) {
    case 'texts':
      return textsIn(key.field, source);
    case 'listNumber':
      return key.of === 'strength' ? source.fact('strength', null) : source.number(weightColumn);
    case 'excerpt':
      return textIn(key, source);
    case 'textAt': {
      const [number, text] = [source.number(numberAt(key.keys)), textIn(key, source)];
      return (row) => number(row) ?? text(row);
    }
    default:
      return numberIn(key, source);
  }
}

function textIn(field: SortText, source: RowSource): RowSortValue {
  const texts = source.labels({ kind: 'labels', field });
  return (row) => {
    const found = texts(row);
    return found === undefined ? undefined : (found[0] ?? null);
  };
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
