import { MarginError } from '../../base/pure/marginError';
import type { BulkProgress, SelectedRows } from '../../protocol/bulk';
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
