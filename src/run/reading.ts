import { detectAll, type Reading, withColumns } from '../pairs/reading';
import type { TrainConfig } from './types';

type Keys = 'columns' | 'pair_rule' | 'pair_gap' | 'pair_ties';

/** How the rows of a run's files are read. */
export function readingOf({
  columns,
  pair_rule: name,
  pair_gap: gap,
  pair_ties: ties,
}: Pick<TrainConfig, Keys>): Reading {
  return { ...(columns === null ? detectAll : withColumns(columns)), rule: { name, gap, ties } };
}
