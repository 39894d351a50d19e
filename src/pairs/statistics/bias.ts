import { at } from '../../base/pure/must';
import { seededRandom } from '../../base/pure/seededRandom';
import { designOf, type FeatureGroup } from './design';
import { fitLogistic, type LogisticFit, type Matrix, scoreOf, sigmoid } from './logistic';
import type { MeasuredPage } from './measuredPage';
import { type Proportion, proportion, quantile } from './proportion';

/** Parts into which the pairs are split; each is held out once. */
const folds = 5;
/** Pairs of fewer different prompts say nothing: the interval would be wider than ±14 %. */
export const fewestPrompts = 50;
/** Most pairs that are fitted; of more, a sample is drawn. An interval is then ±0.7 % wide. */
export const mostPairs = 20_000;
const seed = 42;
const ridge = 1;
const mostListed = 10;

/** How far a group of features alone predicts which answer is chosen. */
export interface FeatureBias {
  readonly group: FeatureGroup['id'];
  /** Share of held-out pairs whose label is predicted; a pair without a difference counts as half. */
  readonly accuracy: Proportion;
  /** The same of the pairs in which the features differ, and their number; null if they differ in none. */
  readonly differing: { readonly pairs: number; readonly accuracy: Proportion } | null;
  readonly weights: readonly FeatureWeight[];
  /** The pairs in which the features are the most certain of the held-out label, the most certain first. */
  readonly confident: readonly ConfidentPair[];
}

/** The weight of a feature in the fit on all pairs, per unit of its difference, with its 95 % interval. */
export interface FeatureWeight {
  readonly name: string;
  readonly weight: number;
  readonly low: number;
  readonly high: number;
}

export interface ConfidentPair {
  /** From 0. */
  readonly row: number;
  /** The chance that the features give the chosen answer; below 0.5 they would choose the other one. */
  readonly chance: number;
}

export interface Bias {
  /** Pairs with two different answers of which one is better. */
  readonly pairs: number;
  /** How many of them were fitted. */
  readonly fitted: number;
  readonly groups: readonly FeatureBias[];
}

/** Fits each group of features; null if the pairs have fewer than {@link fewestPrompts} different prompts. */
export function biasOf(page: MeasuredPage): Bias | null {
  const pairs = page.compared.length;
  if (new Set(page.asked).size < fewestPrompts) return null;
  const places = sampled(pairs);
  const design = designOf(page, places);
  const foldOf = Uint8Array.from(places, (place) => foldOfPrompt(at(page.asked, place)));
  const rows = places.map((place) => at(page.compared, place));
  return {
    pairs,
    fitted: places.length,
    groups: design.groups.map((group) => groupBias(group, design.matrixOf(group), foldOf, rows)),
  };
}

function groupBias(group: FeatureGroup, matrix: Matrix, foldOf: Uint8Array, rows: readonly number[]): FeatureBias {
  const { scaled, scales } = standardised(matrix);
  const scores = heldOut(scaled, foldOf);
  const all = Array.from(scores.keys());
  const differing = all.filter((i) => hasDifference(scaled, i));
  const whole = fitLogistic(scaled, ones(scaled.rows), ridge);
  const order = all.sort((a, b) => Math.abs(at(scores, b)) - Math.abs(at(scores, a)));
  return {
    group: group.id,
    accuracy: accuracyOf(scores, all),
    differing: differing.length === 0 ? null : { pairs: differing.length, accuracy: accuracyOf(scores, differing) },
    weights: group.names.map((name, i) => weightOf(name, whole, i, at(scales, i))),
    confident: order
      .slice(0, mostListed)
      .filter((i) => at(scores, i) !== 0)
      .map((i) => ({ row: at(rows, i), chance: sigmoid(at(scores, i)) })),
  };
}

function accuracyOf(scores: Float64Array, rows: readonly number[]): Proportion {
  const hit = (score: number): number => (score > 0 ? 1 : score === 0 ? 0.5 : 0);
  const hits = rows.reduce((sum, row) => sum + hit(at(scores, row)), 0);
  return proportion(hits, rows.length);
}

/** The score of each row by the fit without the rows of its fold. */
function heldOut(matrix: Matrix, foldOf: Uint8Array): Float64Array {
  const scores = new Float64Array(matrix.rows);
  for (let fold = 0; fold < folds; fold++) {
    const others = rowsOf(matrix, (row) => foldOf[row] !== fold);
    const { weights } = fitLogistic(others, ones(others.rows), ridge);
    for (let row = 0; row < matrix.rows; row++) if (foldOf[row] === fold) scores[row] = scoreOf(matrix, row, weights);
  }
  return scores;
}

function rowsOf({ values, rows, columns }: Matrix, isWanted: (row: number) => boolean): Matrix {
  const found = new Float64Array(rows * columns);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (!isWanted(row)) continue;
    for (let i = 0; i < columns; i++) found[count * columns + i] = values[row * columns + i] as number;
    count++;
  }
  return { values: found, rows: count, columns };
}

/** Columns with a mean square of 1, so that the ridge treats them alike. A mean of 0 would undo the position. */
function standardised({ values, rows, columns }: Matrix): { readonly scaled: Matrix; readonly scales: number[] } {
  const scales = Array.from({ length: columns }, (_, column) => {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += (values[row * columns + column] as number) ** 2;
    return sum === 0 ? 1 : Math.sqrt(sum / rows);
  });
  const scaled = Float64Array.from(values, (value, i) => value / at(scales, i % columns));
  return { scaled: { values: scaled, rows, columns }, scales };
}

function weightOf(name: string, { weights, errors }: LogisticFit, column: number, scale: number): FeatureWeight {
  const [weight, error] = [at(weights, column) / scale, at(errors, column) / scale];
  return { name, weight, low: weight - quantile * error, high: weight + quantile * error };
}

function hasDifference({ values, columns }: Matrix, row: number): boolean {
  for (let i = 0; i < columns; i++) if (values[row * columns + i] !== 0) return true;
  return false;
}

/** Each row says: the chosen answer is the better one. The differences are chosen − rejected. */
function ones(count: number): Uint8Array {
  return new Uint8Array(count).fill(1);
}

/** Pairs of the same prompt are held out together, so that none of them helps to predict another. */
function foldOfPrompt(asked: number): number {
  return Math.floor(seededRandom(asked ^ seed)() * folds);
}

/** The places of the pairs to fit, ascending: all, or a sample drawn without replacement. */
function sampled(pairs: number): number[] {
  const random = seededRandom(seed);
  let [left, wanted] = [pairs, Math.min(pairs, mostPairs)];
  const places: number[] = [];
  for (let place = 0; place < pairs; place++, left--) {
    if (random() * left >= wanted) continue;
    places.push(place);
    wanted--;
  }
  return places;
}
