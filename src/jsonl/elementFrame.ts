import { isCsv } from './containers/csvLayout';
import type { Frame, RowLayout } from './rowIndex';

type Layout = Exclude<RowLayout, 'lines'>;

/**
 * The text around the elements of a file.
 *
 * @param mark the byte order mark, or nothing
 * @param before the text before the first element; null if there is none
 * @param after the text after the last element, or the whole text without elements
 */
export function frameOf(layout: Layout, mark: string, before: string | null, after: string): Frame {
  if (isCsv(layout)) return csvFrame(mark, before, after);
  if (layout === 'objects') return { head: mark + (before ?? ''), tail: after, empty: mark };
  if (before !== null) {
    const empty = before.slice(0, before.indexOf('[') + 1) + after.slice(after.indexOf(']'));
    return { head: mark + before, tail: after, empty: mark + empty };
  }
  // The array was empty. Its rows get lines of their own if its brackets are on different lines.
  const [opened, closing] = [after.indexOf('[') + 1, after.indexOf(']')];
  const lineEnd = /\r?\n/.exec(after.slice(opened, closing))?.[0];
  const head = mark + after.slice(0, opened) + (lineEnd === undefined ? '' : `${lineEnd}  `);
  return { head, tail: (lineEnd ?? '') + after.slice(closing), empty: mark + after };
}

/** The header of CSV comes before the first record. It stays if there is no record. */
function csvFrame(mark: string, before: string | null, after: string): Frame {
  if (before !== null) return { head: mark + before, tail: after, empty: mark + before };
  return { head: mark + after + (/\n$|^$/.test(after) ? '' : '\n'), tail: '', empty: mark + after };
}

/** What separates elements in a file that has one or none: white space as before the first element. */
export function usualGap(layout: Layout, { head, tail }: Frame): string {
  if (isCsv(layout)) return head.endsWith('\r\n') ? '\r\n' : '\n';
  if (layout === 'objects') return /\r?\n/.exec(tail)?.[0] ?? '\n';
  const indent = head.slice(head.indexOf('[') + 1);
  return indent.includes('\n') ? `,${indent}` : ', ';
}
