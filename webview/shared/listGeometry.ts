/** Height of a row in pixels. */
export const rowHeight = 22;
const smallestThumb = 24;

/**
 * The top row after the smallest scroll that brings a row into view.
 *
 * @param top first row in view, with a fraction
 * @param page number of rows that fit, with a fraction
 */
export function topFor(index: number, top: number, page: number): number {
  if (index >= 0 && index < top) return index;
  return index > top + page - 1 ? index - page + 1 : top;
}

/** The scrollbar's thumb: height and position in pixels. */
export function thumbBox(
  top: number,
  page: number,
  count: number,
  height: number,
): { readonly top: number; readonly height: number } {
  const thumb = Math.max(smallestThumb, (page / Math.max(1, count)) * height);
  return { height: thumb, top: (top / Math.max(1, count - page)) * (height - thumb) };
}

/** The row that a key leads to from the selected one; undefined for other keys. It may be outside of the list. */
export function rowForKey(key: string, selected: number, page: number, count: number): number | undefined {
  const step = Math.max(1, Math.floor(page) - 1);
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: selected + 1,
    ArrowUp: selected - 1,
    PageDown: selected + step,
    PageUp: selected - step,
    Home: 0,
    End: count - 1,
  };
  return targets[key];
}
