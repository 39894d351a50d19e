import { isRecord } from '../../base/pure/isRecord';
import { listColumn } from './columns';

/** A column of the list with the width that a person gave it, in CSS pixels; null if nobody did. */
export interface PlacedColumn {
  readonly id: string;
  readonly width: number | null;
}

/** The columns of the list from left to right; each once, at least one. */
export type ListLayout = readonly PlacedColumn[];

/** What the list shows until a person chooses; `margin` only if rewards are chosen. */
export const usualLayout: ListLayout = ['row', 'prompt', 'margin'].map((id) => ({ id, width: null }));

/** The least and the largest width that a person can give a column, in CSS pixels. */
const [leastWidth, mostWidth] = [32, 800];

/** Whether a layout has the usual columns with their usual widths. */
export function isUsual(layout: ListLayout): boolean {
  return JSON.stringify(layout) === JSON.stringify(usualLayout);
}

/** Reads a stored layout. Columns that this version does not know are left out. @returns null if no column is left */
export function asLayout(value: unknown): ListLayout | null {
  if (!Array.isArray(value)) return null;
  const columns = new Map<string, PlacedColumn>();
  for (const item of value) {
    const id: unknown = isRecord(item) ? item['id'] : null;
    const width: unknown = isRecord(item) ? item['width'] : null;
    if (typeof id !== 'string' || listColumn(id) === null) continue;
    columns.set(id, { id, width: typeof width === 'number' ? bounded(width) : null });
  }
  return columns.size === 0 ? null : [...columns.values()];
}

/**
 * The layout with exactly these columns. Columns that it has keep their order, new ones follow, and the row number
 * comes first.
 */
export function withColumns(layout: ListLayout, ids: readonly string[]): ListLayout {
  const stay = layout.filter(({ id }) => ids.includes(id));
  const added = ids.filter((id) => !layout.some((column) => column.id === id)).map((id) => ({ id, width: null }));
  const first = added.filter(({ id }) => id === 'row');
  return [...first, ...stay, ...added.filter(({ id }) => id !== 'row')];
}

/** The layout without a column. The only column of a layout is not removed. */
export function withoutColumn(layout: ListLayout, id: string): ListLayout {
  return layout.length === 1 ? layout : layout.filter((column) => column.id !== id);
}

/** The layout with a column moved one place to the left (−1) or to the right (1), if there is such a place. */
export function movedColumn(layout: ListLayout, id: string, by: -1 | 1): ListLayout {
  const from = layout.findIndex((column) => column.id === id);
  const [column, other] = [layout[from], layout[from + by]];
  if (!column || !other) return layout;
  return layout.with(from, other).with(from + by, column);
}

/** The layout with another width of a column; null for the usual width. */
export function widened(layout: ListLayout, id: string, width: number | null): ListLayout {
  return layout.map((column) => (column.id === id ? { id, width: width === null ? null : bounded(width) } : column));
}

function bounded(width: number): number {
  return Math.round(Math.min(mostWidth, Math.max(leastWidth, width)));
}
