import type { Condition } from './condition';
import { parseQuery } from './parseQuery';
import { printQuery } from './printQuery';

/**
 * A query without the conditions on the texts of a field that every row must meet. Conditions inside of `or` and `not`
 * stay, because without one of their parts they mean something else.
 *
 * @returns the same text if there are none
 * @throws BadQuery
 */
export function withoutField(query: string, field: string): string {
  const condition = parseQuery(query);
  const parts = condition.kind === 'and' ? condition.parts : [condition];
  const kept = parts.filter((part) => !asks(part, field));
  return kept.length === parts.length ? query : printQuery({ kind: 'and', parts: kept });
}

export function asks(part: Condition, field: string): boolean {
  return part.kind === 'text' && part.of.kind === 'field' && part.of.field === field;
}
