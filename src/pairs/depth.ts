import { type Problem, problem } from './problem';

/**
 * Values nested deeper are refused, since what walks through them (comparison, hashing, writing) goes down a call a
 * level. Real rows nest less than 20 deep; V8's stack holds some 10,000 calls.
 */
export const maxDepth = 1000;

/** The error of a value that is nested more than {@link maxDepth} deep; null for all others. Needs no stack itself. */
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
