import { HashTable } from '../../../../src/jsonl/compare/hashedRows';
import { matchRows } from '../../../../src/jsonl/compare/matchRows';
import type { RowChanges } from '../../../../src/jsonl/compare/rowChanges';
import { asQueried } from '../../../../src/jsonl/node/search/asQueried';
import { hashOf } from '../../../../src/pairs/compare/rowHash';
import { readRow } from '../../../../src/pairs/readRow';
import { detectAll } from '../../../../src/pairs/reading';

export function hashed(lines: readonly string[]): HashTable {
  const table = new HashTable();
  for (const line of lines) {
    const row = asQueried(line, readRow(line, detectAll), detectAll);
    table.add((of) => hashOf(row, { kind: 'hash', of }));
  }
  return table;
}

/** How the lines of `before` became those of `after`. */
export function changesOf(before: readonly string[], after: readonly string[]): RowChanges {
  const work = matchRows(hashed(before), hashed(after));
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

export function line(prompt: string, chosen = `yes ${prompt}`, rejected = `no ${prompt}`, more: object = {}): string {
  return JSON.stringify({ prompt, chosen, rejected, ...more });
}
