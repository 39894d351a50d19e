import { keyTable } from '../keys/keys';
import { rule, type Rule } from './rule';

/** TRL's trainers that have no reference model. */
const withoutReference: readonly string[] = ['cpo', 'orpo'];

/** With its default the key has no effect, so it is allowed. */
function needsSync(field: 'ref_model_mixup_alpha' | 'ref_model_sync_steps'): Rule {
  return rule(field, ['sync_ref_model'], ({ sync_ref_model: sync, [field]: value }) =>
    !sync && value !== keyTable[field].default ? `${field} needs sync_ref_model: true` : null,
  );
}

/** Rules about the reference model, and about the rows that a trainer or a loss needs. */
export const referenceRules: readonly Rule[] = [
  rule('per_device_train_batch_size', ['loss_type'], ({ loss_type: losses, per_device_train_batch_size: size }) =>
    losses.includes('kto') && size === 1
      ? 'per_device_train_batch_size must be above 1 with loss_type "kto": its KL is estimated from the other rows of the batch'
      : null,
  ),
  rule('use_marks', ['trainer'], ({ trainer, use_marks: marks }) =>
    marks && trainer === 'kto'
      ? 'use_marks applies verdicts about pairs, and trainer "kto" takes single answers: leave it out'
      : null,
  ),
  rule('train_sampling_strategy', ['loss_type'], ({ loss_type: losses, train_sampling_strategy: strategy }) =>
    losses.includes('kto') && strategy === 'random'
      ? 'train_sampling_strategy must be sequential with loss_type "kto": the KL of each row uses the row before it; shuffle the file instead'
      : null,
  ),
  rule(
    'disable_dropout',
    ['use_peft', 'lora_dropout'],
    ({ disable_dropout: off, use_peft: lora, lora_dropout: rate }) =>
      off || (lora && rate > 0)
        ? null
        : 'disable_dropout: false turns lora_dropout on, which needs use_peft: true and a lora_dropout above 0',
  ),
  rule('ref_model', ['trainer'], ({ trainer, ref_model: reference }) =>
    reference === 'base' && withoutReference.includes(trainer)
      ? `ref_model chooses the reference, and trainer "${trainer}" has none: leave it out`
      : null,
  ),
  rule('ref_model', ['sync_ref_model'], ({ ref_model: reference, sync_ref_model: sync }) =>
    reference === 'base' && sync
      ? 'sync_ref_model needs a reference at the start of the run: leave out ref_model'
      : null,
  ),
  rule('sync_ref_model', ['trainer'], ({ trainer, sync_ref_model: sync }) =>
    sync && withoutReference.includes(trainer)
      ? `sync_ref_model needs a reference, and trainer "${trainer}" has none: leave it out`
      : null,
  ),
  needsSync('ref_model_mixup_alpha'),
  needsSync('ref_model_sync_steps'),
];
