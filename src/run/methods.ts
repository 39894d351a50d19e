import type { TrainConfig } from './types';

/** A training method that people know by name: a loss with the settings of a paper or a recipe. */
export interface Method {
  readonly id: string;
  /** The name in papers and in TRL. */
  readonly name: string;
  /** The kind of its rows: pairs, or single answers judged good or bad. */
  readonly rows: 'pairs' | 'judged';
  /** What it does and when to use it, in one line. */
  readonly use: string;
  /** The source of `keys` and `rate`. */
  readonly source: string;
  /** The keys of a `*.train.json` that select the method. */
  readonly keys: Readonly<Partial<TrainConfig>>;
  /** The peak learning rate for all weights of a large model, from the same source. */
  readonly rate: number;
}

/** The methods that *Margin: Train…* offers, in this order. */
export const methods: readonly Method[] = [
  {
    id: 'dpo',
    name: 'DPO',
    rows: 'pairs',
    use: 'Raises the margin of every pair. Start here.',
    source: 'Rafailov et al. 2023, arXiv:2305.18290',
    keys: { loss_type: ['sigmoid'], beta: 0.1 },
    rate: 1e-6,
  },
  {
    id: 'dpo-sft',
    name: 'DPO + SFT',
    rows: 'pairs',
    use: 'DPO that keeps the chosen answers likely (RPO). Use it if their log-probs fall too far.',
    source: 'Liu et al. 2024, arXiv:2405.16436; weights of TRL’s paper index',
    keys: { loss_type: ['sigmoid', 'sft'], loss_weights: [1, 0.005], beta: 0.01 },
    rate: 5e-7,
  },
  {
    id: 'ipo',
    name: 'IPO',
    rows: 'pairs',
    use: 'Stops at a target margin, so it overfits clean labels less than DPO. Try several β.',
    source: 'Azar et al. 2023, arXiv:2310.12036; β and rate of TRL’s DPOConfig',
    keys: { loss_type: ['ipo'], beta: 0.1 },
    rate: 1e-6,
  },
  {
    id: 'cdpo',
    name: 'cDPO',
    rows: 'pairs',
    use: 'Expects a tenth of the labels to be wrong, so it never becomes certain of one.',
    source: 'Mitchell 2023, “A note on DPO with noisy preferences”; rate of DPO',
    keys: { loss_type: ['sigmoid'], cdpo_label_smoothing: 0.1, beta: 0.1 },
    rate: 1e-6,
  },
  {
    id: 'robust',
    name: 'Robust DPO',
    rows: 'pairs',
    use: 'Corrects for a tenth of flipped labels, so that they cancel on average.',
    source: 'Chowdhury et al. 2024, arXiv:2403.00409; rate of DPO',
    keys: { loss_type: ['robust'], label_smoothing: 0.1, beta: 0.1 },
    rate: 1e-6,
  },
  {
    id: 'apo-zero',
    name: 'APO-zero',
    rows: 'pairs',
    use: 'Raises chosen and lowers rejected answers. For chosen answers better than the model’s own.',
    source: 'D’Oosterlinck et al. 2024, arXiv:2408.06266',
    keys: { loss_type: ['apo_zero'], beta: 0.1 },
    rate: 2e-7,
  },
  {
    id: 'simpo',
    name: 'SimPO',
    rows: 'pairs',
    use: 'Needs no reference, so half the work. Rewards are per token, so longer answers gain nothing.',
    source: 'Meng et al. 2024, arXiv:2405.14734, as for Llama-3-Instruct',
    keys: { trainer: 'cpo', loss_type: ['simpo'], cpo_alpha: 0, beta: 2.5, simpo_gamma: 1.375 },
    rate: 1e-6,
  },
  {
    id: 'cpo',
    name: 'CPO',
    rows: 'pairs',
    use: 'DPO without a reference, plus SFT on the chosen answers: half the work.',
    source: 'Xu et al. 2024, arXiv:2401.08417; values of TRL’s CPOConfig',
    keys: { trainer: 'cpo', loss_type: ['sigmoid'], cpo_alpha: 1, beta: 0.1 },
    rate: 1e-6,
  },
  {
    id: 'orpo',
    name: 'ORPO',
    rows: 'pairs',
    use: 'SFT and preference training in one, without a reference. Start from a base model.',
    source: 'Hong et al. 2024, arXiv:2403.07691 (λ 0.1); rate of Zephyr-ORPO',
    keys: { trainer: 'orpo', loss_type: ['orpo'], beta: 0.1 },
    rate: 5e-6,
  },
  {
    id: 'sft',
    name: 'SFT',
    rows: 'pairs',
    use: 'Learns only the chosen answers. Use it before DPO if the model never answers like them.',
    source: 'TRL’s SFTConfig',
    keys: { loss_type: ['sft'] },
    rate: 2e-5,
  },
  {
    id: 'kto',
    name: 'KTO',
    rows: 'judged',
    use: 'Learns from single answers judged good or bad. Start here if you have no pairs.',
    source: 'Ethayarajh et al. 2024, arXiv:2402.01306; rate of its HALOs recipes',
    keys: { trainer: 'kto', loss_type: ['kto'], beta: 0.1, desirable_weight: 1, undesirable_weight: 1 },
    rate: 5e-6,
  },
  {
    id: 'apo-zero-unpaired',
    name: 'APO-zero, unpaired',
    rows: 'judged',
    use: 'KTO without its KL, so any batch size works. For good answers better than the model’s own.',
    source: 'D’Oosterlinck et al. 2024, arXiv:2408.06266',
    keys: { trainer: 'kto', loss_type: ['apo_zero_unpaired'], beta: 0.1 },
    rate: 2e-7,
  },
];

/** LoRA’s rate over the rate for all weights: Zephyr’s recipes have 5e-6 and 5e-7, TRL’s docs 1e-5 and 1e-6. */
const loraFactor = 10;
/** The rates of papers are for models of 7B and more. 2e-4 is TRL’s rate for SFT with LoRA, the highest in use. */
const large = { factor: 1, most: 2e-4, batch: 4 };
/**
 * Smaller models need higher rates, which papers do not give. The factors and highest rates are Margin’s own, chosen
 * for the sample (3 MB) and SmolLM2-135M. Bounds are in bytes of weights.
 */
const smaller = [
  { below: 50e6, factor: 100, most: 1e-3, batch: 8 },
  { below: 1e9, factor: 5, most: 2e-4, batch: 4 },
];

/**
 * The keys of a new `*.train.json` for a method: those that select it, and the ones that people change first, with
 * values to start from.
 *
 * @param lora whether to train a LoRA adapter
 * @param modelBytes the size of the weights in bytes; null if unknown
 */
export function methodKeys(
  { keys, rate }: Method,
  lora: boolean,
  modelBytes: number | null,
): Readonly<Record<string, unknown>> {
  const { factor, most, batch } = smaller.find(({ below }) => modelBytes !== null && modelBytes < below) ?? large;
  const scaled = Math.min(rate * factor * (lora ? loraFactor : 1), most);
  const adapter = { use_peft: true, lora_r: 8, lora_alpha: 16, lora_target_modules: 'all-linear' };
  return {
    ...keys,
    // TRL's users write a single loss without a list.
    ...(keys.loss_type?.length === 1 ? { loss_type: keys.loss_type[0] } : {}),
    learning_rate: Number(scaled.toPrecision(2)),
    lr_scheduler_type: 'linear',
    ...(lora ? adapter : { use_peft: false }),
    per_device_train_batch_size: batch,
    num_train_epochs: 1,
    logging_steps: 1,
  };
}
