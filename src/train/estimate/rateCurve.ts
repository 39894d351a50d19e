import { at } from '../../base/pure/must';

/** The rates of a learning-rate range test, from the smallest to the largest. */
export interface RateRange {
  readonly from: number;
  readonly to: number;
  /** Optimizer steps; each has a rate of its own. */
  readonly steps: number;
}

/** A step of the test. */
export interface RatePoint {
  /** From 1. */
  readonly step: number;
  readonly rate: number;
  /** The loss of the step's pairs, before its update. */
  readonly loss: number;
  /** The de-biased moving average of the loss. */
  readonly smoothed: number;
}

/** Rates that the curve speaks for; null where it does not show one. */
export interface RateAdvice {
  /** Where the smoothed loss falls fastest. */
  readonly steepest: number | null;
  /** One tenth of the rate at which the smoothed loss is lowest. */
  readonly tenth: number | null;
  /** The smaller of both. */
  readonly suggested: number | null;
  /** Whether the loss fell by more than its noise, so that the rates mean something. */
  readonly isClear: boolean;
  /** Whether the loss still fell at the largest rate. */
  readonly fellToTheEnd: boolean;
}

/** The weight of the old average. fastai has 0.98 for 100 steps and more, which is too slow for 60. */
const keep = 0.9;
/** The smoothed loss ends the test at this multiple of its best value, as in fastai. */
export const divergedAt = 4;
/** Steps at the end of a test that diverged: they show the divergence, and no rate. fastai leaves out as many. */
const lastLeftOut = 5;
/** The part of the steps at the start that is left out, because their average is of few steps. As in fastai. */
const firstLeftOut = 0.1;

/** The rate of a step: each is larger than the one before by the same factor. @param step from 1 */
export function rateOf({ from, to, steps }: RateRange, step: number): number {
  return from * (to / from) ** ((step - 1) / Math.max(1, steps - 1));
}

/**
 * The loss over the learning rate (Smith 2017, arXiv:1506.01186; Howard & Gugger, fastai `LRFinder`).
 */
export class RateCurve {
  readonly points: RatePoint[] = [];
  private average = 0;
  private best = Number.POSITIVE_INFINITY;

  /** Adds the loss of the next step. */
  add(rate: number, loss: number): RatePoint {
    const step = this.points.length + 1;
    this.average = keep * this.average + (1 - keep) * loss;
    const point = { step, rate, loss, smoothed: this.average / (1 - keep ** step) };
    this.points.push(point);
    this.best = Math.min(this.best, point.smoothed);
    return point;
  }

  /** Whether the smoothed loss is above 4 times its best value. Some losses go below 0; then the distance counts. */
  get hasDiverged(): boolean {
    const last = this.points.at(-1);
    return last !== undefined && last.smoothed > this.best + (divergedAt - 1) * Math.abs(this.best);
  }
}

/**
 * The rates that a curve speaks for.
 *
 * @param hasDiverged whether the test ended early
 */
export function adviseRate(points: readonly RatePoint[], hasDiverged: boolean): RateAdvice {
  const kept = points.slice(Math.floor(firstLeftOut * points.length), hasDiverged ? -lastLeftOut : undefined);
  if (kept.length < 3) return { steepest: null, tenth: null, suggested: null, isClear: false, fellToTheEnd: false };
  const lowest = kept.reduce((best, { smoothed }, i) => (smoothed < at(kept, best).smoothed ? i : best), 0);
  const falling = kept.slice(0, lowest + 1);
  // The rates have equal distances on the logarithmic axis, so the difference stands for the slope.
  const falls = falling.slice(1).map(({ smoothed }, i) => at(falling, i).smoothed - smoothed);
  const steepest = falls.length === 0 ? null : at(falling, falls.indexOf(Math.max(...falls)) + 1).rate;
  const tenth = lowest === 0 ? null : at(kept, lowest).rate / 10;
  return {
    steepest,
    tenth,
    suggested: steepest === null || tenth === null ? null : Math.min(steepest, tenth),
    isClear: at(kept, 0).smoothed - at(kept, lowest).smoothed > 2 * noiseOf(falling),
    fellToTheEnd: !hasDiverged && lowest === kept.length - 1,
  };
}

/** The standard deviation of the smoothed loss around its course, from the losses around it. */
function noiseOf(points: readonly RatePoint[]): number {
  const square = points.reduce((sum, { loss, smoothed }) => sum + (loss - smoothed) ** 2, 0) / points.length;
  return Math.sqrt((square * (1 - keep)) / (1 + keep));
}
