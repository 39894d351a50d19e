import { keyTable } from '../keys/keys';
import type { WrittenConfig } from '../types';
import { rule, type Rule } from './rule';

const bestKeys = ['metric_for_best_model', 'load_best_model_at_end', 'early_stopping_patience'] as const;
type BestKey = (typeof bestKeys)[number];

/** A key that has an effect only if some rows are held out. With its default it is allowed without them. */
function needsHeldOut(field: 'eval_steps' | 'per_device_eval_batch_size' | 'guard_file' | BestKey): Rule {
  return rule(field, ['eval_file', 'test_split_size'], ({ eval_file: file, test_split_size: part, [field]: value }) =>
    file === null && part === 0 && value !== keyTable[field].default
      ? `${field} needs rows that are held out for evaluation: name an eval_file, or hold out a part of train_file with test_split_size, such as 0.1`
      : null,
  );
}

/** A key that compares evaluations, so the run must evaluate more often than at its end. */
function needsEvalSteps(field: BestKey): Rule {
  return rule(
    field,
    ['eval_steps', 'eval_file', 'test_split_size'],
    ({ eval_steps: steps, eval_file: file, test_split_size: part, [field]: value }) =>
      steps === 0 && (file !== null || part > 0) && value !== keyTable[field].default
        ? `${field} compares evaluations during the run: set eval_steps, such as 50`
        : null,
  );
}

/** Whether some key needs to know the best evaluation. */
function needsBest(values: Pick<WrittenConfig, BestKey>): boolean {
  return bestKeys.some((name) => values[name] !== keyTable[name].default);
}

/** Rules about held-out rows, and about what depends on their evaluation. */
export const evaluationRules: readonly Rule[] = [
  rule('test_split_size', ['eval_file'], ({ eval_file: file, test_split_size: part }) =>
    file !== null && part > 0
      ? 'test_split_size holds out rows of train_file, and eval_file names other rows: leave out one of the two'
      : null,
  ),
  needsHeldOut('eval_steps'),
  needsHeldOut('per_device_eval_batch_size'),
  needsHeldOut('guard_file'),
  ...bestKeys.map(needsHeldOut),
  ...bestKeys.map(needsEvalSteps),
  rule('greater_is_better', bestKeys, (values) =>
    values.greater_is_better !== null && !needsBest(values)
      ? 'greater_is_better has no effect if no key needs the best evaluation: set metric_for_best_model, or leave it out'
      : null,
  ),
  rule(
    'early_stopping_threshold',
    ['early_stopping_patience'],
    ({ early_stopping_threshold: threshold, early_stopping_patience: patience }) =>
      threshold > 0 && patience === null ? 'early_stopping_threshold needs early_stopping_patience' : null,
  ),
];
