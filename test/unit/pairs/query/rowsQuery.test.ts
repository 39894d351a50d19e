import { expect, it } from 'vitest';
import { queryErrorOf } from '../../../../src/pairs/query/parseQuery';
import { rowsQuery } from '../../../../src/pairs/query/rowsQuery';

it('rows become a query in which neighbours are a range', () => {
  expect(rowsQuery([4, 0, 5, 5], 100)).toEqual({ query: 'row:1 or row:5..6', found: 3 });
  expect(rowsQuery([], 100)).toEqual({ query: '', found: 0 });
});

it('the first rows stay if the query would become too long, and it can be parsed', () => {
  const rows = Array.from({ length: 3000 }, (_, i) => 2 * (3000 - i));
  const { query, found } = rowsQuery(rows, 9000);
  expect(query.length).toBeLessThanOrEqual(9000);
  expect(rowsQuery(rows.slice(0, found + 1), 9000).found).toBe(found);
  expect(found).toBeGreaterThan(500);
  expect(query.endsWith(`row:${2 * 3000 + 1}`)).toBe(true);
  expect(queryErrorOf(query)).toBe(null);
});
