import type { RowBatch } from '../../jsonl/node/bulk/rowBatches';
import type { RowChanges } from '../../jsonl/node/bulk/rowChanges';
import { at } from '../../base/pure/must';
import type { Edit } from '../../pairs/edits';
import { type Refusal, refusals, type Refused, type RowChange, type RowOutcome } from '../../pairs/bulk/rowChange';
import type { Reading } from '../../pairs/reading';
import type { BulkProgress } from '../../protocol/bulk';

/** Pace of progress. */
export const progressMs = 100;

export interface BulkWork {
  readonly changes: RowChanges;
  readonly reading: Reading;
  readonly signal: AbortSignal;
  /** Number of rows to look at. */
  readonly total: number;
  readonly progress: (now: BulkProgress) => void;
}

/** The edits of many rows, each of one row. */
export interface PlannedEdits {
  readonly edits: readonly Edit[];
  readonly matches: number;
  readonly refused: Refused;
}

/** Counts rows that cannot be changed. */
export class RefusalCounts {
  private readonly counts = new Map<Refusal, number>();

  add(refusal: Refusal): void {
    this.counts.set(refusal, (this.counts.get(refusal) ?? 0) + 1);
  }

  get list(): Refused {
    return refusals.flatMap((refusal) => {
      const rows = this.counts.get(refusal);
      return rows === undefined ? [] : [{ refusal, rows }];
    });
  }
}

/**
 * Applies a change to each row of some batches, and passes each outcome on.
 *
 * @throws the signal's reason when aborted; MarginError of {@link RowChanges}
 */
export async function eachOutcome(
  batches: AsyncIterable<RowBatch>,
  change: RowChange,
  { changes, reading, signal, total, progress }: BulkWork,
  take: (row: number, outcome: RowOutcome, before: string) => void,
): Promise<void> {
  let [matches, rows, told] = [0, 0, performance.now()];
  for await (const batch of batches) {
    signal.throwIfAborted();
    const outcomes = await changes.of(batch, change, reading);
    signal.throwIfAborted();
    for (const [i, outcome] of outcomes.entries()) {
      matches += outcome.matches;
      if (outcome.matches > 0) rows++;
      take(at(batch.rows, i), outcome, at(batch.texts, i));
    }
    if (performance.now() - told < progressMs) continue;
    told = performance.now();
    progress({ phase: 'look', done: batch.done, total, matches, rows });
  }
}

/** Plans a change as edits. @throws as {@link eachOutcome} */
export async function planEdits(
  batches: AsyncIterable<RowBatch>,
  change: RowChange,
  work: BulkWork,
): Promise<PlannedEdits> {
  const [edits, counts]: [Edit[], RefusalCounts] = [[], new RefusalCounts()];
  let matches = 0;
  await eachOutcome(batches, change, work, (row, outcome, previous) => {
    if (outcome.kind === 'refused') counts.add(outcome.refusal);
    if (outcome.kind !== 'changed') return;
    matches += outcome.matches;
    edits.push({ op: 'replace', row, line: outcome.line, previous });
  });
  return { edits, matches, refused: counts.list };
}
