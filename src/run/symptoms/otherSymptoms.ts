import { at, must } from '../../base/pure/must';
import { late, valuesOf } from './trend';
import type { Symptom } from './symptom';

/** A larger gap in accuracy between trained and held-out pairs is not chance, even with a few dozen pairs. */
const wideGap = 0.15;
/** The rise of the held-out loss above its lowest value, as a share of that. */
const lossRise = 0.1;
/** Fewest evaluations that show a turn. */
const enoughEvaluations = 3;
/** Answers that are this many times as long as before training. */
const lengthGrowth = 2;

export const memorises: Symptom = {
  id: 'memorises',
  threshold: `the accuracy on held-out pairs is more than ${wideGap} below that on trained pairs, or the held-out loss rises more than ${100 * lossRise} % above its lowest value while the training loss falls`,
  source: { label: 'Azar et al. 2023', url: 'https://arxiv.org/abs/2310.12036' },
  find: ({ curves: { series, steps } }) => {
    const train = late(valuesOf(series['rewards/accuracies']));
    const held = valuesOf(series['eval_rewards/accuracies']).at(-1);
    const pairs = {
      label: 'the pairs with the highest margin',
      sort: 'margin',
      descending: true,
      margins: null,
    } as const;
    const advice = 'Try fewer epochs, a lower rank or more pairs.';
    if (held !== undefined && train - held > wideGap) {
      const text = `Accuracy is ${train.toFixed(2)} on the trained pairs and ${held.toFixed(2)} on the held-out ones: the model memorises.`;
      return { text, advice, pairs };
    }
    const losses = valuesOf(series['eval_loss']);
    const lowest = Math.min(...losses);
    const last = losses.at(-1);
    if (last === undefined || losses.length < enoughEvaluations || last <= (1 + lossRise) * lowest) return null;
    if (!(late(valuesOf(series['loss'])) < lowest)) return null;
    const step = at(steps, must(series['eval_loss'], 'the held-out losses').indexOf(lowest));
    const text = `The loss on held-out pairs was lowest at step ${step} (${lowest.toFixed(3)}) and is ${last.toFixed(3)} now, while that on trained pairs falls: the model memorises.`;
    return {
      text,
      advice: 'Set load_best_model_at_end, or early_stopping_patience, or train for fewer epochs.',
      pairs,
    };
  },
};

export const longer: Symptom = {
  id: 'longer-answers',
  threshold: `sampled answers are ${lengthGrowth} times as long as before training`,
  source: { label: 'Park et al. 2024', url: 'https://arxiv.org/abs/2403.19159' },
  find: ({ answers }) => {
    if (answers === null || answers.before === 0 || answers.after < lengthGrowth * answers.before) return null;
    return {
      text: `Sampled answers are ${(answers.after / answers.before).toFixed(1)} times as long as before training (${Math.round(answers.before)} → ${Math.round(answers.after)} characters). DPO learns length where chosen answers are longer.`,
      advice:
        'Look at the bias of length in Margin: Show Statistics; ld_alpha below 1 or sigmoid_norm counts length less.',
      pairs: { label: 'the pairs with the highest margin', sort: 'margin', descending: true, margins: null },
    };
  },
};
