import type { Edit } from '../../../src/pairs/edits';
import { integer } from './random';

/** An edit that fits `lines`. */
export function randomEdit(random: () => number, lines: readonly string[], tag: string): Edit {
  const length = lines.length;
  const kind = length === 0 ? 1 : integer(random, 4);
  const row = integer(random, length);
  const count = 1 + integer(random, Math.min(4, length - row));
  if (kind === 0) return { op: 'replace', row, line: `${tag}r`, previous: lines[row] ?? '' };
  if (kind === 1) {
    const at = integer(random, length + 1);
    return { op: 'insert', row: at, lines: Array.from({ length: 1 + integer(random, 3) }, (_, i) => `${tag}i${i}`) };
  }
  if (kind === 2) return { op: 'delete', row, lines: lines.slice(row, row + count) };
  const spots = [...Array(length + 1).keys()].filter((to) => to <= row || to >= row + count);
  return { op: 'move', from: row, count, to: spots[integer(random, spots.length)] ?? 0 };
}
