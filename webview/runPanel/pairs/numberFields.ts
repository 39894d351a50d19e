import { fieldOfShown, type ShownNumber } from '../../../src/pairs/fileNumber';
import { sameJson } from '../../../src/pairs/json';
import type { Condition, Sum } from '../../../src/pairs/query/condition';
import { parseQuery } from '../../../src/pairs/query/parseQuery';
import { writtenPath } from '../../../src/pairs/query/parsePath';
import { printQuery } from '../../../src/pairs/query/printQuery';
import type { Range } from './plane';
import { asks } from '../../../src/pairs/query/withoutField';

/** A range of numbers; null for no bound. `isBelow`: without the high bound itself. */
export interface Bounds {
  readonly low: number | null;
  readonly high: number | null;
  readonly isBelow: boolean;
}

/** Both bounds of an area are part of it. */
export const closed = ({ low, high }: Range): Bounds => ({ low, high, isBelow: false });

/** The term of a range, such as `margin:-1.2..-0.4`; empty without bounds. */
export function rangeTerm(number: ShownNumber, { low, high, isBelow }: Bounds): string {
  const field = fieldOfShown(number);
  if (low === null && high === null) return '';
  if (low === null) return `${field}:${isBelow ? '<' : '<='}${written(high)}`;
  if (high === null) return `${field}:>=${written(low)}`;
  if (isBelow) return `${field}:>=${written(low)} ${field}:<${written(high)}`;
  return `${field}:${written(low)}..${written(high)}`;
}

/** Decimal digits without an exponent, which a range cannot have. */
function written(value: number | null): string {
  const text = String(value);
  return text.includes('e') ? Number(value).toFixed(12) : text;
}

/**
 * A filter with these ranges in place of what it said of their numbers. Conditions inside of `or` and `not` stay,
 * because without one of their parts they mean something else.
 *
 * @throws BadQuery
 */
export function withRanges(filter: string, ranges: readonly (readonly [ShownNumber, Bounds])[]): string {
  const fields = new Set(ranges.map(([number]) => fieldOfShown(number)));
  const rest = without(filter, (part) => asksOneOf(part, fields));
  const terms = ranges.map(([number, bounds]) => rangeTerm(number, bounds));
  return [grouped(rest), ...terms].filter((term) => term !== '').join(' ');
}

/**
 * A filter with another term about a choice, such as `group:forgotten`, in place of what it said of that.
 *
 * @throws BadQuery
 */
export function withChoice(filter: string, field: string, term: string): string {
  const rest = without(filter, (part) => asks(part, field));
  return [grouped(rest), term].filter((text) => text !== '').join(' ');
}

/** The bounds that a filter sets for a number; null if it sets none that every pair must meet. */
export function boundsOf(filter: string, number: ShownNumber): Bounds | null {
  const parts = partsOf(parseQuery(filter)).filter((part) => asksOneOf(part, new Set([fieldOfShown(number)])));
  let found: Bounds = { low: null, high: null, isBelow: false };
  for (const part of parts) {
    if (part.kind !== 'compare' || part.right.kind !== 'number') continue;
    const { value } = part.right;
    if (part.sign === '>' || part.sign === '>=') found = { ...found, low: value };
    if (part.sign === '<' || part.sign === '<=') found = { ...found, high: value, isBelow: part.sign === '<' };
  }
  return found.low === null && found.high === null ? null : found;
}

/** A filter without some of the conditions that every pair must meet; the same text if it has none of them. */
function without(filter: string, isOut: (part: Condition) => boolean): string {
  const parts = partsOf(parseQuery(filter));
  const kept = parts.filter((part) => !isOut(part));
  return kept.length === parts.length ? filter : printQuery({ kind: 'and', parts: kept });
}

function partsOf(condition: Condition): readonly Condition[] {
  return condition.kind === 'and' ? condition.parts : [condition];
}

/** In parentheses if a term after it would change its meaning. */
function grouped(filter: string): string {
  return filter !== '' && parseQuery(filter).kind === 'or' ? `(${filter})` : filter;
}

/**
 * A filter without what it demands of a number: ranges, or that a pair has none.
 *
 * @throws BadQuery
 */
export function withoutNumber(filter: string, number: ShownNumber): string {
  const fields = new Set([fieldOfShown(number)]);
  return without(filter, (part) => asksOneOf(part, fields) || asksForNone(part, fields));
}

/** Whether two filters ask for the same. @throws BadQuery */
export function isSameFilter(one: string, other: string): boolean {
  return one === other || printQuery(parseQuery(one)) === printQuery(parseQuery(other));
}

/** `not .score = .score`: a number that is missing equals nothing. */
function asksForNone(part: Condition, fields: ReadonlySet<string>): boolean {
  if (part.kind !== 'not' || part.part.kind !== 'compare') return false;
  const { left, sign, right } = part.part;
  return sign === '=' && fields.has(nameOf(left)) && sameJson(left, right);
}

/** Whether a condition compares one of the fields with a number. */
function asksOneOf(part: Condition, fields: ReadonlySet<string>): boolean {
  return part.kind === 'compare' && part.right.kind === 'number' && fields.has(nameOf(part.left));
}

function nameOf(sum: Sum): string {
  if (sum.kind === 'value') return writtenPath(sum.keys);
  if (sum.kind !== 'measure') return '';
  return sum.of?.kind === 'side' ? `${sum.field}(${sum.of.side})` : sum.field;
}
