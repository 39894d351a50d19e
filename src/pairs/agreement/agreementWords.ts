import type { Agreement, Estimate } from './agreement';

/** The words of Landis and Koch (1977) for κ above each value. */
const strengths = [
  [0.8, 'almost perfect'],
  [0.6, 'substantial'],
  [0.4, 'moderate'],
  [0.2, 'fair'],
  [0, 'slight'],
] as const;
/** Krippendorff (2004): labels below the first are too unreliable; below the second only for tentative conclusions. */
const [unreliable, tentative] = [0.667, 0.8];

/** What figures say about the agreement on a dimension, in sentences. */
export function agreementSentence(agreement: Agreement): string {
  const { compared, disputed, annotators } = agreement;
  if (compared === 0) return 'No row has the labels of two annotators.';
  const rows = compared === 1 ? 'the only row' : `${counted(compared - disputed)} of ${counted(compared)} rows`;
  const who = annotators.length === 2 ? 'Both annotators' : `The ${annotators.length} annotators`;
  const several = annotators.length === 2 ? 'two labels' : 'two labels or more';
  const share = Math.round((100 * (compared - disputed)) / compared);
  const first =
    compared === 1
      ? `${who} ${disputed === 0 ? 'gave' : 'did not give'} the same label to ${rows} with two labels.`
      : `${who} gave the same label to ${rows} with ${several} (${share} %).`;
  return `${first} ${beyondChance(agreement)}`;
}

function beyondChance({ alpha, pairs }: Agreement): string {
  const [pair, ...others] = pairs;
  const [name, figure] = pair && others.length === 0 ? ['Cohen’s κ', pair.kappa] : ['Krippendorff’s α', alpha.nominal];
  const { value } = figure;
  if (value === null) return 'Chance alone explains that: all labels are the same, so κ and α are not defined.';
  const strength = strengths.find(([least]) => value > least)?.[1];
  const beyond =
    strength === undefined
      ? `That is no better than chance: ${name} ${figureText(figure)}.`
      : `Beyond chance, the agreement is ${strength}: ${name} ${figureText(figure)}.`;
  return `${beyond} ${advice(alpha.nominal.value)}`.trim();
}

function advice(alpha: number | null): string {
  if (alpha === null) return '';
  if (alpha < unreliable)
    return 'Labels with α below 0.667 are too unreliable to build on: decide the disputed rows first.';
  if (alpha < tentative) return 'Labels with α below 0.8 carry only tentative conclusions.';
  return 'Labels with α of 0.8 or more are reliable.';
}

/** `0.412 (0.280 to 0.530)`, or `not defined`. */
export function figureText({ value, interval }: Estimate): string {
  if (value === null) return 'not defined';
  return interval ? `${decimal(value)} (${decimal(interval[0])} to ${decimal(interval[1])})` : decimal(value);
}

/** Three digits, with a true minus sign; never −0.000. */
function decimal(value: number): string {
  const text = Math.abs(value).toFixed(3);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

function counted(count: number): string {
  return count.toLocaleString('en');
}
