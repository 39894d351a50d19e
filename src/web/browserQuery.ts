import { parseQuery } from '../pairs/query/parseQuery';
import { parseSort } from '../pairs/query/parseSort';
import type { Condition } from '../pairs/query/condition';
import { fieldsOf } from '../pairs/query/queryPlan';
import { fieldsOfSort } from '../pairs/query/sortKey';
import { isMarkField } from '../pairs/query/markTexts';
import { rewardFields } from '../pairs/query/rewardFields';
import { suspectFields } from '../pairs/suspects/verdict';
import { isTokenField } from '../pairs/tokens/rowTokens';
import type { View } from '../protocol/pairEditor';
import { needsDesktop } from './needsDesktop';

const rewards: ReadonlySet<string> = new Set([...rewardFields.map(({ name }) => name), ...suspectFields]);

/**
 * Refuses filters and sort orders on what the browser does not know, because they would find no row.
 *
 * @throws BadQuery; MarginError `needs-desktop`
 */
export function refuseUnknown({ filter, sort }: View): void {
  const condition = parseQuery(filter);
  const fields = [...fieldsOf(condition), ...(sort === 'row' ? [] : fieldsOfSort(parseSort(sort).by))];
  for (const field of fields) {
    const source = sourceOf(field);
    if (source !== null) throw needsDesktop(`${source} (${field})`);
  }
  if (hasPattern(condition)) throw needsDesktop('Searches for patterns, which have a time limit,');
}

/** Whether the browser knows the values of a field. */
export function isKnown(field: string): boolean {
  return sourceOf(field) === null;
}

/** Where the values of a field come from if the browser does not know them; null if it does. */
function sourceOf(field: string): string | null {
  if (rewards.has(field)) return 'Rewards';
  if (isMarkField(field) || field === 'strength' || field === 'ignored') return 'Marks of reviews';
  if (isTokenField(field)) return 'Token counts';
  if (field === 'changed') return 'Comparisons with other files';
  return field === 'lang' ? 'Detected languages' : null;
}

function hasPattern(condition: Condition): boolean {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.some(hasPattern);
    case 'not':
      return hasPattern(condition.part);
    case 'pattern':
      return true;
    case 'text':
      return condition.tests.some(({ kind }) => kind === 'matches');
    default:
      return false;
  }
}
