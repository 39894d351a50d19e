export type Method = 'sigmoid' | 'ipo' | 'sft' | 'sigmoid+sft';

/** A model below this is a toy that only learns at high rates. */
const tinyBytes = 50e6;

const objectives: Readonly<Record<Method, Readonly<Record<string, unknown>>>> = {
  sigmoid: { loss_type: 'sigmoid', beta: 0.1 },
  ipo: { loss_type: 'ipo', beta: 0.1 },
  sft: { loss_type: 'sft' },
  'sigmoid+sft': { loss_type: ['sigmoid', 'sft'], loss_weights: [1, 0.2], beta: 0.1 },
};

/**
 * The keys that a person would want to see for a method, with values to start from. TRL's own default rate (1e-6) is
 * for all weights of a large model: LoRA wants more, a tiny model more still.
 */
export function defaultsFor(method: Method, lora: boolean, modelBytes: number): Readonly<Record<string, unknown>> {
  const tiny = modelBytes < tinyBytes;
  const adapter = { use_peft: true, lora_r: 8, lora_alpha: 16, lora_target_modules: 'all-linear', learning_rate: tiny ? 1e-3 : 5e-5 };
  return {
    ...objectives[method],
    ...(lora ? adapter : { use_peft: false, learning_rate: tiny ? 2e-4 : 1e-6 }),
    lr_scheduler_type: 'linear',
    per_device_train_batch_size: tiny ? 8 : 4,
    num_train_epochs: 1,
    logging_steps: 1,
  };
}
