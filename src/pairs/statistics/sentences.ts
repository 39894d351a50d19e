import type { Bias, FeatureBias, FeatureWeight } from './bias';
import type { FeatureGroup } from './design';
import type { Proportion } from './proportion';
import type { Statistics } from './statistics';

/** Names of the groups at the start of a sentence. */
export const groupNames: Readonly<Record<FeatureGroup['id'], string>> = {
  length: 'Length',
  position: 'Position',
  format: 'Format (lists, bold, headings, code)',
  refusal: 'Refusal',
  firstWords: 'First words',
  all: 'All of these together',
};

/** What the statistics say first. */
export function summarySentences({ rows, answered, pairs, ties, longer }: Statistics): string[] {
  const others = rows - answered;
  const start = `${counted(rows)} rows: ${counted(pairs)} with a better and a worse answer`;
  const more = [
    ...(ties > 0 ? [`${counted(ties)} ties`] : []),
    ...(answered - pairs - ties > 0 ? [`${counted(answered - pairs - ties)} with one answer or without a pair`] : []),
    ...(others > 0 ? [`${counted(others)} without answers`] : []),
  ];
  const first = `${[start, ...more].join(', ')}.`;
  if (!longer) return [first];
  const ends = `of the ${counted(longer.compared)} pairs of different length`;
  return [first, `The longer answer is the chosen one in ${percent(longer.wins)} ${ends}.`];
}

/** What the fit of a group says: "Length alone predicts the label in 61 % (58–64 %) of held-out pairs." */
export function biasSentence({ group, accuracy, weights, differing }: FeatureBias, fitted: number): string {
  const alone = group === 'all' ? '' : ' alone';
  const verb = group === 'firstWords' || group === 'all' ? 'predict' : 'predicts';
  const start = `${groupNames[group]}${alone} ${verb} the label in ${percent(accuracy)} of held-out pairs`;
  const isSeldom = differing !== null && differing.pairs < fitted / 2;
  const where = isSeldom
    ? ` Where it differs (${counted(differing.pairs)} pairs): ${percent(differing.accuracy)}.`
    : '';
  if (accuracy.low <= 0.5) return `${start}: no better than a coin.${where}`;
  const [only] = weights;
  return `${start}${weights.length === 1 && only ? `: ${directionOf(group, only)}` : ''}.${where}`;
}

/** Which way a feature points. */
function directionOf(group: FeatureGroup['id'], { name, weight }: FeatureWeight): string {
  const isMore = weight > 0;
  if (group === 'length') return isMore ? 'the longer answer is chosen' : 'the shorter answer is chosen';
  if (group === 'position') return isMore ? 'the first answer is chosen' : 'the second answer is chosen';
  if (group !== 'refusal') return `the answer with ${isMore ? 'more' : 'less'} ${name} is chosen`;
  return isMore ? 'the answer that refuses is chosen' : 'the answer that does not refuse is chosen';
}

/** How many pairs were fitted, and how. */
export function biasNote({ pairs, fitted }: Bias): string {
  const sample = fitted < pairs ? ` A sample of ${counted(fitted)} of ${counted(pairs)} pairs was fitted.` : '';
  const how =
    'Logistic regression on the differences of the two answers, five-fold by prompt; intervals hold with 95 %';
  return `50 % is chance. ${how}.${sample}`;
}

/** `1.42 (1.30–1.55)`: by what factor one more unit of a feature changes the odds of being chosen. */
export function oddsText({ weight, low, high }: FeatureWeight): string {
  const odds = (value: number): string => Math.exp(Math.max(-20, Math.min(20, value))).toPrecision(3);
  return `${odds(weight)} (${odds(low)}–${odds(high)})`;
}

/** `61 % (58–64 %)` */
export function percent({ share, low, high }: Proportion): string {
  const [middle, from, to] = [share, low, high].map((value) => Math.round(100 * value));
  return `${middle} % (${from}–${to} %)`;
}

function counted(count: number): string {
  return count.toLocaleString('en');
}
