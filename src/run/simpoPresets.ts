import type { Preset } from './presets';

/** A row of SimPO's table. */
interface Row {
  readonly id: string;
  readonly name: string;
  readonly data: string;
  readonly rate: number;
  readonly beta: number;
  /** γ = β times the table's γ/β. */
  readonly gamma: number;
  readonly length: number;
}

/** The table of hyperparameters in the read-me of princeton-nlp/SimPO. */
const rows: readonly Row[] = [
  {
    id: 'mistral-base',
    name: 'Mistral-7B-Base',
    data: 'UltraFeedback',
    rate: 3e-7,
    beta: 2,
    gamma: 1.6,
    length: 1024,
  },
  {
    id: 'mistral-instruct',
    name: 'Mistral-7B-Instruct',
    data: 'UltraFeedback judged by PairRM',
    rate: 5e-7,
    beta: 2.5,
    gamma: 0.25,
    length: 2048,
  },
  {
    id: 'llama3-base',
    name: 'Llama-3-8B-Base',
    data: 'UltraFeedback',
    rate: 6e-7,
    beta: 2,
    gamma: 1,
    length: 2048,
  },
  {
    id: 'llama3-instruct',
    name: 'Llama-3-8B-Instruct',
    data: 'UltraFeedback judged by PairRM',
    rate: 1e-6,
    beta: 2.5,
    gamma: 1.375,
    length: 2048,
  },
  {
    id: 'llama3-instruct-v2',
    name: 'Llama-3-8B-Instruct v0.2',
    data: 'UltraFeedback judged by ArmoRM',
    rate: 1e-6,
    beta: 10,
    gamma: 3,
    length: 2048,
  },
  {
    id: 'gemma2',
    name: 'Gemma-2-9B-it',
    data: 'UltraFeedback judged by ArmoRM',
    rate: 8e-7,
    beta: 10,
    gamma: 5,
    length: 2048,
  },
];

/** SimPO (Meng et al. 2024) for each model of its table. */
export const simpoPresets: readonly Preset[] = rows.map(({ id, name, data, rate, beta, gamma, length }) => ({
  id: `simpo-${id}`,
  name: `SimPO, ${name}`,
  source: 'Meng et al. 2024, arXiv:2405.14734; the table in the read-me of its repository',
  about: `SimPO on ${data}, all weights, batch 128`,
  differs: null,
  keys: {
    trainer: 'cpo',
    loss_type: ['simpo'],
    cpo_alpha: 0,
    beta,
    simpo_gamma: gamma,
    learning_rate: rate,
    lr_scheduler_type: 'cosine',
    warmup_steps: 0.1,
    max_length: length,
    per_device_train_batch_size: 2,
    gradient_accumulation_steps: 64,
    num_train_epochs: 1,
    use_peft: false,
  },
}));
