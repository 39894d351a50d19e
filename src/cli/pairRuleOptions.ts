import { defaultPairRule, type PairRule, pairRuleNames, tieChoices } from '../pairs/pairRule';
import { type Arguments, choice, number, text, UsageError } from './args';

/** The options of {@link pairRuleOf}. */
export const pairRuleOptions = { pair_rule: 'value', pair_gap: 'value', pair_ties: 'value' } as const;

/** Their help. */
export const pairRuleHelp = `  --pair_rule RULE  Which pairs a list of scored or ranked answers becomes: best-worst (default), best-all (the best with
                    each other one; the default of RewardBench 2, with --pair_ties keep), neighbours (each with the next
                    worse one), or gap (each two that differ enough).
  --pair_gap N      The least difference of two scores or ranks for --pair_rule gap; default 1.
  --pair_ties T     What two answers with the same score become: drop (default) makes no pair, keep makes a tie,
                    both makes two pairs, one each way.`;

/**
 * How lists of answers become pairs; null: no option says so. @throws UsageError if an option has another value, or no
 * effect
 */
export function pairRuleOf(args: Arguments): PairRule | null {
  if (Object.keys(pairRuleOptions).every((key) => text(args, key) === null)) return null;
  const name = choice(args, 'pair_rule', pairRuleNames);
  if (name !== 'gap' && text(args, 'pair_gap') !== null) throw new UsageError('--pair_gap is for --pair_rule gap');
  const gap = number(args, 'pair_gap', defaultPairRule.gap, { min: Number.MIN_VALUE });
  return { name, gap, ties: choice(args, 'pair_ties', tieChoices) };
}
