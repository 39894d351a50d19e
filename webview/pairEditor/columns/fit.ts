import { type ListColumn, listColumn } from '../../../src/pairs/listColumns/columns';
import type { ListLayout } from '../../../src/pairs/listColumns/layout';
import { isRewardColumn } from '../../../src/pairs/listColumns/rewardColumns';
import { must } from '../../../src/base/pure/must';

/** A column that is shown, with the width that the person gave it. */
export interface ShownColumn extends ListColumn {
  readonly own: number | null;
}

/** CSS pixels between two columns, for the signs at the end of a row, and at its end. */
const [gap, signs, padding] = [8, 36, 12];
/** The wanted width of a long text is this many times its least width. */
const longShare = 1.5;
/** CSS pixels of the number beside the bar of a margin, and of the smallest bar. */
const [marginNumber, leastBar] = [46, 24];

/** The room of the largest number of a row: a digit is about 0.6 times as wide as the font is high. */
const digits = 'calc(var(--digits) * 0.62 * var(--vscode-font-size) + 12px)';

/** The columns of a layout; those of rewards only if rewards are chosen. */
export function columnsOf(layout: ListLayout, scored: boolean): ShownColumn[] {
  return layout
    .filter(({ id }) => scored || (id !== 'margin' && !isRewardColumn(id)))
    .map(({ id, width }) => ({ ...must(listColumn(id), `the column ${id}`), own: width }));
}

/** The width that a list with these columns wants, in CSS pixels. */
export function wantedWidth(columns: readonly ShownColumn[]): number {
  const wanted = columns.map(({ own, width, isLong }) => own ?? (isLong ? width * longShare : width));
  return Math.ceil(sum(wanted) + room(columns.length));
}

/**
 * The columns that fit into a list. Columns are dropped from the right until all others have their width. The number of
 * the row, the first text, and the column that the list is sorted by are dropped last.
 *
 * @param width of the list, in CSS pixels
 * @param sort the number that the list is sorted by
 */
export function fitting(columns: readonly ShownColumn[], width: number, sort: string): readonly ShownColumn[] {
  const shown = [...columns];
  const text = columns.find(({ isLong }) => isLong) ?? columns.find(({ kind }) => kind === 'text');
  const needed = (): number => sum(shown.map((column) => column.own ?? column.width)) + room(shown.length);
  while (shown.length > 1 && needed() > width) {
    const goes = shown.findLast((column) => column.id !== 'row' && column !== text && column.sort !== sort);
    const next = goes ?? shown.findLast((column) => column !== text && column.id !== 'row');
    if (!next) break;
    shown.splice(shown.indexOf(next), 1);
  }
  return shown;
}

/** Whether the margin has room for a bar beside its number. */
export function hasBar({ own, width }: ShownColumn): boolean {
  return (own ?? width) >= marginNumber + gap + leastBar;
}

/** The tracks of the grid of a row, as CSS. At least one column takes the remaining space. */
export function tracksOf(columns: readonly ShownColumn[]): string {
  const isTaken = columns.some(({ isLong, own }) => isLong && own === null);
  const last = columns.findLast(({ kind }) => kind === 'text');
  const tracks = columns.map((column) => {
    const { id, own, width, isLong } = column;
    if (isLong && own === null) return 'minmax(0, 1fr)';
    if (id === 'row' && own === null) return `max(${width}px, ${digits})`;
    if (id === 'margin' && hasBar(column)) return `${(own ?? width) - marginNumber - gap}px ${marginNumber}px`;
    return !isTaken && column === last ? `minmax(${own ?? width}px, 1fr)` : `${own ?? width}px`;
  });
  return [...tracks, `${signs}px`].join(' ');
}

function room(count: number): number {
  return count * gap + signs + padding;
}

function sum(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, 0);
}
