import { at } from '../../base/pure/must';
import type { Link, LinkKind, Links } from './links';

/** A row of a group, with its link to the row that it is most like. */
export interface GroupRow {
  /** From 0, over all files. */
  readonly row: number;
  /** The link to an earlier row of the group that is most like it; null if all like it come later. */
  readonly link: Link | null;
}

/** Rows that duplicates connect. Each is a duplicate of another one of them, not necessarily of all. */
export interface DuplicateGroup {
  /** The loosest kind of its links: `near` if any of them is. */
  readonly kind: LinkKind;
  /** The least similarity of the links of its rows. */
  readonly similarity: number;
  /** Ascending, two or more. */
  readonly rows: readonly GroupRow[];
}

const order: readonly LinkKind[] = ['exact', 'normalised', 'near'];

/** The groups of duplicates, in the order of their first rows. */
export function groupsOf(links: Links): DuplicateGroup[] {
  const best = bestLinks(links);
  const members = new Map<number, number[]>();
  for (const row of linkedRows(links)) {
    const first = links.firstOf(row);
    const rows = members.get(first);
    if (rows) rows.push(row);
    else members.set(first, [row]);
  }
  return [...members.values()].map((rows) => {
    const group = rows.map((row) => ({ row, link: best.get(row) ?? null }));
    const found = group.flatMap(({ link }) => (link ? [link] : []));
    return {
      kind: at(order, Math.max(...found.map(({ kind }) => order.indexOf(kind)))),
      similarity: Math.min(...found.map(({ similarity }) => similarity)),
      rows: group,
    };
  });
}

/**
 * Which rows to delete if the first of each kind is kept: a row is deleted if an earlier row stays and is its
 * duplicate. So no row is deleted only because it is like a row that is deleted itself.
 *
 * @returns [rows] 1 for a row to delete
 */
export function redundantRows(links: Links): Uint8Array {
  const goes = new Uint8Array(links.rows);
  const byLater = [...Array(links.count).keys()].map((i) => links.at(i)).sort((a, b) => a.later - b.later);
  for (const { earlier, later, kind } of byLater) {
    // A row with equal words has the same near duplicates as the earlier row, so it can always be deleted.
    if (kind !== 'near' || goes[earlier] === 0) goes[later] = 1;
  }
  return goes;
}

/** The best link of each row to an earlier one. */
function bestLinks(links: Links): Map<number, Link> {
  const best = new Map<number, Link>();
  for (let i = 0; i < links.count; i++) {
    const link = links.at(i);
    const known = best.get(link.later);
    if (!known || known.similarity < link.similarity) best.set(link.later, link);
  }
  return best;
}

function linkedRows(links: Links): number[] {
  const rows = new Set<number>();
  for (let i = 0; i < links.count; i++) {
    const { earlier, later } = links.at(i);
    rows.add(earlier);
    rows.add(later);
  }
  return [...rows].sort((a, b) => a - b);
}
