import type { Column } from './column';
import type { Condition, QuerySide, Sum } from './condition';
import { isFact, leavesOf, planOf } from './queryPlan';
import type { SortKey } from './sortKey';

/** A field that is known without the row, and the side that it is asked of. */
export interface Fact {
  readonly field: string;
  readonly side: QuerySide | null;
}

/** What a condition asks for. */
export interface QueryFacts {
  /** Its fields of facts, each time that they occur. */
  readonly facts: readonly Fact[];
  /** The keys of the columns whose numbers it compares, each time that they occur. */
  readonly values: readonly (readonly string[])[];
  /** Something that it asks of the row itself, in words; null if it asks only for facts and {@link values}. */
  readonly others: string | null;
}

/** What a condition asks for: for a caller that knows facts and numbers in columns, and not the rows. */
export function factsOf(condition: Condition): QueryFacts {
  const facts = factsIn(condition);
  const { words, columns } = planOf(condition);
  const values = columns.flatMap((column) => valuesIn(column) ?? []);
  const column = columns.find((one) => valuesIn(one) === null);
  if (words.length > 0) return { facts, values, others: `the word "${words[0]}"` };
  return { facts, values, others: column === undefined ? null : nameOf(column) };
}

/** The keys of a column of numbers; null if it is another column. */
function valuesIn(column: Column): (readonly string[])[] | null {
  return column.kind === 'number' && column.number.kind === 'value' ? [column.number.keys] : null;
}

/** The facts that rows are sorted by. */
export function factsOfSort(key: SortKey): readonly Fact[] {
  switch (key.kind) {
    case 'texts':
      return isFact(key.field) ? [{ field: key.field, side: null }] : [];
    case 'listNumber':
    case 'excerpt':
    case 'textAt':
      return [];
    default:
      return factsInSum(key);
  }
}

function nameOf(column: Column): string {
  if (column.kind === 'labels') return typeof column.field === 'string' ? column.field : 'a text';
  if (column.kind === 'number') return column.number.kind === 'measure' ? column.number.field : 'a hash';
  const { condition } = column;
  if (condition.kind === 'word') return `the word "${condition.word}"`;
  return condition.kind === 'text' && condition.of.kind === 'field' ? condition.of.field : 'a text';
}

function factsIn(condition: Condition): Fact[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.flatMap(factsIn);
    case 'not':
      return factsIn(condition.part);
    case 'compare':
      return [...factsInSum(condition.left), ...factsInSum(condition.right)];
    case 'text':
      return condition.of.kind === 'field' && isFact(condition.of.field)
        ? [{ field: condition.of.field, side: null }]
        : [];
    case 'word':
    case 'pattern':
      return [];
  }
}

function factsInSum(sum: Sum): Fact[] {
  return leavesOf(sum).flatMap((leaf) =>
    leaf.kind === 'measure' && isFact(leaf.field)
      ? [{ field: leaf.field, side: leaf.of?.kind === 'side' ? leaf.of.side : null }]
      : [],
  );
}
