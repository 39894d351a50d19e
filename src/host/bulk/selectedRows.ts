import { MarginError } from '../../base/pure/marginError';
import type { BulkProgress, SelectedRows } from '../../protocol/bulk';
import type { TogetherOptions } from '../pairEditor/editsTogether';
import { progressMs } from './planEdits';
import type { ViewBulkOptions } from './viewBulk';

/**
 * The rows that a person selected, ascending.
 *
 * @throws MarginError `rows-changed` if the list of the view is in another order now
 */
export function selectedRows(
  { order, places }: SelectedRows,
  options: Pick<ViewBulkOptions, 'order' | 'shown'>,
): readonly number[] {
  if (order !== options.order())
    throw new MarginError('rows-changed', 'The list has changed since you selected rows. Select them again.');
  const shown = options.shown();
  const rows = places.flatMap(({ from, to }) => shown.page(from, to - from));
  return rows.sort((a, b) => a - b);
}

/** Tells the view how far the work is. */
export function progressTo({ channel }: Pick<ViewBulkOptions, 'channel'>): (now: BulkProgress) => void {
  return (now) => channel.emit('bulkProgress', now);
}

/** How a view's change of rows is applied: with progress in the view, until it aborts. */
export function togetherFor(
  options: Pick<ViewBulkOptions, 'channel'>,
  { signal, total, matches }: { readonly signal: AbortSignal; readonly total: number; readonly matches: number },
): TogetherOptions {
  const tell = progressTo(options);
  let told = performance.now();
  const progress = (done: number): void => {
    if (performance.now() - told < progressMs) return;
    told = performance.now();
    tell({ phase: 'change', done, total, matches, rows: total });
  };
  return { signal, progress };
}
