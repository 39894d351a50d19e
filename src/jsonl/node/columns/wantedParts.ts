import { at } from '../../../base/pure/must';
import type { RowRun } from '../../../pairs/pieceTable';
import type { LineFile } from '../lineFile';
import { type SearchPart, searchPlan } from '../search/searchPlan';
import { textsIn } from './partTexts';

/** A part of a file of which some rows are wanted. */
export interface WantedPart {
  readonly part: SearchPart;
  /** Indexes of its rows in the page. */
  readonly rows: readonly number[];
}

/**
 * The parts of a page with only the rows that are wanted.
 *
 * @param most bytes of rows after which no further part is taken
 * @param isWanted whether a row of the page is wanted, by its index there
 * @returns also how many rows of the page were looked at, at least one
 */
export function wantedParts(
  file: LineFile,
  page: readonly RowRun[],
  most: number,
  isWanted: (index: number) => boolean,
): { readonly count: number; readonly parts: readonly WantedPart[] } {
  const { count, parts } = searchPlan(file.index, page, most);
  const wanted = parts.flatMap((part): WantedPart[] => {
    if (part.kind === 'text') return isWanted(part.row) ? [{ part, rows: [part.row] }] : [];
    const { starts, lengths } = part.spans;
    const places = Array.from(starts.keys()).filter((i) => isWanted(part.row + i));
    if (places.length === 0) return [];
    const spans = {
      starts: Float64Array.from(places, (i) => at(starts, i)),
      lengths: Uint32Array.from(places, (i) => at(lengths, i)),
    };
    return [{ part: { ...part, spans }, rows: places.map((i) => part.row + i) }];
  });
  return { count, parts: wanted };
}

/** Divides parts among threads, neighbours together. */
export function sharedParts(parts: readonly WantedPart[], count: number): WantedPart[][] {
  const size = Math.ceil(parts.length / count);
  const starts = Array.from({ length: size === 0 ? 0 : Math.ceil(parts.length / size) }, (_, i) => i * size);
  return starts.map((start) => parts.slice(start, start + size));
}

/** The rows of parts as texts. */
export async function textParts(
  file: LineFile,
  parts: readonly WantedPart[],
): Promise<Extract<SearchPart, { kind: 'text' }>[]> {
  const found: Extract<SearchPart, { kind: 'text' }>[] = [];
  for (const { part, rows } of parts) {
    if (part.kind === 'text') found.push(part);
    else
      for (const [i, text] of textsIn(part, await file.readKnown(part.start, part.end), file.forms.records).entries())
        found.push({ kind: 'text', row: at(rows, i), text });
  }
  return found;
}
