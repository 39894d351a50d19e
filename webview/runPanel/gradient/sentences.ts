import type { GradientChoice, GradientPage, GradientSpread } from '../../../src/protocol/gradient';
import { compact, counted } from '../../shared/format';
import { gradientStrings as words } from './gradientStrings';

/** A part from 0 to 1 as `31 %`; with a decimal below 1 %. */
export function percent(part: number): string {
  const number = 100 * part;
  return `${number > 0 && number < 1 ? number.toFixed(1) : Math.round(number)} %`;
}

/** Whether a choice is the run's own. */
export const isOwn = ({ run }: Pick<GradientPage, 'run'>, { objective, beta, rate }: GradientChoice): boolean =>
  objective === null && beta === run.beta && rate === run.rate;

const pullOf = ({ mean }: GradientSpread, { beta, rate }: Pick<GradientChoice, 'beta' | 'rate'>): number =>
  mean * beta * rate;

/** What a choice does to the gradient, in words, beside the run's own choice. */
export function gradientSentences(page: GradientPage, choice: GradientChoice): readonly string[] {
  const { spread, own, run, pairs, leftOut } = page;
  const omitted = leftOut.length === 0 ? [] : [words.leftOut(leftOut.join(', '))];
  if (typeof spread === 'string') return [words.noWeights(spread), ...omitted];
  if (spread.mean === 0) return [words.allZero, ...omitted];
  const part = (count: number): string => percent(count / pairs);
  const half = words.half(counted(spread.half), counted(pairs), part(spread.half));
  const mean = words.mean(compact(spread.mean), compact(pullOf(spread, choice)));
  if (own === null || isOwn(page, choice)) return [half, `${mean}.`, ...omitted];
  const times = own.mean === 0 ? null : pullOf(spread, choice) / pullOf(own, run);
  return [
    half,
    words.ownHalf(counted(own.half), part(own.half)),
    times === null ? `${mean}.` : `${mean}${words.against(times.toPrecision(2))}`,
    ...omitted,
  ];
}

/** The multiples of the run's value that a slider of `steps` steps can choose: 1/100 to 100, evenly on a log scale. */
export const sliderSteps = 80;
const decades = 2;

/** @param place on the slider, from 0 to {@link sliderSteps}; the middle is the run's own value */
export function valueAt(own: number, place: number): number {
  const power = decades * ((2 * place) / sliderSteps - 1);
  return power === 0 ? own : Number((own * 10 ** power).toPrecision(2));
}

/** The place of a value on the slider; see {@link valueAt}. */
export function placeOf(own: number, value: number): number {
  return Math.round(((Math.log10(value / own) / decades + 1) * sliderSteps) / 2);
}
