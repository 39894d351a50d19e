import type { BatchLayout } from '../engine/types';
import type { TrainerName } from '../run/objectives';
import type { TrainConfig } from '../run/types';

/** What TRL's trainers do differently from each other. */
interface Trainer {
  /** Whether log-probs are held against a reference; without one its log-probs count as 0. */
  readonly reference: boolean;
  /** Rows are pairs, else single judged answers. */
  readonly pairs: boolean;
  /** Objectives whose log-probs and rewards are means over tokens in the metrics too. */
  readonly perToken: readonly string[];
  /** See `TokenizeOptions`. */
  readonly ends: 'text' | 'tokens';
  /** The loss reads the prompt's own tokens. */
  readonly prompts: boolean;
}

const trainers: Readonly<Record<TrainerName, Trainer>> = {
  dpo: { reference: true, pairs: true, perToken: [], ends: 'text', prompts: false },
  kto: { reference: true, pairs: false, perToken: [], ends: 'text', prompts: false },
  cpo: { reference: false, pairs: true, perToken: ['ipo', 'simpo'], ends: 'tokens', prompts: false },
  orpo: { reference: false, pairs: true, perToken: ['orpo'], ends: 'tokens', prompts: true },
};

export type TrainerChoice = Pick<TrainConfig, 'trainer' | 'loss_type'>;

export const hasReference = ({ trainer }: TrainerChoice): boolean => trainers[trainer].reference;
export const hasPairs = ({ trainer }: TrainerChoice): boolean => trainers[trainer].pairs;
export const tokenEnds = ({ trainer }: TrainerChoice): 'text' | 'tokens' => trainers[trainer].ends;
export const isPerToken = ({ trainer, loss_type: types }: TrainerChoice): boolean =>
  types.some((type) => trainers[trainer].perToken.includes(type));

/** What a run's loss wants of its batches. */
export function batchLayout({ trainer, ld_alpha: ldAlpha }: Pick<TrainConfig, 'trainer' | 'ld_alpha'>): BatchLayout {
  return { ldAlpha, prompts: trainers[trainer].prompts };
}

/**
 * Whether the reference's log-probs that steps keep are those that rewards are made of: sums over each answer of a
 * pair, none weighed.
 */
export const keepsPlainSums = (config: Pick<TrainConfig, 'trainer' | 'loss_type' | 'ld_alpha'>): boolean =>
  hasReference(config) && hasPairs(config) && config.ld_alpha === null;
