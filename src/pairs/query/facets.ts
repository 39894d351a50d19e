import type { Column } from './column';
import { fieldNamed } from './fields';
import type { LabelField } from './labels';
import { isMarkField } from './markTexts';
import { must } from '../../base/pure/must';

/** The fields whose values are counted, in the order of a person's interest. */
export const facetFields = [
  'verdict',
  'tag',
  'reviewed',
  'flag',
  'suspected',
  'problem',
  'severity',
  'ignored',
  'lang',
  'source',
  'model',
  'format',
  'kind',
  'label',
  'tie',
  'edited',
] as const;

/** The column of a field whose values are counted; null if they are known without the row. */
export function facetColumn(field: string): Column | null {
  if (isMarkField(field) || field === 'suspected' || field === 'edited') return null;
  return { kind: 'labels', field: field as LabelField };
}

/** Whether the values of a field are counted. */
export function isFacetField(field: string): boolean {
  return facetFields.some((one) => one === field);
}

/** The query for the rows with a value, to be added to a filter. */
export function facetQuery(field: string, value: string): string {
  const isWord = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(value) && value.toLowerCase() !== 'none';
  const written = isWord ? value : `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
  return must(fieldNamed(field), `the field ${field}`).type === 'choice'
    ? `${field}:${written}`
    : `${field}:=${written}`;
}
