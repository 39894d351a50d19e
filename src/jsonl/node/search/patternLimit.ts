import { TimeLimit } from '../../../base/node/timeLimit';

/** Longest time for the patterns of a query in one row. Real ones take microseconds, even in long rows. */
const rowMs = 1000;

/** The time that the patterns of a query may take in a row. */
export function patternLimit(): TimeLimit {
  return new TimeLimit(
    rowMs,
    'slow-pattern',
    'A pattern of the filter takes too long: write it without repeats inside repeats, such as (a+)+.',
  );
}
