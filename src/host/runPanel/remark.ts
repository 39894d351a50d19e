import type { CurveColumns } from '../../run/curves';

/** Points before a trend is worth a sentence. */
const enough = 8;

/** What the curves say, if they say something a person should know. Pure, so that each case has a test. */
export function remarkOn({ steps, series }: CurveColumns): string | null {
  if (steps.length < enough) return null;
  const column = (name: string): number[] => Array.from(series[name] ?? []).filter((value) => !Number.isNaN(value));
  const last = (name: string): number => mean(column(name).slice(-Math.ceil(enough / 2)));
  const margins = column('rewards/margins');
  if (margins.length >= enough && last('rewards/chosen') < 0 && last('rewards/rejected') < 0 && last('rewards/margins') > 0) {
    return 'Both rewards fall while the margin grows. Usual for DPO: it only asks that rejected falls faster. If chosen answers get too unlikely, mix in "sft" (loss_type ["sigmoid", "sft"]).';
  }
  if (last('rewards/accuracies') === 1 && last('loss') < 0.05) {
    return 'Accuracy is 1 and the loss is near 0: these pairs are easy for the model by now. More steps will only stretch the margins.';
  }
  if (margins.length >= enough && last('rewards/margins') < 0) {
    return 'The margin is negative: the model moves towards the rejected answers. Look at the pairs with the lowest margin; are labels flipped?';
  }
  return null;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((a, b) => a + b, 0) / values.length;
}
