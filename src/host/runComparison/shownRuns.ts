import { effectiveBatch } from '../../run/compared/effectiveBatch';
import type { ComparedRun, UnreadableRun } from '../../run/compared/comparedRun';
import { formatValue } from '../../run/compared/formatValue';
import type { RunColumn } from '../../run/compared/runColumns';
import type { RunCell, RunRow } from '../../protocol/runComparison';
import type { ShownColumn } from '../../run/compared/types';

/** Keys of the config whose values a filter finds. */
const searched = ['trainer', 'loss_type', 'model_name_or_path', 'train_file'];
const noCell: RunCell = { value: null, text: '' };

/** A run as a row of the table. */
export function rowOf(run: ComparedRun, columns: readonly RunColumn[]): RunRow {
  const { folder, name, status, notes, evaluates, remarks, config, program, settings } = run;
  const { tags, note, baseline } = notes;
  return {
    folder,
    name,
    status,
    tags,
    note,
    baseline,
    evaluates,
    remarks,
    program,
    problem: null,
    cells: columns.map(({ value, format }) => {
      const own = value(run);
      return { value: own, text: formatValue(own, format) };
    }),
    // How many processes trained another program's run is not known.
    pairsPerStep: config === null ? NaN : effectiveBatch(config.config),
    words: [program ?? status, ...searched.flatMap((key) => settings[key] ?? [])].join('\n'),
  };
}

/** A folder that cannot be read, with the reason. */
export function unreadableRow({ folder, name, error }: UnreadableRun, columns: readonly RunColumn[]): RunRow {
  return {
    folder,
    name,
    status: 'lost',
    tags: [],
    note: '',
    baseline: false,
    evaluates: false,
    remarks: [],
    program: null,
    pairsPerStep: 0,
    words: '',
    cells: columns.map(() => noCell),
    problem: error.message,
  };
}

export function shownColumn({ id, label, title, better, format }: RunColumn): ShownColumn {
  return { id, label, title, better, format };
}

/** The last part of a path. */
export const nameOfPath = (path: string): string => path.slice(path.search(/[^/\\]*$/));
