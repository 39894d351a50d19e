/**
 * The order of two values of a table: numbers before texts, and texts so that `run 2` comes before `run 10`. A missing
 * value, or a number that is not one, is last in both directions.
 *
 * @returns below 0 if `a` comes first, above 0 if `b` does
 */
export function compareValues(a: number | string | null, b: number | string | null, descending: boolean): number {
  const [hasNoA, hasNoB] = [isMissing(a), isMissing(b)];
  if (hasNoA || hasNoB) return Number(hasNoA) - Number(hasNoB);
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  const order =
    typeof a === 'number' && typeof b === 'number'
      ? a - b
      : String(a).localeCompare(String(b), 'en', { numeric: true });
  return descending ? -order : order;
}

const isMissing = (value: number | string | null): boolean => value === null || Number.isNaN(value);
