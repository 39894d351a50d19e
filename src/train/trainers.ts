import type { BatchLayout } from '../engine/types';
import type { TrainerName } from '../run/objectives';
import type { TrainConfig } from '../run/types';

/** The differences between TRL's trainers. */
interface TrainerTraits {
  /** Whether there is a reference model. Without one its log-probs are 0. */
  readonly reference: boolean;
  /** Whether rows are pairs; if not, they are single judged answers. */
  readonly pairs: boolean;
  /** Objectives for which metrics show log-probs and rewards as means over tokens, not as sums. */
  readonly perToken: readonly string[];
  /** How missing BOS and EOS are added; see `TokenizeOptions`. */
  readonly ends: 'text' | 'tokens';
  /** Whether the loss includes the prompt's tokens. */
  readonly prompts: boolean;
}

const trainers: Readonly<Record<TrainerName, TrainerTraits>> = {
  dpo: { reference: true, pairs: true, perToken: [], ends: 'text', prompts: false },
  kto: { reference: true, pairs: false, perToken: [], ends: 'text', prompts: false },
  cpo: { reference: false, pairs: true, perToken: ['ipo', 'simpo'], ends: 'tokens', prompts: false },
  orpo: { reference: false, pairs: true, perToken: ['orpo'], ends: 'tokens', prompts: true },
};

export type TrainerChoice = Pick<TrainConfig, 'trainer' | 'loss_type'>;

/** Whether the trainer compares the policy with a reference model. */
export const hasReference = ({ trainer }: TrainerChoice): boolean => trainers[trainer].reference;
/** Whether the trainer takes pairs; if not, it takes single judged answers. */
export const hasPairs = ({ trainer }: TrainerChoice): boolean => trainers[trainer].pairs;
/** How the trainer adds missing BOS and EOS; see `TokenizeOptions`. */
export const tokenEnds = ({ trainer }: TrainerChoice): 'text' | 'tokens' => trainers[trainer].ends;
/** Whether metrics show log-probs and rewards as means over tokens: if any objective of the run is one of those. */
export const isPerToken = ({ trainer, loss_type: types }: TrainerChoice): boolean =>
  types.some((type) => trainers[trainer].perToken.includes(type));

/** How a run's batches are laid out for its loss. */
export function batchLayout({ trainer, ld_alpha: ldAlpha }: Pick<TrainConfig, 'trainer' | 'ld_alpha'>): BatchLayout {
  return { ldAlpha, prompts: trainers[trainer].prompts };
}

/**
 * Whether the reference log-probs that steps keep can be used for rewards: they are plain sums over the tokens of both
 * answers of a pair. LD-DPO weighs tokens, and KTO's rows have one answer.
 */
export const keepsPlainSums = (config: Pick<TrainConfig, 'trainer' | 'loss_type' | 'ld_alpha'>): boolean =>
  hasReference(config) && hasPairs(config) && config.ld_alpha === null;

/**
 * Whether steps write down the rewards of the pairs that they train on: those are plain sums beside a reference, as
 * they are where pairs are scored. LD-DPO weighs tokens.
 */
export const writesVisits = (config: Pick<TrainConfig, 'trainer' | 'loss_type' | 'ld_alpha'>): boolean =>
  hasReference(config) && config.ld_alpha === null;
