import { setImmediate } from 'node:timers/promises';
import { at } from '../../../base/pure/must';
import type { ChangeCounts, ChangeKind } from '../../../pairs/compare/changeKind';
import { hashOf } from '../../../pairs/compare/rowHash';
import type { Reading } from '../../../pairs/reading';
import { type ChangedPart, changedParts } from '../../compare/changedParts';
import { HashTable } from '../../compare/hashedRows';
import { matchRows } from '../../compare/matchRows';
import type { RowChanges } from '../../compare/rowChanges';
import { committedCopy } from '../git/committedCopy';
import { type ReadOptions, readPairs } from '../readPairs';
import { asQueried } from '../search/asQueried';

/** A row that is different; rows and lines count from 1. */
export interface Change {
  readonly change: readonly (ChangeKind | 'lost')[];
  /** Null for a lost row. */
  readonly row: number | null;
  readonly line: number | null;
  /** Null for an added row. */
  readonly before_row: number | null;
  readonly before_line: number | null;
  /** What an edit changed. */
  readonly parts: readonly ChangedPart[];
  readonly swapped: boolean;
}

/** The rows of a file, hashed. */
interface HashedFile {
  readonly rows: HashTable;
  /** The line on which each row begins. */
  readonly lines: readonly number[];
}

/** A file compared with another. */
export class FileComparison {
  constructor(
    private readonly before: HashedFile,
    private readonly after: HashedFile,
    private readonly found: RowChanges,
  ) {}

  get counts(): ChangeCounts {
    return this.found.counts;
  }

  get rows(): number {
    return this.after.rows.count;
  }

  get beforeRows(): number {
    return this.before.rows.count;
  }

  /** How a row differs, from 0; empty if it is the same. */
  kindsOf(row: number): readonly ChangeKind[] {
    return this.found.kindsOf(row);
  }

  /** The rows that differ, in the order of the file; then the lost ones. */
  *changes(): Generator<Change> {
    const { before, after, found } = this;
    for (let row = 0; row < this.rows; row++) {
      const change = found.kindsOf(row);
      if (change.length === 0) continue;
      const origin = found.originOf(row);
      const isEdited = origin !== null && change.includes('edited');
      yield {
        change,
        row: row + 1,
        line: at(after.lines, row),
        ...placeBefore(before.lines, origin),
        ...(isEdited ? changedParts(before.rows, origin, after.rows, row) : notEdited),
      };
    }
    for (const origin of found.lost)
      yield { change: ['lost'], row: null, line: null, ...placeBefore(before.lines, origin), ...notEdited };
  }
}

const notEdited = { parts: [], swapped: false } as const;

function placeBefore(lines: readonly number[], row: number | null): Pick<Change, 'before_row' | 'before_line'> {
  return row === null ? { before_row: null, before_line: null } : { before_row: row + 1, before_line: at(lines, row) };
}

/** Rows between two reports. */
const reportRows = 10_000;

export interface CompareOptions {
  readonly signal: AbortSignal;
  /** Called with the number of rows of both files that were read. */
  readonly report: (rows: number) => void;
}

/**
 * Compares a file with another, or with itself as of the last commit.
 *
 * @param other null for the last commit
 * @throws MarginError as `committedCopy` and `readPairs`; the signal's reason if aborted
 */
export async function compareFiles(
  file: string,
  other: string | null,
  reading: Reading,
  { signal, report }: CompareOptions,
): Promise<FileComparison> {
  const copy = other === null ? await committedCopy(file, { program: 'git', signal }) : null;
  try {
    let rows = 0;
    const hashed = (name: string): Promise<HashedFile> =>
      hashedFile(name, { reading, signal }, () => {
        if (++rows % reportRows === 0) report(rows);
      });
    const before = await hashed(copy?.file ?? other ?? file);
    const after = await hashed(file);
    const work = matchRows(before.rows, after.rows);
    for (;;) {
      const step = work.next();
      if (step.done) return new FileComparison(before, after, step.value);
      await setImmediate();
      signal.throwIfAborted();
    }
  } finally {
    await copy?.remove();
  }
}

async function hashedFile(file: string, options: ReadOptions, read: () => void): Promise<HashedFile> {
  const { reading } = options;
  const rows = new HashTable();
  const lines: number[] = [];
  for await (const { text, result, line } of readPairs(file, options)) {
    const row = asQueried(text, result, reading);
    rows.add((of) => hashOf(row, { kind: 'hash', of }));
    lines.push(line);
    read();
  }
  return { rows, lines };
}
