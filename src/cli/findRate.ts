import type { TrainConfig } from '../run/types';
import { findRate, type RateTest } from '../train/estimate/findRate';
import { divergedAt, type RatePoint, type RateRange } from '../train/estimate/rateCurve';
import { type Arguments, number, UsageError } from './args';
import type { Surroundings } from './command';
import { warnOfMemory } from './dryRun';
import { interruption } from './interruption';
import { Progress } from './progress';
import { table } from './table';

/** The options of `--find_lr`. */
export const rateOptions = { lr_min: 'value', lr_max: 'value', lr_steps: 'value' } as const;

/** Fewer steps show no curve; more than these take as long as a run. */
const [fewestSteps, mostSteps] = [20, 10_000];
const [smallestRate, largestRate] = [1e-12, 100];

/** @throws UsageError */
export function rateRange(args: Arguments): RateRange {
  const bounds = { min: smallestRate, max: largestRate };
  const from = number(args, 'lr_min', 1e-7, bounds);
  const to = number(args, 'lr_max', 0.1, bounds);
  if (to <= from) throw new UsageError(`--lr_max must be above --lr_min: ${to} is not above ${from}`);
  const steps = number(args, 'lr_steps', 60, { min: fewestSteps, max: mostSteps, integer: true });
  return { from, to, steps };
}

/** Prints the loss over the learning rate, and what it suggests. With `json`, a line a step and one with the result. */
export async function showRateTest(
  config: TrainConfig,
  range: RateRange,
  json: boolean,
  { output }: Surroundings,
): Promise<number> {
  await warnOfMemory(config, output);
  const progress = new Progress(output);
  const onPoint = (point: RatePoint): void => {
    if (json) output.json(asJson(point));
    else progress.update(`step ${point.step}/${range.steps} · rate ${rateText(point.rate)} · loss ${four(point.loss)}`);
  };
  try {
    const found = await findRate(config, range, { onPoint, signal: interruption().signal });
    progress.end();
    const { advice, ended, passes, remarks } = found;
    const notes = [...remarks, ...rateNotes(found)];
    const { steepest, tenth, suggested, isClear: clear } = advice;
    if (json) output.json({ rates: { suggested, steepest, tenth_of_minimum: tenth, clear, ended, passes }, notes });
    else for (const line of [curveTable(found.points), '', ...rateLines(found, range), ...notes]) output.line(line);
    return 0;
  } finally {
    progress.end();
  }
}

const asJson = ({ step, rate, loss, smoothed }: RatePoint): object => ({ step, learning_rate: rate, loss, smoothed });

const curveTable = (points: readonly RatePoint[]): string =>
  table(
    ['step', 'learning_rate', 'loss', 'smoothed'],
    points.map(({ step, rate, loss, smoothed }) => [String(step), rateText(rate), four(loss), four(smoothed)]),
  );

/** The rates with the rule of each, and how the test ended. */
function rateLines({ points, ended, advice }: RateTest, { steps }: RateRange): string[] {
  const last = points.at(-1);
  const stopped = last ? `step ${last.step} of ${steps}, at ${rateText(last.rate)}` : '';
  const ends = {
    swept: `all ${steps} steps were taken`,
    diverged: `the smoothed loss rose above ${divergedAt} times its best value: ${stopped}`,
    'not-finite': `the step after ${stopped} has values that are not finite`,
  };
  const shown = (rate: number | null): string => (rate === null ? 'not found' : rateText(rate));
  return [
    `ended            ${ends[ended]}`,
    `steepest descent ${shown(advice.steepest)}: where the smoothed loss falls fastest over the logarithm of the rate`,
    `minimum / 10     ${shown(advice.tenth)}: one tenth of the rate with the lowest smoothed loss`,
    `suggested        ${shown(advice.suggested)}: the smaller of both`,
  ];
}

/** What the result is worth, a sentence each. */
function rateNotes({ ended, passes, advice }: RateTest): string[] {
  const found: string[] = [];
  if (!advice.isClear)
    found.push('The loss fell by less than its noise, so the rates mean little: take more --lr_steps.');
  if (advice.fellToTheEnd) found.push('The loss still fell at the largest rate: try a larger --lr_max.');
  if (ended !== 'swept' && advice.suggested === null)
    found.push('The loss rose before it fell: try a smaller --lr_min.');
  if (passes > 1)
    found.push(`The rows were seen ${passes.toFixed(1)} times, so the loss is partly what was memorised.`);
  found.push(
    'A suggestion is a place to start: it is from one short test of the training loss. A larger batch or a warm-up allows more, a long run less. Held-out pairs decide: see margin sweep.',
  );
  return found;
}

const rateText = (rate: number): string => rate.toExponential(1);
const four = (value: number): string => value.toFixed(4);
