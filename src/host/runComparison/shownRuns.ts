import { effectiveBatch } from '../../run/compared/effectiveBatch';
import type { ComparedRun, UnreadableRun } from '../../run/compared/comparedRun';
import { formatValue } from '../../run/compared/formatValue';
import type { RunColumn } from '../../run/compared/runColumns';
import type { RunCell, RunRow } from '../../protocol/runComparison';
import type { ShownColumn } from '../../run/compared/types';

const noCell: RunCell = { value: null, text: '' };

/** A run as a row of the table. */
export function rowOf(run: ComparedRun, columns: readonly RunColumn[]): RunRow {
  const { folder, name, status, notes, evaluates, remarks, config } = run;
  const { tags, note, baseline } = notes;
  const { trainer, loss_type: losses, model_name_or_path: model, train_file: file } = config.config;
  return {
    ...{ folder, name, status, tags, note, baseline, evaluates, remarks, problem: null },
    cells: columns.map(({ value, format }) => {
      const found = value(run);
      return { value: found, text: formatValue(found, format) };
    }),
    pairsPerStep: effectiveBatch(config.config),
    words: [trainer, ...losses, model, file, status].join('\n'),
  };
}

/** A folder that cannot be read, with the reason. */
export function unreadableRow({ folder, name, error }: UnreadableRun, columns: readonly RunColumn[]): RunRow {
  return {
    ...{ folder, name, status: 'lost', tags: [], note: '', baseline: false, evaluates: false, remarks: [] },
    ...{ pairsPerStep: 0, words: '', cells: columns.map(() => noCell), problem: error.message },
  };
}

export function shownColumn({ id, label, title, better, format }: RunColumn): ShownColumn {
  return { id, label, title, better, format };
}
