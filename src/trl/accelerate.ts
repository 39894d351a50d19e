import type { TrainConfig } from '../run/types';

type Launch = Pick<
  TrainConfig,
  | 'distributed_type'
  | 'num_processes'
  | 'num_machines'
  | 'main_process_ip'
  | 'main_process_port'
  | 'zero_stage'
  | 'mixed_precision'
  | 'gradient_accumulation_steps'
  | 'max_grad_norm'
  | 'device'
>;

/**
 * The text of accelerate's config file (accelerate 1.x, `accelerate config`), as the profiles of TRL have it. Each
 * machine of several gives its own `--machine_rank`.
 */
export function accelerateYaml(config: Launch): string {
  const lines = [
    'compute_environment: LOCAL_MACHINE',
    `distributed_type: ${config.distributed_type === 'NO' ? "'NO'" : config.distributed_type}`,
    `mixed_precision: '${config.mixed_precision}'`,
    `num_processes: ${config.num_processes}`,
    `num_machines: ${config.num_machines}`,
    'machine_rank: 0',
    // JSON is YAML, so a host cannot add lines.
    ...(config.main_process_ip === null ? [] : [`main_process_ip: ${JSON.stringify(config.main_process_ip)}`]),
    `main_process_port: ${config.main_process_port}`,
    'main_training_function: main',
    'rdzv_backend: static',
    'same_network: true',
    `use_cpu: ${config.device === 'cpu'}`,
    'downcast_bf16: false',
    ...(config.distributed_type === 'FSDP' ? fsdp : []),
    ...(config.distributed_type === 'DEEPSPEED' ? deepspeed(config) : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** TRL's profile `fsdp2`. A full state can be resumed by any number of processes. */
const fsdp = [
  'fsdp_config:',
  '  fsdp_version: 2',
  '  fsdp_reshard_after_forward: true',
  '  fsdp_auto_wrap_policy: TRANSFORMER_BASED_WRAP',
  '  fsdp_activation_checkpointing: false',
  '  fsdp_cpu_ram_efficient_loading: true',
  '  fsdp_offload_params: false',
  '  fsdp_state_dict_type: FULL_STATE_DICT',
];

/** TRL's profiles `zero2` and `zero3`. */
function deepspeed(config: Launch): string[] {
  const last = config.zero_stage === 3;
  return [
    'deepspeed_config:',
    '  deepspeed_multinode_launcher: standard',
    `  gradient_accumulation_steps: ${config.gradient_accumulation_steps}`,
    `  gradient_clipping: ${config.max_grad_norm}`,
    '  offload_optimizer_device: none',
    '  offload_param_device: none',
    `  zero3_init_flag: ${last}`,
    ...(last ? ['  zero3_save_16bit_model: true'] : []),
    `  zero_stage: ${config.zero_stage}`,
  ];
}
