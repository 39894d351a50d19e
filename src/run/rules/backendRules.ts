import { isGguf } from '../../base/pure/isGguf';
import type { BackendConfig } from '../backendTypes';
import { keyTable } from '../keys/keys';
import type { WrittenConfig } from '../types';
import { rule, type Rule } from './rule';

type Refusable = Exclude<keyof WrittenConfig, 'model_name_or_path' | 'train_file'>;

/** A key of TRL or accelerate that Margin's own trainer does not have. */
function onlyTrl(field: Exclude<keyof BackendConfig, 'backend'>): Rule {
  return rule(field, ['backend'], ({ backend, [field]: value }) =>
    backend === 'margin' && value !== keyTable[field].default
      ? `${field} needs backend: trl (Margin’s own trainer is one process on one machine, in float32)`
      : null,
  );
}

/** A key that must keep its default with `backend: trl`. */
function notInTrl(field: Refusable, why: string): Rule {
  return rule(field, ['backend'], ({ backend, [field]: value }) =>
    backend === 'trl' && JSON.stringify(value) !== JSON.stringify(keyTable[field].default)
      ? `${field} does not work with backend: trl: ${why}`
      : null,
  );
}

const refused: readonly Rule[] = [
  notInTrl('cdpo_label_smoothing', 'TRL’s sigmoid has no label smoothing. Use loss_type "robust" or backend: margin'),
  notInTrl('sync_ref_model', 'TRL does not save the moving reference, so a resumed run would compare with another one'),
  notInTrl('ref_model', 'TRL’s reference is the model that the run starts from. Leave it out (start)'),
  notInTrl('guard_file', 'only Margin’s trainer measures it'),
  notInTrl('sample_prompts_file', 'only Margin’s trainer draws samples; the tab Chat of the ended run does it too'),
  notInTrl('per_token_metrics', 'TRL logs sums over an answer'),
  notInTrl('reward_steps', 'all pairs are scored after the run. Use eval_steps for evaluations during it'),
  notInTrl(
    'load_best_model_at_end',
    'metric_for_best_model names the best evaluation; resume or export that checkpoint',
  ),
];

const places: readonly Rule[] = [
  rule('device', ['backend'], ({ backend, device }) =>
    backend === 'trl' && device !== 'cpu' && device !== 'cuda'
      ? `device "${device}" is not one of TRL’s: use "cpu" or "cuda"`
      : null,
  ),
  rule('model_name_or_path', ['backend'], ({ backend, model_name_or_path: model }) =>
    backend === 'trl' && isGguf(model)
      ? 'backend: trl needs a model folder in Hugging Face layout, not a .gguf file'
      : null,
  ),
  rule('dtype', ['backend', 'device'], ({ backend, dtype, device }) =>
    backend === 'trl' && (dtype === 'float16' || (dtype === 'bfloat16' && device === 'cpu'))
      ? `dtype "${dtype}" does not work with backend: trl${dtype === 'bfloat16' ? ' on the CPU, where it takes many times as long' : ', which loses small gradients in it'}: use "float32"${dtype === 'float16' ? ', or "bfloat16" on a GPU' : ''}`
      : null,
  ),
  rule('max_length', ['backend', 'trainer'], ({ backend, trainer, max_length: limit }) =>
    backend === 'trl' && limit === null && (trainer === 'cpo' || trainer === 'orpo')
      ? `max_length must be a number with backend: trl and trainer: ${trainer}, because TRL takes null as 512`
      : null,
  ),
  rule('loss_type', ['backend', 'trainer'], ({ backend, trainer, loss_type: losses }) =>
    backend === 'trl' && trainer !== 'dpo' && losses.length > 1
      ? `loss_type must be one loss with backend: trl and trainer: ${trainer}`
      : null,
  ),
];

/** bfloat16 and 4 bits, which need a GPU. */
const precision: readonly Rule[] = [
  rule('mixed_precision', ['backend', 'device'], ({ backend, device, mixed_precision: mixed }) =>
    backend === 'trl' && mixed === 'bf16' && device !== 'cuda'
      ? 'mixed_precision "bf16" needs device: cuda: on the CPU it is many times slower than float32'
      : null,
  ),
  rule('load_in_4bit', ['backend', 'device', 'use_peft'], ({ backend, device, use_peft: lora, load_in_4bit: four }) =>
    backend === 'trl' && four && (device !== 'cuda' || !lora)
      ? 'load_in_4bit (QLoRA) needs device: cuda and use_peft: true'
      : null,
  ),
];

const processes: readonly Rule[] = [
  rule('num_processes', ['backend', 'distributed_type'], ({ backend, num_processes: count, distributed_type: type }) =>
    backend === 'trl' && count > 1 && type === 'NO'
      ? 'num_processes above 1 needs a distributed_type, such as MULTI_GPU (or MULTI_CPU on the CPU)'
      : null,
  ),
  rule('distributed_type', ['backend', 'device'], ({ backend, distributed_type: type, device }) =>
    backend === 'trl' && type !== 'NO' && (type === 'MULTI_CPU') !== (device === 'cpu')
      ? `distributed_type "${type}" needs device: ${type === 'MULTI_CPU' ? 'cpu' : 'cuda'}`
      : null,
  ),
  rule('num_machines', ['num_processes'], ({ num_machines: machines, num_processes: count }) =>
    machines > 1 && count % machines !== 0
      ? `num_processes (${count}) must be a multiple of num_machines (${machines})`
      : null,
  ),
  rule(
    'main_process_ip',
    ['num_machines', 'main_process_port', 'target'],
    // The machines of a target learn from it where they meet.
    ({ main_process_ip: host, main_process_port: port, num_machines: machines, target }) =>
      machines > 1 && target === 'local' && (host === null || port === 0)
        ? 'num_machines above 1 needs main_process_ip and main_process_port, at which the machines meet'
        : null,
  ),
  rule('zero_stage', ['backend', 'distributed_type'], ({ backend, zero_stage: stage, distributed_type: type }) =>
    backend === 'trl' && stage !== keyTable.zero_stage.default && type !== 'DEEPSPEED'
      ? 'zero_stage is for distributed_type "DEEPSPEED"'
      : null,
  ),
];

/** Rules about `backend`: which keys each of the two does not have, and what TRL cannot combine. */
export const backendRules: readonly Rule[] = [
  onlyTrl('target'),
  onlyTrl('distributed_type'),
  onlyTrl('num_processes'),
  onlyTrl('num_machines'),
  onlyTrl('main_process_ip'),
  onlyTrl('main_process_port'),
  onlyTrl('zero_stage'),
  onlyTrl('mixed_precision'),
  onlyTrl('load_in_4bit'),
  onlyTrl('gradient_checkpointing'),
  ...refused,
  ...places,
  ...precision,
  ...processes,
];
