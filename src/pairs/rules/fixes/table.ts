import { contentFixes } from './contents';
import type { Fix } from './fix';
import { rowFixes } from './rows';

export const fixes: readonly Fix[] = [...rowFixes, ...contentFixes];

const byRule: ReadonlyMap<string, Fix> = new Map(fixes.map((fix) => [fix.rule, fix]));

/** The fix of a rule; null if a person must decide. */
export function fixOf(rule: string): Fix | null {
  return byRule.get(rule) ?? null;
}
