import type { Comparison, Condition, QuerySide, Sign, Sum } from './condition';
import type { Column } from './column';
import { textsPass } from './column';
import { fieldNamed } from './fields';
import { columnOfTexts, isFact } from './queryPlan';

/**
 * Where a query finds the values of rows. Each function is called once for a query and returns a function that is
 * called for each row.
 */
export interface RowSource {
  /** A number that is known without the row: `margin`, `row`; null if the row has none. */
  readonly fact: (field: string, side: QuerySide | null) => (row: number) => number | null;
  /** Texts that are known without the row. For fields from `both`: those of findings about the whole file. */
  readonly factTexts: (field: string) => (row: number) => readonly string[];
  /** A number that is computed from the row; undefined if it is not computed yet. */
  readonly number: (column: Column) => (row: number) => number | null | undefined;
  /** Texts that are computed from the row, such as its languages; undefined if they are not computed yet. */
  readonly labels: (column: Column) => (row: number) => readonly string[] | undefined;
  /** Whether a word or pattern occurs in the row; undefined if that is not computed yet. */
  readonly match: (column: Column) => (row: number) => boolean | undefined;
}

/** Whether a row meets a condition; undefined if that depends on a column that is not computed yet. */
export type Predicate = (row: number) => boolean | undefined;

/** Prepares a condition, so that testing each of many rows is fast. */
export function predicateOf(condition: Condition, source: RowSource): Predicate {
  switch (condition.kind) {
    case 'and':
      return allOf(condition.parts.map((part) => predicateOf(part, source)));
    case 'or': {
      const none = allOf(condition.parts.map((part) => negated(predicateOf(part, source))));
      return negated(none);
    }
    case 'not':
      return negated(predicateOf(condition.part, source));
    case 'compare':
      return compared(numberIn(condition.left, source), condition.sign, numberIn(condition.right, source));
    case 'word':
    case 'pattern':
      return source.match({ kind: 'match', condition });
    case 'text':
      return textPredicate(condition, source);
  }
}

function negated(predicate: Predicate): Predicate {
  return (row) => {
    const met = predicate(row);
    return met === undefined ? undefined : !met;
  };
}

/** False if one is false, even if others are not known. */
function allOf(predicates: readonly Predicate[]): Predicate {
  return (row) => {
    let all: boolean | undefined = true;
    for (const predicate of predicates) {
      const met = predicate(row);
      if (met === false) return false;
      if (met === undefined) all = undefined;
    }
    return all;
  };
}

function textPredicate(condition: Extract<Condition, { kind: 'text' }>, source: RowSource): Predicate {
  const column = columnOfTexts(condition);
  if (column?.kind === 'match') return source.match(column);
  const passes = textsPass(condition.tests);
  const field = condition.of.kind === 'field' ? condition.of.field : '';
  const isBoth = fieldNamed(field)?.from === 'both';
  const known = column === null || isBoth ? source.factTexts(field) : null;
  const own = column && source.labels(column);
  // A column has few different lists of texts.
  const judged = new Map<readonly string[], boolean>();
  const judge = (texts: readonly string[]): boolean => {
    const before = judged.get(texts);
    if (before !== undefined) return before;
    const met = passes(texts);
    if (judged.size < maxJudged) judged.set(texts, met);
    return met;
  };
  return (row) => {
    const first = known?.(row);
    if (!own) return passes(first ?? []);
    const texts = own(row);
    if (first === undefined || first.length === 0) return texts && judge(texts);
    return texts && passes([...first, ...texts]);
  };
}

const maxJudged = 10_000;

/** The number of a row; null if it has none, undefined if it is not computed yet. */
export type RowNumber = (row: number) => number | null | undefined;

/** Prepares a formula, so that computing it for each of many rows is fast. */
export function numberIn(sum: Sum, source: RowSource): RowNumber {
  switch (sum.kind) {
    case 'number':
      return () => sum.value;
    case 'value':
      return source.number({ kind: 'number', number: sum });
    case 'measure': {
      const side = sum.of?.kind === 'side' ? sum.of.side : null;
      return isFact(sum.field) ? source.fact(sum.field, side) : source.number({ kind: 'number', number: sum });
    }
    case 'minus': {
      const part = numberIn(sum.part, source);
      return (row) => {
        const value = part(row);
        return value === undefined || value === null ? value : -value;
      };
    }
    case 'arithmetic':
      return calculated(numberIn(sum.left, source), sum.sign, numberIn(sum.right, source));
  }
}

function calculated(left: RowNumber, sign: Sign, right: RowNumber): RowNumber {
  return (row) => {
    const [a, b] = [left(row), right(row)];
    if (a === null || b === null) return null;
    if (a === undefined || b === undefined) return undefined;
    const result = calculate(a, sign, b);
    // A division by zero has no result.
    return Number.isFinite(result) ? result : null;
  };
}

/** The result of a sign between two numbers. */
export function calculate(a: number, sign: Sign, b: number): number {
  switch (sign) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
  }
}

/** No comparison is met if a number is missing. */
function compared(left: RowNumber, sign: Comparison, right: RowNumber): Predicate {
  const compare = comparisons[sign];
  return (row) => {
    const [a, b] = [left(row), right(row)];
    if (a === null || b === null) return false;
    return a === undefined || b === undefined ? undefined : compare(a, b);
  };
}

const comparisons: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};
