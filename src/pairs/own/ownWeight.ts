import type { JsonObject } from '../json';
import { keysOf, valueAt } from './keyPath';
import type { OwnColumns } from './ownColumns';

/** The weight of a row: at the path that the person named, else its `weight`. */
export function weightIn({ weight = 'weight' }: OwnColumns, value: JsonObject): unknown {
  return valueAt(value, keysOf(weight));
}

/** The weight as a field of a pair. {@link ownProblems} reports one that is not a number. */
export function ownWeight(own: OwnColumns, value: JsonObject): { readonly weight?: number } {
  const weight = weightIn(own, value);
  return typeof weight === 'number' ? { weight } : {};
}
