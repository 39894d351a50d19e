import type { TrainConfig } from './types';

/** A way to train that people know by name: an objective with the settings of a paper or a recipe. */
export interface Method {
  readonly id: string;
  /** As papers and TRL write it. */
  readonly name: string;
  /** What its rows are: pairs, or single answers judged good or bad. */
  readonly rows: 'pairs' | 'judged';
  /** When to use it, in one line. */
  readonly use: string;
  /** Where `keys` and `rate` come from. */
  readonly source: string;
  /** Keys of `*.train.json` that make the method. */
  readonly keys: Readonly<Partial<TrainConfig>>;
  /** Peak learning rate for all weights of a large model, from the same source. */
  readonly rate: number;
}

/** Every method that *Margin: Train…* offers, in the order it offers them. */
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
    use: 'DPO that keeps the chosen answers likely (RPO): where their log-probs fall too far.',
    source: 'Liu et al. 2024, arXiv:2405.16436; weights of TRL’s paper index',
    keys: { loss_type: ['sigmoid', 'sft'], loss_weights: [1, 0.005], beta: 0.01 },
    rate: 5e-7,
  },
  {
    id: 'ipo',
    name: 'IPO',
    rows: 'pairs',
    use: 'Stops at a set margin: for clean labels that DPO overfits. β wants a sweep.',
    source: 'Azar et al. 2023, arXiv:2310.12036; β and rate of TRL’s DPOConfig',
    keys: { loss_type: ['ipo'], beta: 0.1 },
    rate: 1e-6,
  },
  {
    id: 'cdpo',
    name: 'cDPO',
    rows: 'pairs',
    use: 'Expects a tenth of the labels to be wrong, and is never certain of one.',
    source: 'Mitchell 2023, “A note on DPO with noisy preferences”; rate of DPO',
    keys: { loss_type: ['sigmoid'], cdpo_label_smoothing: 0.1, beta: 0.1 },
    rate: 1e-6,
  },
  {
    id: 'robust',
    name: 'Robust DPO',
    rows: 'pairs',
    use: 'Corrects for a tenth of flipped labels, so that on average they cancel.',
    source: 'Chowdhury et al. 2024, arXiv:2403.00409; rate of DPO',
    keys: { loss_type: ['robust'], label_smoothing: 0.1, beta: 0.1 },
    rate: 1e-6,
  },
  {
    id: 'apo-zero',
    name: 'APO-zero',
    rows: 'pairs',
    use: 'Chosen up, rejected down: for chosen answers better than the model’s own.',
    source: 'D’Oosterlinck et al. 2024, arXiv:2408.06266',
    keys: { loss_type: ['apo_zero'], beta: 0.1 },
    rate: 2e-7,
  },
  {
    id: 'simpo',
    name: 'SimPO',
    rows: 'pairs',
    use: 'No reference, so half the work; rewards per token, so length gains nothing.',
    source: 'Meng et al. 2024, arXiv:2405.14734, as for Llama-3-Instruct',
    keys: { trainer: 'cpo', loss_type: ['simpo'], cpo_alpha: 0, beta: 2.5, simpo_gamma: 1.375 },
    rate: 1e-6,
  },
  {
    id: 'cpo',
    name: 'CPO',
    rows: 'pairs',
    use: 'DPO without a reference and with SFT on the chosen answers: half the work.',
    source: 'Xu et al. 2024, arXiv:2401.08417; values of TRL’s CPOConfig',
    keys: { trainer: 'cpo', loss_type: ['sigmoid'], cpo_alpha: 1, beta: 0.1 },
    rate: 1e-6,
  },
  {
    id: 'orpo',
    name: 'ORPO',
    rows: 'pairs',
    use: 'SFT and preference in one, without a reference: straight from a base model.',
    source: 'Hong et al. 2024, arXiv:2403.07691 (λ 0.1); rate of Zephyr-ORPO',
    keys: { trainer: 'orpo', loss_type: ['orpo'], beta: 0.1 },
    rate: 5e-6,
  },
  {
    id: 'sft',
    name: 'SFT',
    rows: 'pairs',
    use: 'Learns the chosen answers alone: before DPO, where the model never answers like them.',
    source: 'TRL’s SFTConfig',
    keys: { loss_type: ['sft'] },
    rate: 2e-5,
  },
  {
    id: 'kto',
    name: 'KTO',
    rows: 'judged',
    use: 'Single answers judged good or bad. Start here where there are no pairs.',
    source: 'Ethayarajh et al. 2024, arXiv:2402.01306; rate of its HALOs recipes',
    keys: { trainer: 'kto', loss_type: ['kto'], beta: 0.1, desirable_weight: 1, undesirable_weight: 1 },
    rate: 5e-6,
  },
  {
    id: 'apo-zero-unpaired',
    name: 'APO-zero, unpaired',
    rows: 'judged',
    use: 'As KTO without its KL, so any batch size does: for good answers better than the model’s own.',
    source: 'D’Oosterlinck et al. 2024, arXiv:2408.06266',
    keys: { trainer: 'kto', loss_type: ['apo_zero_unpaired'], beta: 0.1 },
    rate: 2e-7,
  },
];

/** LoRA’s rate beside that of all weights: Zephyr’s recipes have 5e-6 and 5e-7, TRL’s documents 1e-5 and 1e-6. */
const loraFactor = 10;
/** What papers tell is for models of 7B and more. 2e-4 is TRL’s rate for SFT with LoRA, the highest in use. */
const large = { factor: 1, most: 2e-4, batch: 4 };
/**
 * Smaller models want higher rates, which papers do not tell. The factors and highest rates are Margin’s own choice:
 * the sample (3 MB) and SmolLM2-135M are what they were made for. Bounds are in bytes of weights.
 */
const smaller = [
  { below: 50e6, factor: 100, most: 1e-3, batch: 8 },
  { below: 1e9, factor: 5, most: 2e-4, batch: 4 },
];

/**
 * What a `*.train.json` says of a method: its own keys and those that a person would want to see first, with values to
 * start from.
 *
 * @param modelBytes of the weights; null where they are unknown
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
    // A single objective is written as TRL's users write it, without a list.
    ...(keys.loss_type?.length === 1 ? { loss_type: keys.loss_type[0] } : {}),
    learning_rate: Number(scaled.toPrecision(2)),
    lr_scheduler_type: 'linear',
    ...(lora ? adapter : { use_peft: false }),
    per_device_train_batch_size: batch,
    num_train_epochs: 1,
    logging_steps: 1,
  };
}
