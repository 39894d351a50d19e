import { readPairs } from '../../jsonl/readPairs';
import type { Method } from '../../run/methods';

/** Rows read to tell what a dataset holds. */
const sniffed = 50;

/** Whether a dataset's first rows are mostly pairs or single judged answers; pairs where it holds neither. */
export async function rowsOf(dataset: string): Promise<Method['rows']> {
  const seen = { pair: 0, judged: 0, other: 0 };
  for await (const { row, result } of readPairs(dataset)) {
    seen[result.kind === 'pair' || result.kind === 'judged' ? result.kind : 'other']++;
    if (row + 1 >= sniffed) break;
  }
  return seen.judged > seen.pair ? 'judged' : 'pairs';
}
