import type { Reading } from '../pairs/reading';
import type { TrainConfig } from './types';

type Keys = 'columns' | 'data_format' | 'pair_rule' | 'pair_gap' | 'pair_ties';

/** How the rows of a run's files are read. */
export function readingOf({
  columns,
  data_format: format,
  pair_rule: name,
  pair_gap: gap,
  pair_ties: ties,
}: Pick<TrainConfig, Keys>): Reading {
  return { format, columns, rule: { name, gap, ties } };
}
