import { hashOf, type RowHash } from '../compare/rowHash';
import type { Condition, TextTest } from './condition';
import { type LabelField, labelsOf } from './labels';
import { type ContentNumber, numberOf } from './measures';
import { allTexts, type QueriedRow, textsOf } from './queriedRow';
import { type SortText, sortTexts } from './sortText';
import { startTest } from './startOf';

/**
 * What is computed from each row for a query: a number, the texts of a field with few of them, a text to sort by, or
 * whether the row meets a condition on its texts. It is plain data, so that another thread can be asked for it.
 */
export type Column =
  | { readonly kind: 'number'; readonly number: ContentNumber | RowHash }
  | { readonly kind: 'labels'; readonly field: LabelField | SortText }
  | { readonly kind: 'match'; readonly condition: TextCondition };

export type TextCondition = Extract<Condition, { kind: 'word' | 'pattern' | 'text' }>;

/** The value of a column in a row: null for a number that the row does not have. */
export type ColumnValue = number | null | readonly string[] | boolean;

/** Tells columns apart. */
export function keyOfColumn(column: Column): string {
  return JSON.stringify(column);
}

/** Prepares the computation of a column. */
export function columnReader(column: Column): (row: QueriedRow) => ColumnValue {
  switch (column.kind) {
    case 'number': {
      const { number } = column;
      return number.kind === 'hash' ? (row) => hashOf(row, number) : (row) => numberOf(row, number);
    }
    case 'labels':
      return labelReader(column.field);
    case 'match':
      return matcher(column.condition);
  }
}

function labelReader(field: LabelField | SortText): (row: QueriedRow) => readonly string[] {
  return typeof field === 'string' ? (row) => labelsOf(row, field) : (row) => sortTexts(row, field);
}

function matcher(condition: TextCondition): (row: QueriedRow) => boolean {
  switch (condition.kind) {
    case 'word':
      return (row) => row.searchable().includes(condition.word);
    case 'pattern': {
      const passes = textsPass([{ ...condition, kind: 'matches' }]);
      return (row) => passes(allTexts(row));
    }
    case 'text': {
      const { of, tests } = condition;
      const passes = textsPass(tests);
      if (of.kind === 'start') return (row) => passes(textsOf(row, of.of).slice(0, 1));
      if (of.kind !== 'field') return (row) => passes(textsOf(row, of));
      const { field } = of;
      if (isSide(field)) return (row) => passes(textsOf(row, { kind: 'side', side: field }));
      return (row) => passes(labelsOf(row, field as LabelField));
    }
  }
}

/** Whether a field is a side of the pair, whose texts are long. */
export function isSide(field: string): field is 'prompt' | 'chosen' | 'rejected' | 'system' {
  return field === 'prompt' || field === 'chosen' || field === 'rejected' || field === 'system';
}

/** Whether one of some texts passes one of the tests. */
export function textsPass(tests: readonly TextTest[]): (texts: readonly string[]) => boolean {
  const checks = tests.map(check);
  return (texts) => checks.some((passes) => passes(texts));
}

function check(test: TextTest): (texts: readonly string[]) => boolean {
  switch (test.kind) {
    case 'none':
      return (texts) => texts.length === 0;
    case 'is':
      return (texts) => texts.some((text) => text.length === test.text.length && text.toLowerCase() === test.text);
    case 'contains':
      return (texts) => texts.some((text) => asSearched(text).includes(test.text));
    case 'begins': {
      const begins = startTest(test.text);
      return (texts) => texts.some(begins);
    }
    case 'matches': {
      const pattern = new RegExp(test.pattern, test.flags);
      return (texts) => texts.some((text) => pattern.test(text));
    }
  }
}

/** A text in lower case, with line breaks and tabs as spaces, as words are found in whole rows. */
function asSearched(text: string): string {
  return text.replaceAll(/[\n\r\t]/g, ' ').toLowerCase();
}
