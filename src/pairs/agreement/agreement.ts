import { MarginError } from '../../base/pure/marginError';
import { at } from '../../base/pure/must';
import { seededRandom } from '../../base/pure/seededRandom';
import { krippendorffAlpha } from './alpha';
import { cohenKappa, type KappaWeights, rawAgreement } from './kappa';
import { type Coded, coded, confusion, type Label, type Ratings } from './ratings';
import { resampled } from './resample';

/** A figure with its 95 % interval. */
export interface Estimate {
  /** Null if it is not defined: there is nothing to compare, or all labels are the same. */
  readonly value: number | null;
  /** Null if the figure is not defined for most resamples. */
  readonly interval: readonly [low: number, high: number] | null;
}

export interface PairAgreement {
  readonly annotators: readonly [string, string];
  /** Items that both have labelled. */
  readonly items: number;
  /** The share of equal labels. */
  readonly raw: Estimate;
  readonly kappa: Estimate;
  /** For labels with an order. */
  readonly linear: Estimate | null;
  readonly quadratic: Estimate | null;
  /** [labels][labels] rows are the labels of the first annotator. */
  readonly confusion: readonly (readonly number[])[];
}

export interface Agreement {
  readonly annotators: readonly string[];
  readonly labels: readonly Label[];
  readonly items: number;
  /** Items with two labels or more. */
  readonly compared: number;
  /** The compared items whose labels are not all the same. */
  readonly disputed: number;
  readonly alpha: { readonly nominal: Estimate; readonly ordinal: Estimate | null };
  readonly pairs: readonly PairAgreement[];
}

/** Tables of more labels say nothing, and their figures take long. */
const mostLabels = 200;

export interface BootstrapOptions {
  readonly seed: number;
  /** 0 for no intervals. */
  readonly resamples: number;
}

/**
 * How far annotators agree. The intervals are percentiles of the figures of items drawn with replacement (Efron's
 * bootstrap): the same seed gives the same ones.
 *
 * @throws MarginError `too-many-labels` if the labels are no categories
 */
export function agreementOf(ratings: Ratings, options: BootstrapOptions): Agreement {
  const codes = coded(ratings);
  if (codes.categories.length > mostLabels) throw tooManyLabels(codes.categories);
  const { annotators } = ratings;
  const samples = resamplesOf(codes, options);
  const pairs = annotators.flatMap((_, one) => annotators.slice(one + 1).map((_, i) => [one, one + 1 + i] as const));
  const said = codes.patterns.map((pattern) => pattern.filter((code) => code >= 0));
  const number = (matches: (labels: readonly number[]) => boolean): number =>
    said.reduce((sum, labels, i) => sum + (matches(labels) ? at(codes.counts, i) : 0), 0);
  const alpha = (level: 'nominal' | 'ordinal'): Estimate =>
    estimate(codes.counts, samples, (counts) => krippendorffAlpha(codes, counts, level));
  return {
    annotators,
    labels: codes.categories,
    items: ratings.items.length,
    compared: number((labels) => labels.length > 1),
    disputed: number((labels) => new Set(labels).size > 1),
    alpha: { nominal: alpha('nominal'), ordinal: codes.ordered ? alpha('ordinal') : null },
    pairs: pairs.map(([one, other]) => pairAgreement(annotators, codes, samples, one, other)),
  };
}

function tooManyLabels(labels: readonly Label[]): MarginError {
  const some = labels.slice(0, 3).map((label) => JSON.stringify(label));
  const message = `The annotators gave ${labels.length} different labels (${some.join(', ')}, …): agreement is about at most ${mostLabels} categories. Name columns of categories, or round the numbers first.`;
  return new MarginError('too-many-labels', message, { labels: labels.length });
}

function pairAgreement(
  annotators: readonly string[],
  codes: Coded,
  samples: readonly Float64Array[],
  one: number,
  other: number,
): PairAgreement {
  const tableOf = (counts: ArrayLike<number>): number[][] => confusion(codes, counts, one, other);
  const table = tableOf(codes.counts);
  const kappa = (weights: KappaWeights): Estimate =>
    estimate(codes.counts, samples, (counts) => cohenKappa(tableOf(counts), weights));
  return {
    annotators: [at(annotators, one), at(annotators, other)],
    items: table.flat().reduce((sum, count) => sum + count, 0),
    raw: estimate(codes.counts, samples, (counts) => rawAgreement(tableOf(counts))),
    kappa: kappa('none'),
    linear: codes.ordered ? kappa('linear') : null,
    quadratic: codes.ordered ? kappa('quadratic') : null,
    confusion: table,
  };
}

function resamplesOf({ counts }: Coded, { seed, resamples }: BootstrapOptions): Float64Array[] {
  const random = seededRandom(seed);
  return Array.from({ length: resamples }, () => resampled(counts, random));
}

/** A figure of all items, and the interval of its values for the resamples. */
function estimate(
  counts: ArrayLike<number>,
  samples: readonly Float64Array[],
  figure: (counts: ArrayLike<number>) => number | null,
): Estimate {
  const value = figure(counts);
  const values = samples.flatMap((sample) => figure(sample) ?? []).sort((a, b) => a - b);
  if (value === null || values.length === 0 || values.length < samples.length / 2) return { value, interval: null };
  return { value, interval: [quantile(values, 0.025), quantile(values, 0.975)] };
}

/** Linear between the two nearest values, as NumPy's default. */
function quantile(ascending: readonly number[], share: number): number {
  const place = share * (ascending.length - 1);
  const [low, high] = [at(ascending, Math.floor(place)), at(ascending, Math.ceil(place))];
  return low + (high - low) * (place - Math.floor(place));
}
