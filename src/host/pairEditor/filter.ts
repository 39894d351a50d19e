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

/** A condition on what is known of a row without its text. */
export type FactCondition = Exclude<Condition, { kind: 'word' }>;

/** The facts about rows that conditions read. */
export interface FilteredRows {
  readonly marginAt: (row: number) => number | null;
  readonly problemsAt: (row: number) => number;
  readonly isEdited: (row: number) => boolean;
}

/** Whether a row meets a condition. A row without a reward meets no condition on margins. */
export function meets(row: number, condition: FactCondition, rows: FilteredRows): boolean {
  switch (condition.kind) {
    case 'margin': {
      const margin = rows.marginAt(row);
      return margin !== null && (condition.below ? margin < condition.bound : margin > condition.bound);
    }
    case 'problem':
      return rows.problemsAt(row) > 0;
    case 'edited':
      return rows.isEdited(row);
    case 'line':
      return row + 1 === condition.line;
  }
}
