export const trainerNames = ['dpo', 'kto', 'cpo', 'orpo'] as const;
/** The TRL trainer that a run follows. It sets the kind of rows, whether there is a reference, and the metrics. */
export type TrainerName = (typeof trainerNames)[number];

interface ObjectiveText {
  /** TRL's `loss_type`. */
  readonly name: string;
  readonly trainers: readonly TrainerName[];
  /** Hover text: what it does and when to use it. Its file in `train/objectives` has the formula and the paper. */
  readonly text: string;
}

/** All losses, in the order in which completion offers them. */
export const objectiveTexts = [
  {
    name: 'sigmoid',
    trainers: ['dpo', 'cpo'],
    text: 'DPO. Raises the margin of every pair, more and more slowly. It is the default: start here. With trainer cpo it is CPO, which needs no reference and so half the work.',
  },
  {
    name: 'hinge',
    trainers: ['dpo', 'cpo'],
    text: 'SLiC/RSO. Ignores a pair once its margin has reached 1/β, so training works on pairs that are not learnt yet.',
  },
  {
    name: 'ipo',
    trainers: ['dpo', 'cpo'],
    text: 'IPO. Stops at a margin of 1/(2β) per token, so it does not overfit clean labels. Try several β; 0.01 is common.',
  },
  {
    name: 'exo_pair',
    trainers: ['dpo'],
    text: 'EXO. Matches the labels by the reverse KL, which finds one good mode. It needs label_smoothing above 0; the paper uses 1e-3.',
  },
  {
    name: 'nca_pair',
    trainers: ['dpo'],
    text: 'NCA. Trains each reward by itself, which keeps the log-prob of chosen answers from falling, a usual side effect of DPO.',
  },
  {
    name: 'robust',
    trainers: ['dpo'],
    text: 'Robust DPO. Corrects for labels that are flipped with probability label_smoothing (below 0.5; 0.1 is usual). For noisy labels.',
  },
  {
    name: 'bco_pair',
    trainers: ['dpo'],
    text: 'BCO on pairs. A classifier that raises chosen and lowers rejected answers, each by itself. With sigmoid and sft it is MPO (weights 0.8 for sigmoid, 0.2 for bco_pair, 1 for sft).',
  },
  {
    name: 'sppo_hard',
    trainers: ['dpo'],
    text: 'SPPO. Moves the log-ratio of chosen answers to 1/(2β) and of rejected ones to −1/(2β). For pairs sampled from the policy itself. It needs a small β or a small learning rate.',
  },
  {
    name: 'aot',
    trainers: ['dpo'],
    text: 'AOT. Sorts the margins of a batch and compares them with the reference’s, so it moves the distribution, not each pair. It needs a large per_device_train_batch_size.',
  },
  {
    name: 'aot_unpaired',
    trainers: ['dpo'],
    text: 'AOT on unpaired answers. Sorts chosen and rejected rewards separately and compares them. It needs a large per_device_train_batch_size.',
  },
  {
    name: 'apo_zero',
    trainers: ['dpo'],
    text: 'APO-zero. Raises chosen and lowers rejected answers. For chosen answers that are better than the model’s own.',
  },
  {
    name: 'apo_down',
    trainers: ['dpo'],
    text: 'APO-down. Lowers both answers, the rejected one further. For chosen answers that are worse than the model’s own.',
  },
  {
    name: 'discopop',
    trainers: ['dpo'],
    text: 'DiscoPOP. A loss that was found by search, between logistic and exponential; discopop_tau sets the switch. Try it if sigmoid makes no progress.',
  },
  {
    name: 'sft',
    trainers: ['dpo'],
    text: 'The cross-entropy of the chosen answers; it ignores the rejected ones. Added to another loss with a small weight (RPO), it keeps chosen answers likely.',
  },
  {
    name: 'sigmoid_norm',
    trainers: ['dpo'],
    text: 'Length-normalised DPO (Tülu 3). Rewards are per token, so longer answers gain nothing. It needs a large β: 5 in the paper.',
  },
  {
    name: 'simpo',
    trainers: ['cpo'],
    text: 'SimPO. Uses mean log-probs and a target margin (simpo_gamma), and no reference, so half the work. As in the paper, set cpo_alpha to 0 and β from 2 to 10. It leaves out rows whose prompt fills max_length, for which TRL’s loss is NaN.',
  },
  {
    name: 'orpo',
    trainers: ['orpo'],
    text: 'ORPO. SFT on the chosen answers and preference training in one, without a reference. Start from a base model. β is the paper’s λ. It leaves out rows whose prompt fills max_length, for which TRL’s loss is NaN.',
  },
  {
    name: 'kto',
    trainers: ['kto'],
    text: 'KTO. Learns from single answers judged good or bad, with a loss from prospect theory. It compares each reward with the policy’s KL, which it estimates from the answers to other prompts in the batch. It needs a batch of 4 or more.',
  },
  {
    name: 'apo_zero_unpaired',
    trainers: ['kto'],
    text: 'APO-zero for single judged answers: KTO without the KL, so any batch size works. For good answers that are better than the model’s own.',
  },
] as const satisfies readonly ObjectiveText[];

export type ObjectiveName = (typeof objectiveTexts)[number]['name'];
