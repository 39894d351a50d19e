import { setImmediate } from 'node:timers/promises';
import { at } from '../../base/pure/must';
import type { CurveColumns, CurveStore } from '../../run/curves';

/** Rows between two pauses, in which the extension host does other work. */
const slice = 500;

type Columns = Omit<CurveColumns, 'lastStep'>;

/**
 * All points as CSV: a row a step, a column a metric. Numbers are as logged, also `NaN` and `Infinity`. A metric
 * without a value at a step has an empty cell.
 *
 * @param notNumbers by metric, the steps at which NaN was logged
 */
export async function curvesCsv(columns: Columns, notNumbers: NotNumbers): Promise<string> {
  const names = Object.keys(columns.series);
  const parts = [['step', 'seconds', ...names].map(cell).join(',')];
  await addRows(parts, '', columns, names, notNumbers);
  return `${parts.join('\n')}\n`;
}

/** The same of several runs, with the run in the first column and every metric that one of them has logged. */
export async function runsCsv(
  runs: readonly { readonly name: string; readonly store: Pick<CurveStore, 'columns' | 'notNumberSteps'> }[],
): Promise<string> {
  const names = [...new Set(runs.flatMap(({ store }) => Object.keys(store.columns().series)))];
  const parts = [['run', 'step', 'seconds', ...names].map(cell).join(',')];
  for (const { name, store } of runs)
    await addRows(parts, `${cell(name)},`, store.columns(), names, store.notNumberSteps());
  return `${parts.join('\n')}\n`;
}

type NotNumbers = ReadonlyMap<string, readonly number[]>;

async function addRows(
  parts: string[],
  head: string,
  { steps, times, series }: Columns,
  names: readonly string[],
  notNumbers: NotNumbers,
): Promise<void> {
  const none = steps.map(() => Number.NaN);
  // Copied first: points may be added during a pause.
  const copied = [steps, times, ...names.map((name) => series[name] ?? none)].map((column) => column.slice());
  const [stepColumn = new Float64Array(0)] = copied;
  const columns = copied.map((column, i) => ({ column, bad: new Set(notNumbers.get(names[i - 2] ?? '')) }));
  for (let row = 0; row < stepColumn.length; row++) {
    const step = at(stepColumn, row);
    const text = ({ column, bad }: (typeof columns)[number]): string => {
      const value = at(column, row);
      return !Number.isNaN(value) ? String(value) : bad.has(step) ? 'NaN' : '';
    };
    parts.push(head + columns.map(text).join(','));
    if (row % slice === slice - 1) await setImmediate();
  }
}

const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
