import type { PairRule } from '../../pairs/pairRule';
import type { Reading } from '../../pairs/reading';
import { pairRuleKeys } from '../../run/reading';

/** The options of `margin` that say how lists become pairs; none if their format says it. */
export function pairRuleOptions(rule: PairRule | null): string[] {
  if (rule === null) return [];
  return Object.entries(pairRuleKeys(rule)).flatMap(([key, value]) => [`--${key}`, String(value)]);
}

/** The options of `margin` that say how rows are read. */
export function readingOptions({ columns, format, rule }: Reading): string[] {
  const lists = pairRuleOptions(rule);
  if (columns !== null) return ['--columns', JSON.stringify(columns), ...lists];
  return format === null ? lists : ['--data_format', format, ...lists];
}
