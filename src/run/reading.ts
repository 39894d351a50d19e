import { detectAll, type Reading, withColumns } from '../pairs/reading';
import type { TrainConfig } from './types';

/** How the rows of a run's files are read. */
export function readingOf({ columns }: Pick<TrainConfig, 'columns'>): Reading {
  return columns === null ? detectAll : withColumns(columns);
}
