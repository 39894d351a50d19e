/** One condition of a filter. A word is in lower case. */
export type Condition =
  | { readonly kind: 'margin'; readonly below: boolean; readonly bound: number }
  | { readonly kind: 'problem' }
  | { readonly kind: 'edited' }
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'word'; readonly word: string };

const margin = /^margin:([<>])([+-]?\d*\.?\d+)$/;
const line = /^(?:line|row):(\d+)$/;

/**
 * The conditions of a filter; a row must meet all of them. Terms are `margin:<0`, `problem`, `edited`, `row:12` (or
 * `line:12`, as a file of lines shows it) and words; "quoted words" form one term.
 *
 * @example parseFilter('margin:<0 sky') → [{ kind: 'margin', below: true, bound: 0 }, { kind: 'word', word: 'sky' }]
 */
export function parseFilter(filter: string): Condition[] {
  return [...filter.matchAll(/"[^"]*"|\S+/g)].flatMap(([term]) => condition(term) ?? []);
}

function condition(term: string): Condition | null {
  const byMargin = margin.exec(term.replace('−', '-'));
  if (byMargin) return { kind: 'margin', below: byMargin[1] === '<', bound: Number(byMargin[2]) };
  const byLine = line.exec(term);
  if (byLine) return { kind: 'line', line: Number(byLine[1]) };
  if (term === 'problem' || term === 'edited') return { kind: term };
  const word = term.replaceAll('"', '').toLowerCase();
  return word === '' ? null : { kind: 'word', word };
}

/** The facts about a row that conditions read. */
export interface FilteredRow {
  readonly row: number;
  readonly margin: number | null;
  readonly problems: number;
  readonly edited: boolean;
  /** The line in lower case; empty if no condition has a word. */
  readonly text: string;
}

/** Whether a row meets a condition. A row without a reward meets no condition on margins. */
export function meets(row: FilteredRow, condition: Condition): boolean {
  switch (condition.kind) {
    case 'margin':
      return row.margin !== null && (condition.below ? row.margin < condition.bound : row.margin > condition.bound);
    case 'problem':
      return row.problems > 0;
    case 'edited':
      return row.edited;
    case 'line':
      return row.row + 1 === condition.line;
    case 'word':
      return row.text.includes(condition.word);
  }
}
