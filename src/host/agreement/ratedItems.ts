import { at, must } from '../../base/pure/must';
import type { Label } from '../../pairs/agreement/ratings';
import type { RatedItem } from '../../pairs/agreement/ratingTable';
import type { RatedPage, RatedQuery, RatedRow } from '../../protocol/agreement';
import type { Adjudication } from '../review/adjudication';

/** Most rows of a page. */
const maxPage = 200;

/** The labels of all items, as a list that a cell of a confusion table narrows. */
export class RatedItems {
  private readonly byDimension = new Map<string, RatedItem[]>();
  private last: { readonly query: string; readonly found: readonly RatedItem[] } | null = null;

  add(item: RatedItem): void {
    const known = this.byDimension.get(item.dimension);
    if (known) known.push(item);
    else this.byDimension.set(item.dimension, [item]);
  }

  /** Disputed items of a dimension that somebody has decided. */
  adjudicated(dimension: string): number {
    return this.found({ dimension, cell: null }).filter((item) => item.adjudicated !== null).length;
  }

  page(query: RatedQuery, from: number, count: number): RatedPage {
    const found = this.found(query);
    const rows = found.slice(from, from + Math.min(count, maxPage)).map(rowOf);
    return { total: found.length, open: found.filter(isOpen).length, rows };
  }

  /** The queue of the items that can be adjudicated, with what annotators said of them in all dimensions. */
  adjudication(query: RatedQuery): Adjudication {
    const items = this.found(query).filter(isOpen);
    const all = new Map(items.map(({ key }) => [key, [] as RatedItem[]]));
    for (const item of [...this.byDimension.values()].flat()) if (item.key !== null) all.get(item.key)?.push(item);
    const pairs = items.map(({ row, key }) => ({
      row,
      key,
      opinions: must(all.get(key), 'the items of a pair').flatMap(opinionsOf),
    }));
    return { pairs, name: nameOf(query) };
  }

  private found(query: RatedQuery): readonly RatedItem[] {
    const text = JSON.stringify(query);
    if (this.last?.query !== text) {
      const items = this.byDimension.get(query.dimension) ?? [];
      this.last = { query: text, found: items.filter((item) => isIn(item, query)) };
    }
    return this.last.found;
  }
}

type OpenItem = RatedItem & { readonly key: string };

function isOpen(item: RatedItem): item is OpenItem {
  return item.key !== null && item.adjudicated === null;
}

function isIn({ labels }: RatedItem, { cell }: RatedQuery): boolean {
  if (cell === null) return new Set(Object.values(labels)).size > 1;
  return cell.annotators.every((name, i) => labels[name] === at(cell.labels, i));
}

function rowOf({ row, line, prompt, labels, adjudicated }: RatedItem): RatedRow {
  return { row, line, prompt, labels: Object.entries(labels), adjudicated };
}

function opinionsOf({ dimension, labels }: RatedItem) {
  return Object.entries(labels).map(([annotator, label]) => ({ annotator, dimension, label: String(label) }));
}

function nameOf({ dimension, cell }: RatedQuery): string {
  if (cell === null) return `disagreements on ${dimension}`;
  const [one, other] = cell.annotators;
  return `${dimension}: ${said(one, cell.labels[0])}, ${said(other, cell.labels[1])}`;
}

function said(annotator: string, label: Label): string {
  return `${annotator} ${String(label)}`;
}
