import { objectiveTexts } from '../objectives';
import { fDivergences, references } from '../types';
import { count, type KeyTable } from './key';

/** The loss, and the reference model that it compares the policy with. */
export const lossKeys = {
  loss_type: {
    type: {
      kind: 'choices',
      of: objectiveTexts.map(({ name }) => name),
      texts: objectiveTexts.map(({ text }) => text),
    },
    default: ['sigmoid'],
    byTrainer: { kto: ['kto'], orpo: ['orpo'] },
    text: 'The loss, or a list of losses to add up. `sigmoid` is DPO: start with it. `ipo` stops at a target margin, so it overfits clean labels less; `robust` expects some labels to be flipped; `sft`, added to another loss, keeps the chosen answers likely.',
  },
  loss_weights: {
    type: { kind: 'numbers' },
    default: null,
    nullable: true,
    text: 'The weight of each loss in `loss_type`, for example [1, 0.1]. Null gives each the weight 1.',
  },
  beta: {
    type: { kind: 'number', above: 0 },
    default: 0.1,
    text: 'How strongly the reference holds the policy back. 0.1 is usual; 0.01 lets the policy move further on good data, and 0.5 keeps it close if labels are noisy.',
  },
  label_smoothing: {
    type: { kind: 'number', min: 0, below: 0.5 },
    default: 0,
    text: 'The fraction of labels that the loss expects to be flipped. It applies to `robust` (0.1 is usual), `exo_pair` (1e-3), `aot` and `aot_unpaired`, and with `trainer: cpo` to `sigmoid` and `simpo`. As in TRL, other losses ignore it; DPO’s `sigmoid` has `cdpo_label_smoothing` instead.',
  },
  cdpo_label_smoothing: {
    type: { kind: 'number', min: 0, below: 0.5 },
    default: 0,
    text: 'Margin’s own: the fraction of labels that `sigmoid` expects to be flipped (conservative DPO). 0.1 keeps the model from becoming certain of noisy labels. TRL’s DPO has had no such setting since 0.29.',
  },
  f_divergence_type: {
    type: { kind: 'choice', of: fDivergences },
    default: 'reverse_kl',
    text: 'The divergence between policy and reference that the loss limits (f-DPO). `reverse_kl` is DPO; `forward_kl` keeps more variety, `js_divergence` lies between them, and `alpha_divergence` moves from one to the other with `f_alpha_divergence_coef`. Only for losses that depend on nothing but the difference of the two rewards.',
  },
  f_alpha_divergence_coef: {
    type: { kind: 'number', min: 0 },
    default: 0.5,
    text: 'α of `f_divergence_type: alpha_divergence`. Towards 1 it becomes the reverse KL, towards 0 the forward KL.',
  },
  discopop_tau: {
    type: { kind: 'number', above: 0 },
    default: 0.05,
    text: 'τ of `discopop`: how sharply the loss switches between its logistic and its exponential part. The paper uses 0.05.',
  },
  ld_alpha: {
    type: { kind: 'number', min: 0, max: 1 },
    default: null,
    nullable: true,
    text: 'LD-DPO: the weight of the tokens by which the longer answer exceeds the shorter one. 0.5 makes answers less verbose, 0 ignores these tokens, and null or 1 is plain DPO.',
  },
  use_weighting: {
    type: { kind: 'boolean' },
    default: false,
    text: 'WPO: weights each pair by how likely the policy finds its answers, so that pairs from another model count less. The weights are small, and so is the loss: use a higher learning rate.',
  },
  cpo_alpha: {
    type: { kind: 'number', min: 0 },
    default: 1,
    text: 'With `trainer: cpo`, the weight of the cross-entropy on the chosen answers. 1 is CPO; 0 with `loss_type: simpo` is SimPO as in its paper; values between them are CPO-SimPO.',
  },
  simpo_gamma: {
    type: { kind: 'number', min: 0 },
    default: 0.5,
    text: 'γ of `loss_type: simpo`: the target margin between the two rewards. The paper uses γ/β from 0.3 to 0.8, with β from 2 to 10.',
  },
  desirable_weight: {
    type: { kind: 'number', above: 0 },
    default: 1,
    text: 'With `trainer: kto`, the weight of the loss of good answers. If the data has more of one kind, weight the two so that both sums are about equal: a note at the start of the run names such values.',
  },
  undesirable_weight: {
    type: { kind: 'number', above: 0 },
    default: 1,
    text: 'With `trainer: kto`, the weight of the loss of bad answers.',
  },
  ref_model: {
    type: { kind: 'choice', of: references },
    default: 'start',
    text: 'The reference of a run that starts from an adapter. `start` is the model with that adapter, as in TRL: rewards begin at 0, and each run may move as far again. `base` is the model without the adapter: rewards count from there, as if the earlier run had continued.',
  },
  sync_ref_model: {
    type: { kind: 'boolean' },
    default: false,
    text: 'TR-DPO: the reference follows the policy, so the policy may move further from its start. Margin allows it with LoRA too, which TRL does not. Each step then computes the reference again.',
  },
  ref_model_mixup_alpha: {
    type: { kind: 'number', min: 0, max: 1 },
    default: 0.6,
    text: 'With `sync_ref_model`, the share of the policy in the new reference. 1 copies the policy; the paper uses 0.6 with 512 steps.',
  },
  ref_model_sync_steps: {
    type: count,
    default: 512,
    text: 'With `sync_ref_model`, the number of optimizer steps between two updates of the reference.',
  },
} as const satisfies Partial<KeyTable>;
