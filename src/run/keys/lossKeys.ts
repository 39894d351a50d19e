import { objectiveTexts } from '../objectives';
import { count, type Key } from './key';

/** The objective and what holds the policy to its reference. */
export const lossKeys: readonly Key[] = [
  {
    name: 'loss_type',
    type: {
      kind: 'choices',
      of: objectiveTexts.map(({ name }) => name),
      texts: objectiveTexts.map(({ text }) => text),
    },
    default: ['sigmoid'],
    byTrainer: { kto: ['kto'], orpo: ['orpo'] },
    text: 'Objective, or a list of them to be mixed. `sigmoid` is DPO and the place to start; `ipo` stops at a target margin, so it overfits clean labels less; `robust` expects flipped labels; `sft`, mixed in, keeps the chosen answers likely. Each name says when to use it.',
  },
  {
    name: 'loss_weights',
    type: { kind: 'numbers' },
    default: null,
    nullable: true,
    text: 'One weight for each `loss_type`, as in [1, 0.1]. Null weighs each 1.',
  },
  {
    name: 'beta',
    type: { kind: 'number', above: 0 },
    default: 0.1,
    text: 'How strongly the policy is held to the reference. 0.1 is usual; 0.01 lets it move further on good data, 0.5 keeps it close when labels are noisy.',
  },
  {
    name: 'label_smoothing',
    type: { kind: 'number', min: 0, below: 0.5 },
    default: 0,
    text: 'How many labels are taken to be flipped, as a fraction, by `robust` (0.1 is usual), `exo_pair` (1e-3), `aot` and `aot_unpaired`. The others do without, as in TRL; for `sigmoid` there is `cdpo_label_smoothing`.',
  },
  {
    name: 'cdpo_label_smoothing',
    type: { kind: 'number', min: 0, below: 0.5 },
    default: 0,
    text: 'Margin’s own: conservative DPO, the fraction of labels that `sigmoid` takes to be flipped. 0.1 keeps noisy labels from being learnt with certainty. TRL’s DPO has had no such thing since 0.29.',
  },
  {
    name: 'f_divergence_type',
    type: { kind: 'choice', of: ['reverse_kl', 'forward_kl', 'js_divergence', 'alpha_divergence'] },
    default: 'reverse_kl',
    text: 'What holds the policy to the reference (f-DPO): `reverse_kl` is DPO; `forward_kl` keeps more variety, `js_divergence` lies between, `alpha_divergence` goes from one to the other. For objectives on the difference of rewards only.',
  },
  {
    name: 'f_alpha_divergence_coef',
    type: { kind: 'number', min: 0 },
    default: 0.5,
    text: 'α of `f_divergence_type: alpha_divergence`: towards 1 it is reverse KL, towards 0 forward KL.',
  },
  {
    name: 'discopop_tau',
    type: { kind: 'number', above: 0 },
    default: 0.05,
    text: 'τ of `discopop`: how sharply it switches between logistic and exponential. 0.05 is the paper’s.',
  },
  {
    name: 'ld_alpha',
    type: { kind: 'number', min: 0, max: 1 },
    default: null,
    nullable: true,
    text: 'LD-DPO: how much the tokens of the longer answer count that lie beyond the length of the shorter one. 0.5 curbs long-windedness; 0 ignores them; null and 1 leave DPO as it is.',
  },
  {
    name: 'use_weighting',
    type: { kind: 'boolean' },
    default: false,
    text: 'WPO: weighs each pair by how likely the policy itself finds its answers, so that pairs drawn from another model count less. Weights are small, and so are losses: raise the learning rate.',
  },
  {
    name: 'cpo_alpha',
    type: { kind: 'number', min: 0 },
    default: 1,
    text: 'Of `trainer: cpo`: weight of the chosen answers’ cross-entropy. 1 is CPO; 0 with `loss_type: simpo` is SimPO as in its paper; between them lies CPO-SimPO.',
  },
  {
    name: 'simpo_gamma',
    type: { kind: 'number', min: 0 },
    default: 0.5,
    text: 'γ of `loss_type: simpo`: the margin between rewards that is aimed at. The paper’s runs have γ/β from 0.3 to 0.8, with β from 2 to 10.',
  },
  {
    name: 'desirable_weight',
    type: { kind: 'number', above: 0 },
    default: 1,
    text: 'Of `trainer: kto`: factor of the loss of good answers. Where good and bad ones are not equally many, the sums of factors should be: a note at the start of the run tells which values do.',
  },
  {
    name: 'undesirable_weight',
    type: { kind: 'number', above: 0 },
    default: 1,
    text: 'Of `trainer: kto`: factor of the loss of bad answers.',
  },
  {
    name: 'ref_model',
    type: { kind: 'choice', of: ['start', 'base'] },
    default: 'start',
    text: 'What the policy is held against, where a run starts from an adapter. `start` is that adapter on its model, as in TRL: rewards begin at 0, and each run may go as far again. `base` is the model without it: rewards count from there, as if the earlier run had never ended.',
  },
  {
    name: 'sync_ref_model',
    type: { kind: 'boolean' },
    default: false,
    text: 'TR-DPO: the reference follows the policy instead of staying at the start, so the model may go further without being pulled back. For LoRA too, where TRL refuses it. Costs a pass of the reference in every step.',
  },
  {
    name: 'ref_model_mixup_alpha',
    type: { kind: 'number', min: 0, max: 1 },
    default: 0.6,
    text: 'Of `sync_ref_model`: share of the policy in the new reference. 1 takes the policy as it is; the paper has 0.6 with 512 steps.',
  },
  {
    name: 'ref_model_sync_steps',
    type: count,
    default: 512,
    text: 'Of `sync_ref_model`: optimizer steps from one move of the reference to the next.',
  },
];
