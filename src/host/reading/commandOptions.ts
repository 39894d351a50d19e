import type { PairRule } from '../../pairs/pairRule';
import { pairRuleKeys } from '../../run/reading';

/** The options of `margin` that say how lists become pairs. */
export function pairRuleOptions(rule: PairRule): string[] {
  return Object.entries(pairRuleKeys(rule)).flatMap(([key, value]) => [`--${key}`, String(value)]);
}
