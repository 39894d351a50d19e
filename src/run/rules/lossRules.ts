import { keyTable } from '../keys/keys';
import { objectiveTexts, type ObjectiveName, type TrainerName } from '../objectives';
import type { TrainConfig } from '../types';
import { quoted, rule, type Rule } from './rule';

/**
 * Losses that depend only on the difference of the two rewards. For others the partition function of an f-divergence
 * does not cancel; TRL 1.16 refuses the same combinations.
 */
const differenceLosses: readonly ObjectiveName[] = [
  'sigmoid',
  'sigmoid_norm',
  'hinge',
  'ipo',
  'exo_pair',
  'robust',
  'discopop',
  'sft',
];
/** The losses that use `label_smoothing`, by trainer. */
const smoothedLosses: Readonly<Record<TrainerName, readonly ObjectiveName[]>> = {
  dpo: ['robust', 'exo_pair', 'aot', 'aot_unpaired'],
  kto: [],
  cpo: ['sigmoid', 'simpo'],
  orpo: [],
};
/** Losses that cannot weight pairs. The first two sort rewards across pairs; TRL fails on all three. */
const lossesWithoutWeights: readonly ObjectiveName[] = ['aot', 'aot_unpaired', 'sft'];

function trainersOf(loss: ObjectiveName): readonly TrainerName[] {
  return objectiveTexts.flatMap(({ name, trainers }) => (name === loss ? trainers : []));
}

/** The key belongs to one trainer. With another trainer it may only have its default. */
function onlyFor(field: Exclude<keyof TrainConfig, 'loss_weights'>, owner: TrainerName): Rule {
  return rule(field, ['trainer'], ({ trainer, [field]: value }) =>
    trainer !== owner && value !== keyTable[field].default
      ? `${field} is for trainer "${owner}"; leave it out with trainer "${trainer}"`
      : null,
  );
}

const trainerRules: readonly Rule[] = [
  rule('loss_type', ['trainer'], ({ trainer, loss_type: losses }) => {
    const wrong = losses.find((loss) => !trainersOf(loss).includes(trainer));
    if (wrong === undefined) return null;
    const own = objectiveTexts.map(({ name }) => name).filter((name) => trainersOf(name).includes(trainer));
    return `loss_type "${wrong}" is for trainer ${quoted(trainersOf(wrong))}; trainer "${trainer}" has ${quoted(own)}`;
  }),
  rule('loss_type', ['trainer'], ({ trainer, loss_type: losses }) =>
    trainer !== 'dpo' && losses.length > 1
      ? `trainer "${trainer}" takes one loss_type; only trainer "dpo" takes several`
      : null,
  ),
  rule('loss_weights', ['loss_type'], ({ loss_type: losses, loss_weights: weights }) =>
    weights !== null && losses.length !== weights.length
      ? `loss_weights has ${weights.length} value${weights.length === 1 ? '' : 's'}, loss_type has ${losses.length}: give one weight for each`
      : null,
  ),
];

const smoothingRules: readonly Rule[] = [
  rule('label_smoothing', ['loss_type'], ({ loss_type: losses, label_smoothing: smoothing }) =>
    losses.includes('exo_pair') && smoothing === 0
      ? 'label_smoothing must be above 0 with loss_type "exo_pair", whose loss is infinite at 0; the paper uses 1e-3'
      : null,
  ),
  rule('label_smoothing', ['trainer', 'loss_type'], ({ trainer, loss_type: losses, label_smoothing: smoothing }) => {
    const smoothed = smoothedLosses[trainer];
    if (smoothing === 0 || losses.some((loss) => smoothed.includes(loss))) return null;
    const users = smoothed.length === 0 ? '' : `: it is for ${quoted(smoothed)}`;
    const instead = trainer === 'dpo' && losses.includes('sigmoid') ? '; for "sigmoid" use cdpo_label_smoothing' : '';
    return `label_smoothing has no effect on trainer "${trainer}" with loss_type ${quoted(losses)}${users}${instead}`;
  }),
  onlyFor('cdpo_label_smoothing', 'dpo'),
  rule('cdpo_label_smoothing', ['loss_type'], ({ loss_type: losses, cdpo_label_smoothing: smoothing }) =>
    smoothing > 0 && !losses.includes('sigmoid')
      ? `cdpo_label_smoothing is only for loss_type "sigmoid", not ${quoted(losses)}`
      : null,
  ),
];

const variantRules: readonly Rule[] = [
  onlyFor('f_divergence_type', 'dpo'),
  onlyFor('ld_alpha', 'dpo'),
  onlyFor('use_weighting', 'dpo'),
  onlyFor('cpo_alpha', 'cpo'),
  onlyFor('simpo_gamma', 'cpo'),
  onlyFor('desirable_weight', 'kto'),
  onlyFor('undesirable_weight', 'kto'),
  rule('f_divergence_type', ['loss_type'], ({ loss_type: losses, f_divergence_type: divergence }) => {
    const others = losses.filter((loss) => !differenceLosses.includes(loss));
    return divergence !== 'reverse_kl' && others.length > 0
      ? `f_divergence_type "${divergence}" is not defined for loss_type ${quoted(others)}, which depends on more than the difference of the rewards; use reverse_kl, or one of ${quoted(differenceLosses)}`
      : null;
  }),
  rule('use_weighting', ['loss_type'], ({ loss_type: losses, use_weighting: weighting }) => {
    const others = losses.filter((loss) => lossesWithoutWeights.includes(loss));
    return weighting && others.length > 0
      ? `use_weighting cannot weight loss_type ${quoted(others)}, which has no loss for each pair`
      : null;
  }),
];

/** Rules about the trainer, its losses and their settings. */
export const lossRules: readonly Rule[] = [...trainerRules, ...smoothingRules, ...variantRules];
