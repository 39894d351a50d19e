export const backends = ['margin', 'trl'] as const;
/** Accelerate's `distributed_type`. */
export const distributedTypes = ['NO', 'MULTI_CPU', 'MULTI_GPU', 'FSDP', 'DEEPSPEED'] as const;
export const mixedPrecisions = ['no', 'bf16'] as const;

/** What trains a run and where. All but the first two are for `backend: trl`, with the names of accelerate and TRL. */
export interface BackendConfig {
  readonly backend: (typeof backends)[number];
  /** The name of the target that a run of TRL goes to; `local` is this machine. */
  readonly target: string;
  readonly distributed_type: (typeof distributedTypes)[number];
  /** Processes on all machines together. */
  readonly num_processes: number;
  readonly num_machines: number;
  /** The host of the first machine; null: this one. */
  readonly main_process_ip: string | null;
  readonly main_process_port: number;
  /** For `distributed_type: DEEPSPEED`. */
  readonly zero_stage: number;
  readonly mixed_precision: (typeof mixedPrecisions)[number];
  /** QLoRA. */
  readonly load_in_4bit: boolean;
  readonly gradient_checkpointing: boolean;
}
