export const trainerNames = ['dpo', 'kto', 'cpo', 'orpo'] as const;
/** The TRL trainer that a run follows. It sets the kind of rows, whether there is a reference, and the metrics. */
export type TrainerName = (typeof trainerNames)[number];

interface ObjectiveText {
  /** TRL's `loss_type`. */
  readonly name: string;
  readonly trainers: readonly TrainerName[];
  /** Hover text: what it does, when to use it. Formula and paper are in its file in `train/objectives`. */
  readonly text: string;
}

/** Every objective, in the order they are offered. */
export const objectiveTexts = [
  {
    name: 'sigmoid',
    trainers: ['dpo', 'cpo'],
    text: 'DPO. Raises the margin of every pair, ever more slowly. The default; start here. With trainer cpo it is CPO: no reference, so half the work.',
  },
  {
    name: 'hinge',
    trainers: ['dpo', 'cpo'],
    text: 'SLiC/RSO. Leaves a pair alone once its margin has reached 1/β: no effort goes into pairs already learnt.',
  },
  {
    name: 'ipo',
    trainers: ['dpo', 'cpo'],
    text: 'IPO. Aims at a margin of 1/(2β) per token and stops there, so it does not overfit pairs that are always judged the same way. β wants a sweep; 0.01 is common.',
  },
  {
    name: 'exo_pair',
    trainers: ['dpo'],
    text: 'EXO. Matches the label in the reverse KL, which seeks one good mode. Needs label_smoothing above 0; the paper takes 1e-3.',
  },
  {
    name: 'nca_pair',
    trainers: ['dpo'],
    text: 'NCA. Looks at each reward by itself and so keeps the chosen answers’ log-prob from falling, DPO’s usual side effect.',
  },
  {
    name: 'robust',
    trainers: ['dpo'],
    text: 'Robust DPO. Corrects for labels flipped with probability label_smoothing (below 0.5; 0.1 is usual). For noisy labels.',
  },
  {
    name: 'bco_pair',
    trainers: ['dpo'],
    text: 'BCO on pairs. A classifier: chosen answers up, rejected down, each by itself. Mixed with sigmoid and sft it is MPO (weights 0.8, 0.2, 1).',
  },
  {
    name: 'sppo_hard',
    trainers: ['dpo'],
    text: 'SPPO. Pulls Δ of chosen to 1/(2β) and of rejected to −1/(2β). For pairs drawn from the policy itself; wants a small β or a small learning rate.',
  },
  {
    name: 'aot',
    trainers: ['dpo'],
    text: 'AOT. Compares sorted margins of a micro-batch with the reference’s: the whole distribution moves, not each pair. Wants a large per_device_train_batch_size.',
  },
  {
    name: 'aot_unpaired',
    trainers: ['dpo'],
    text: 'AOT over sorted rewards, chosen against rejected, whichever pair they come from. Wants a large per_device_train_batch_size.',
  },
  {
    name: 'apo_zero',
    trainers: ['dpo'],
    text: 'APO-zero. Chosen up, rejected down. For chosen answers better than what the model itself would say.',
  },
  {
    name: 'apo_down',
    trainers: ['dpo'],
    text: 'APO-down. Both down, rejected further. For chosen answers worse than what the model itself would say.',
  },
  {
    name: 'discopop',
    trainers: ['dpo'],
    text: 'DiscoPOP. A loss found by search, between logistic and exponential; discopop_tau sets the switch. To try where sigmoid stalls.',
  },
  {
    name: 'sft',
    trainers: ['dpo'],
    text: 'Cross-entropy of the chosen answers; ignores the rejected ones. Mixed in with a small weight (RPO) it keeps chosen answers likely.',
  },
  {
    name: 'sigmoid_norm',
    trainers: ['dpo'],
    text: 'Length-normalised DPO (Tülu 3). Rewards per token, so length gains nothing. Wants a large β: 5 in the paper.',
  },
  {
    name: 'simpo',
    trainers: ['cpo'],
    text: 'SimPO. Mean log-probs with a target margin simpo_gamma and no reference: half the work. Set cpo_alpha to 0 for the paper’s, and a large β (2 to 10). Rows whose prompt fills max_length, for which TRL’s loss is NaN, are left out.',
  },
  {
    name: 'orpo',
    trainers: ['orpo'],
    text: 'ORPO. Fine-tuning on the chosen answers and preference in one, without a reference; straight from a base model. β is the paper’s λ. Rows whose prompt fills max_length, for which TRL’s loss is NaN, are left out.',
  },
  {
    name: 'kto',
    trainers: ['kto'],
    text: 'KTO. Single answers judged good or bad, by prospect theory: losses weigh against the policy’s KL, estimated from other prompts’ answers in the batch. Wants a batch of 4 or more.',
  },
  {
    name: 'apo_zero_unpaired',
    trainers: ['kto'],
    text: 'APO-zero for single judged answers: as kto without the KL, so any batch size does. For good answers better than what the model itself would say.',
  },
] as const satisfies readonly ObjectiveText[];

export type ObjectiveName = (typeof objectiveTexts)[number]['name'];
