import { type Problem, problem } from './problem';

/**
 * The deepest nesting of objects and lists that is accepted. Comparison, hashing and writing recurse once per level.
 * Real rows have fewer than 20 levels, and V8's stack holds some 10,000 calls.
 */
export const maxDepth = 1000;

/** The error of a value that is nested more than {@link maxDepth} deep, otherwise null. Does not recurse itself. */
export function tooDeep(value: unknown): Problem | null {
  let level: object[] = isNested(value) ? [value] : [];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth)
      return problem('error', 'too-deep', null, `The row is nested more than ${maxDepth} deep: simplify it.`);
    level = level.flatMap((item) => Object.values(item).filter(isNested));
  }
  return null;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
