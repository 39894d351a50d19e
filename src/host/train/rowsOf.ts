import type { Reading } from '../../pairs/reading';
import type { Method } from '../../run/methods';
import { lookAtFile } from '../datasets/lookAtFile';

/**
 * Whether the first rows of a dataset are mostly pairs or single judged answers. Lists count as pairs; `pairs` if it
 * holds neither.
 */
export async function rowsOf(dataset: string, reading: Reading): Promise<Method['rows']> {
  const look = await lookAtFile(dataset, reading);
  return look?.kind === 'judged' ? 'judged' : 'pairs';
}
