import { isRecord } from '../base/pure/isRecord';
import { type Problem, problem } from './problem';

/**
 * The deepest nesting of objects and lists that is accepted. Comparison, hashing and writing recurse once per level.
 * Real rows have fewer than 20 levels, and V8's stack holds some 10,000 calls.
 */
export const maxDepth = 1000;

/** The error of a value that is nested more than {@link maxDepth} deep, otherwise null. */
export function tooDeep(value: unknown): Problem | null {
  if (!isDeeper(value, maxDepth)) return null;
  return problem('error', 'too-deep', null, `The row is nested more than ${maxDepth} deep: simplify it.`);
}

/** Recurses at most once a level that is allowed. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels < 0) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (isDeeper(item, levels - 1)) return true;
  } else if (isRecord(value)) {
    for (const key in value) if (isDeeper(value[key], levels - 1)) return true;
  }
  return false;
}
