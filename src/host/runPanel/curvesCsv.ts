import { setImmediate } from 'node:timers/promises';
import { at } from '../../base/pure/must';
import type { CurveColumns } from '../../run/curves';

/** Rows between two pauses, in which the extension host does other work. */
const slice = 500;

/**
 * All points as CSV: a row a step, a column a metric. Numbers are as logged, also `NaN` and `Infinity`. A metric
 * without a value at a step has an empty cell.
 *
 * @param notNumbers by metric, the steps at which NaN was logged
 */
export async function curvesCsv(
  { steps, times, series }: Omit<CurveColumns, 'lastStep'>,
  notNumbers: ReadonlyMap<string, readonly number[]>,
): Promise<string> {
  const names = Object.keys(series);
  // Copied first: points may be added during a pause.
  const copied = [steps, times, ...Object.values(series)].map((column) => column.slice());
  const [stepColumn = new Float64Array(0)] = copied;
  const columns = copied.map((column, i) => ({ column, bad: new Set(notNumbers.get(names[i - 2] ?? '')) }));
  const parts = [['step', 'seconds', ...names].map(cell).join(',')];
  for (let row = 0; row < stepColumn.length; row++) {
    const step = at(stepColumn, row);
    const text = ({ column, bad }: (typeof columns)[number]): string => {
      const value = at(column, row);
      return !Number.isNaN(value) ? String(value) : bad.has(step) ? 'NaN' : '';
    };
    parts.push(columns.map(text).join(','));
    if (row % slice === slice - 1) await setImmediate();
  }
  return `${parts.join('\n')}\n`;
}

const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
