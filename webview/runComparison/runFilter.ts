import { compareValues } from '../../src/base/pure/compareValues';
import type { RunCell, RunComparisonState, RunRow } from '../../src/protocol/runComparison';
import type { ShownColumn } from '../../src/run/compared/types';

/** A word of the filter: a text, `tag:NAME`, or a column with a bound as `beta>0.1`. */
const comparison = /^([\p{L}\w/.-]+?)(>=|<=|>|<|=|:)(.+)$/u;

const compare: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
  '=': (a, b) => a === b,
  ':': (a, b) => a === b,
};

/** The runs that have all words of a filter, in the order of a column. */
export function listedRuns(
  { runs, columns }: Pick<RunComparisonState, 'runs' | 'columns'>,
  filter: string,
  sort: string | null,
  descending: boolean,
): readonly RunRow[] {
  const words = filter.split(/\s+/).filter((word) => word !== '');
  const found = runs.filter((run) => words.every((word) => matches(run, word, columns)));
  const index = columns.findIndex(({ id }) => id === sort);
  const value = (run: RunRow): RunCell['value'] => (sort === 'name' ? run.name : (run.cells[index]?.value ?? null));
  if (index < 0 && sort !== 'name') return found;
  return found.toSorted((a, b) => compareValues(value(a), value(b), descending));
}

function matches(run: RunRow, word: string, columns: readonly ShownColumn[]): boolean {
  const [, name = '', sign = '', wanted = ''] = comparison.exec(word) ?? [];
  if (name === 'tag') return run.tags.some((tag) => holds(tag, wanted));
  const column = columns.findIndex(({ id, label }) => id === name || label === name);
  if (column < 0) return [run.name, run.note, run.words, ...run.tags].some((text) => holds(text, word));
  const value = run.cells[column]?.value ?? null;
  if (typeof value === 'number') return compare[sign]?.(value, Number(wanted)) === true;
  return value !== null && holds(value, wanted);
}

const holds = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase());
