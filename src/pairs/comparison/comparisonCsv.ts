import { csvLines } from '../csvLines';
import type { ComparisonResult, ModelResult } from './comparisonResult';

export type ComparisonTable = 'models' | 'slices' | 'duels' | 'sections';

type Row = readonly (string | number | null)[];

const scoreColumns = ['accuracy', 'low', 'high', 'right', 'ties', 'mean_margin'] as const;

/** A table of a comparison as CSV; one without rows has only its head. */
export function comparisonCsv(result: ComparisonResult, table: ComparisonTable): string {
  return csvLines(tables[table](result));
}

const tables: Readonly<Record<ComparisonTable, (result: ComparisonResult) => readonly Row[]>> = {
  models: ({ models, pairs }) => [
    ['model', 'pairs', ...scoreColumns],
    ...Object.entries(models).map(([name, score]) => [name, pairs, ...cells(score)]),
  ],
  slices: ({ slice_key: key, slices = [] }) => [
    [key ?? 'slice', 'model', 'pairs', ...scoreColumns],
    ...slices.flatMap(({ slice, pairs, models }) =>
      Object.entries(models).map(([name, score]) => [slice, name, pairs, ...cells(score)]),
    ),
  ],
  duels: ({ duels }) => [
    ['first', 'second', 'both_right', 'only_first', 'only_second', 'both_wrong', 'p'],
    ...duels.map(({ models, both_right, only_first, only_second, both_wrong, p }) => [
      ...models,
      ...[both_right, only_first, only_second, both_wrong, p],
    ]),
  ],
  sections: ({ sections = {} }) => [
    ['section', 'model', 'score', 'missing_subsets'],
    ...Object.entries(sections).flatMap(([name, scores]) =>
      scores.map(({ section, score, missing }) => [section, name, score, missing.join(' ')]),
    ),
  ],
};

function cells(score: ModelResult): readonly number[] {
  return scoreColumns.map((column) => score[column]);
}
