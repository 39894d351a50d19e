import type { Column } from './column';
import { isSide } from './column';
import { type Condition, everyRow, type Sum } from './condition';
import { fieldNamed } from './fields';
import { rewardFields } from './rewardFields';
import type { LabelField } from './labels';
import { markFields, sinceCommit } from './markTexts';
import { suspectFields } from '../suspects/verdict';
import { isTokenField } from '../tokens/rowTokens';
import { must } from '../../base/pure/must';

/**
 * How to answer a query: first find the rows with all the words in the bytes of the file, then test the rest on these
 * rows.
 */
export interface QueryPlan {
  /** In lower case. */
  readonly words: readonly string[];
  readonly rest: Condition;
  /** What must be computed from rows to test the rest. */
  readonly columns: readonly Column[];
  /** See {@link dependOnChecks}. */
  readonly dependsOnChecks: boolean;
  /** Whether it asks how rows differ from those of another file. */
  readonly dependsOnChanges: boolean;
  /** Whether it asks when the file was last committed. */
  readonly dependsOnCommit: boolean;
  /** Whether it asks for the tokens of rows, which depend on a train config. */
  readonly dependsOnTokens: boolean;
}

/** The plan for a query. */
export function planOf(condition: Condition): QueryPlan {
  const parts = condition.kind === 'and' ? condition.parts : [condition];
  const words = parts.flatMap((part) => (part.kind === 'word' ? [part.word] : []));
  const others = parts.filter(({ kind }) => kind !== 'word');
  const rest: Condition = others.length === 0 ? everyRow : { kind: 'and', parts: others };
  const fields = fieldsOf(rest);
  return {
    words,
    rest,
    columns: columnsOf(rest),
    dependsOnChecks: dependOnChecks(fields),
    dependsOnChanges: fields.includes('changed'),
    dependsOnCommit: asksForCommit(rest),
    dependsOnTokens: fields.some(isTokenField),
  };
}

const checked: ReadonlySet<string> = new Set([
  ...rewardFields.map(({ name }) => name),
  ...suspectFields,
  'problems',
  'problem',
  'severity',
  'ignored',
  'strength',
  ...markFields,
]);

/** Whether fields need the problems, rewards or marks of rows. These are known only once the rows are checked. */
export function dependOnChecks(fields: readonly string[]): boolean {
  return fields.some((field) => checked.has(field));
}

function asksForCommit(condition: Condition): boolean {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.some(asksForCommit);
    case 'not':
      return asksForCommit(condition.part);
    case 'text': {
      const { of, tests } = condition;
      const isReviewed = of.kind === 'field' && of.field === 'reviewed';
      return isReviewed && tests.some((test) => 'text' in test && test.text === sinceCommit);
    }
    default:
      return false;
  }
}

/** The names of the fields of a condition. */
export function fieldsOf(condition: Condition): string[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.flatMap(fieldsOf);
    case 'not':
      return fieldsOf(condition.part);
    case 'compare':
      return [...fieldsOfSum(condition.left), ...fieldsOfSum(condition.right)];
    case 'text':
      return condition.of.kind === 'field' ? [condition.of.field] : [];
    case 'word':
    case 'pattern':
      return [];
  }
}

/** The names of the fields of a number. */
export function fieldsOfSum(sum: Sum): string[] {
  return leavesOf(sum).flatMap((leaf) => (leaf.kind === 'measure' ? [leaf.field] : []));
}

function columnsOf(condition: Condition): Column[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.flatMap(columnsOf);
    case 'not':
      return columnsOf(condition.part);
    case 'compare':
      return [...columnsOfSum(condition.left), ...columnsOfSum(condition.right)];
    case 'word':
    case 'pattern':
    case 'text': {
      const column = columnOfTexts(condition);
      return column ? [column] : [];
    }
  }
}

/** The columns of a number, such as those to sort by. */
export function columnsOfSum(sum: Sum): Column[] {
  return leavesOf(sum).flatMap((leaf): Column[] => {
    if (leaf.kind === 'number') return [];
    return leaf.kind === 'measure' && isFact(leaf.field) ? [] : [{ kind: 'number', number: leaf }];
  });
}

/** The column of a condition on texts; null if the program knows the texts without the row. */
export function columnOfTexts(condition: Extract<Condition, { kind: 'word' | 'pattern' | 'text' }>): Column | null {
  if (condition.kind !== 'text' || condition.of.kind !== 'field') return { kind: 'match', condition };
  const { field } = condition.of;
  if (isFact(field)) return null;
  // Patterns are computed as columns, because there their time is limited.
  if (isSide(field) || condition.tests.some(({ kind }) => kind === 'matches')) return { kind: 'match', condition };
  return { kind: 'labels', field: field as LabelField };
}

/** Whether a field is known without the row. */
export function isFact(field: string): boolean {
  return must(fieldNamed(field), `the field ${field}`).from === 'facts';
}

/** The fields, columns and numbers that a number is computed from. */
export function leavesOf(sum: Sum): Exclude<Sum, { kind: 'minus' | 'arithmetic' }>[] {
  if (sum.kind === 'minus') return leavesOf(sum.part);
  return sum.kind === 'arithmetic' ? [...leavesOf(sum.left), ...leavesOf(sum.right)] : [sum];
}
