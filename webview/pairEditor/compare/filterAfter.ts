import { withoutField } from '../../../src/pairs/query/withoutField';
import { BadQuery } from '../../../src/pairs/query/queryError';
import type { ComparisonOverview } from '../../../src/protocol/comparison';

/**
 * The filter of a view when its comparison was another one before: without `changed:` if a comparison with a result has
 * ended, because no row would meet that. A filter that could not begin a comparison stays, so that it can be mended.
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
