import { defaultPairRule, type PairRule } from '../pairs/pairRule';
import type { Reading } from '../pairs/reading';
import { noLevels } from '../pairs/rules/levels';
import type { TrainConfig } from './types';

type Keys = 'columns' | 'data_format' | 'pair_rule' | 'pair_gap' | 'pair_ties';

/** The keys of a config that say how lists become pairs, without a `pair_gap` that has no effect. */
export function pairRuleKeys({ name, gap, ties }: PairRule): Partial<Pick<TrainConfig, Keys>> {
  return { pair_rule: name, ...(name === 'gap' ? { pair_gap: gap } : {}), pair_ties: ties };
}

/** How the rows of a run's files are read. */
export function readingOf(config: Pick<TrainConfig, Keys>): Reading {
  const { columns, data_format: format } = config;
  return { format, columns, rule: ruleIn(config), levels: noLevels, ignored: null };
}

/** Null: no key names a rule, so each format has its own. `pair_ties` alone names the usual one, as options do. */
function ruleIn({ pair_rule: name, pair_gap: gap, pair_ties: ties }: Pick<TrainConfig, Keys>): PairRule | null {
  if (name !== null) return { name, gap, ties };
  return ties === defaultPairRule.ties ? null : { ...defaultPairRule, ties };
}
