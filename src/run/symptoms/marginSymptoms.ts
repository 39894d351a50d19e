import { withMinus } from '../../base/pure/withMinus';
import { at } from '../../base/pure/must';
import { enoughPoints, late, valuesOf } from './trend';
import { lowestMargins, type Symptom } from './symptom';

/** Fewest points after which a margin near zero is remarkable. */
const enoughToBeFlat = 40;
/** A margin that is smaller at all steps has not moved: the loss of sigmoid is then within 0.005 of ln 2. */
const flatMargin = 0.01;
const saturatedAccuracy = 0.999;
const saturatedLoss = 0.05;
/** The part of a run before which an accuracy of 1 is early. */
const earlyShare = 0.25;

const rafailov = { label: 'Rafailov et al. 2023', url: 'https://arxiv.org/abs/2305.18290' };

export const negativeMargin: Symptom = {
  id: 'negative-margin',
  threshold: 'the mean margin of the last tenth of the points is below 0',
  source: rafailov,
  find: ({ curves: { series } }) => {
    const margins = valuesOf(series['rewards/margins']);
    const margin = late(margins);
    if (margins.length < enoughPoints || !(margin < 0)) return null;
    return {
      text: `The margin is negative (${withMinus(margin, 3)}): the model moves towards the rejected answers.`,
      advice: 'Look at the pairs with the lowest margin: are their labels flipped?',
      pairs: { ...lowestMargins, label: 'the pairs with a negative margin', margins: [null, 0] },
    };
  },
};

export const frozen: Symptom = {
  id: 'frozen',
  threshold: `the margin is within ±${flatMargin} at all of at least ${enoughToBeFlat} points`,
  source: rafailov,
  find: ({ curves: { series } }) => {
    const margins = valuesOf(series['rewards/margins']);
    if (margins.length < enoughToBeFlat || margins.some((value) => Math.abs(value) >= flatMargin)) return null;
    const loss = late(valuesOf(series['loss']));
    const atStart =
      Math.abs(loss - Math.LN2) < flatMargin / 2 ? ', and the loss is still ln 2, its value at the start' : '';
    return {
      text: `The margin has not moved yet${atStart}.`,
      advice: 'Raise learning_rate: LoRA needs 1e-5 to 1e-4, tiny models up to 1e-3.',
      pairs: { ...lowestMargins, label: 'the pairs whose margin has not moved', margins: [-flatMargin, flatMargin] },
    };
  },
};

export const saturated: Symptom = {
  id: 'saturated',
  threshold: `the accuracy is ${saturatedAccuracy} or more and the loss below ${saturatedLoss} in the last tenth of the points`,
  source: { label: 'TRL issue 1236', url: 'https://github.com/huggingface/trl/issues/1236' },
  find: ({ curves: { series, steps }, steps: total }) => {
    const accuracies = valuesOf(series['rewards/accuracies']);
    if (accuracies.length < enoughPoints || late(accuracies) < saturatedAccuracy) return null;
    if (!(late(valuesOf(series['loss'])) < saturatedLoss)) return null;
    const below = series['rewards/accuracies']?.findLastIndex((value) => value < saturatedAccuracy) ?? -1;
    const since = below < 0 ? 0 : at(steps, below);
    const isEarly = total !== null && since < earlyShare * total;
    return {
      text: `Accuracy is 1 since step ${since + 1}${total === null ? '' : ` of ${total}`} and the loss is near 0: the model has nothing left to learn from these pairs${isEarly ? '; that early, they are few or differ in something simple, such as length' : ''}. More steps only stretch the margins.`,
      advice: isEarly
        ? 'Lower learning_rate or raise beta, and look at what the largest margins have in common.'
        : 'End the run earlier, or add harder pairs.',
      pairs: { label: 'the pairs with the highest margin', sort: 'margin', descending: true, margins: null },
    };
  },
};
