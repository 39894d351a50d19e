import { withoutField } from '../../../src/pairs/query/withoutField';
import { BadQuery } from '../../../src/pairs/query/queryError';
import type { ComparisonOverview } from '../../../src/protocol/comparison';

/**
 * The filter of a view after its comparison has changed. If a comparison with a result has ended, conditions on
 * `changed` are removed, because no row would meet them. A filter whose comparison could not begin stays, so that a
 * person can correct it.
 */
export function filterAfter(before: ComparisonOverview | null, now: ComparisonOverview | null, filter: string): string {
  if (now !== null || before === null || before.counts === null) return filter;
  try {
    return withoutField(filter, 'changed');
  } catch (error) {
    // The person is still typing it.
    if (error instanceof BadQuery) return filter;
    throw error;
  }
}
