import { readPairs } from '../../jsonl/node/readPairs';
import { detectAll } from '../../pairs/reading';
import type { Method } from '../../run/methods';

/** Rows that are read to find out what a dataset holds. */
const sniffed = 50;

/**
 * Whether the first rows of a dataset are mostly pairs or single judged answers. Lists count as pairs; `pairs` if it
 * holds neither.
 */
export async function rowsOf(dataset: string): Promise<Method['rows']> {
  const seen = { pair: 0, judged: 0, other: 0 };
  for await (const { row, result } of readPairs(dataset, { reading: detectAll })) {
    seen[result.kind === 'judged' ? 'judged' : 'format' in result ? 'pair' : 'other']++;
    if (row + 1 >= sniffed) break;
  }
  return seen.judged > seen.pair ? 'judged' : 'pairs';
}
