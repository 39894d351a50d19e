import { at } from '../../base/pure/must';
import { early, enoughPoints, late, valuesOf } from './trend';
import { lowestMargins, type Symptom } from './symptom';

/** Nats per token by which the loss on plain text may rise: a perplexity of 1.1 times its start. */
const languageLoss = 0.1;

/** The language model of a run whose margin grows gets worse on plain text: the alignment tax. */
export const languageFades: Symptom = {
  id: 'language-fades',
  threshold: `the margin grows while the loss on the text of guard_file is more than ${languageLoss} nats per token above its start`,
  source: { label: 'Ouyang et al. 2022', url: 'https://arxiv.org/abs/2203.02155' },
  find: ({ curves: { series } }) => {
    const margins = valuesOf(series['rewards/margins']);
    const losses = valuesOf(series['eval_guard_loss']);
    if (margins.length < enoughPoints || losses.length < 2 || late(margins) <= early(margins)) return null;
    const [first, last] = [at(losses, 0), at(losses, losses.length - 1)];
    if (!(last - first > languageLoss)) return null;
    const perplexity = (loss: number): string => Math.exp(loss).toPrecision(3);
    return {
      text: `The margin rises while the language model gets worse: the loss on plain text went from ${first.toFixed(3)} to ${last.toFixed(3)} nats per token (perplexity ${perplexity(first)} to ${perplexity(last)}).`,
      advice:
        'Raise beta, lower learning_rate or the rank, mix in sft ("loss_type": ["sigmoid", "sft"]), or take an earlier checkpoint.',
      pairs: { ...lowestMargins, label: 'the pairs with the lowest margin, which pull hardest' },
    };
  },
};
