import { isTokenField, type RowTokens, tokenLabels } from '../tokens/rowTokens';
import type { Column, ColumnValue } from './column';

/** A column that needs the tokens of a row, which a trainer's config gives. */
export type TokenColumn = Extract<Column, { kind: 'number' | 'labels' }>;

export const cutColumn: TokenColumn = { kind: 'labels', field: 'cut' };
export const droppedColumn: TokenColumn = { kind: 'labels', field: 'dropped' };

/** Whether a column needs the tokens of a row. */
export function isTokenColumn(column: Column): column is TokenColumn {
  if (column.kind === 'labels') return typeof column.field === 'string' && isTokenField(column.field);
  return column.kind === 'number' && column.number.kind === 'measure' && isTokenField(column.number.field);
}

/** The value of such a column in a row. */
export function tokenValue(column: TokenColumn, tokens: RowTokens): ColumnValue {
  if (column.kind === 'number') return tokens.length;
  return tokenLabels(tokens, column.field === 'cut' ? 'cut' : 'dropped');
}
