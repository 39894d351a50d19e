import { MarginError } from '../base/pure/marginError';
import { isSafeName } from '../base/pure/safeName';
import { gridValues, newTrials, randomValues } from '../run/sweep/trials';
import { rungsOf } from '../run/sweep/plan';
import { type Sweep, type SweepMethod, sweepVersion } from '../run/sweep/types';
import type { TrainConfig } from '../run/types';
import { evaluationMetrics } from '../train/evaluationMetrics';
import { flag, number, text, texts, UsageError, type Arguments } from './args';
import { axesOf } from './sweepOptions';
import { trialConfig } from './sweepTrial';

/** More trials than this are a mistake. */
const mostTrials = 1000;

/**
 * The sweep that the options ask for. Each trial's config is checked.
 *
 * @param file name of the base config
 * @throws UsageError, MarginError `config`
 */
export function newSweep(base: TrainConfig, args: Arguments, file: string): Sweep {
  const axes = axesOf(texts(args, 'grid'), texts(args, 'range'));
  if (axes.length === 0) throw new UsageError('give the values of a key: --grid beta=0.05,0.1');
  const isRandom = args.options.has('random');
  if (!isRandom && texts(args, 'range').length > 0) throw new UsageError('--range needs --random N');
  const count = isRandom ? number(args, 'random', 1, { min: 1, max: mostTrials, integer: true }) : null;
  const values = count === null ? gridValues(axes) : randomValues(axes, count, base.seed);
  if (values.length > mostTrials) throw new UsageError(`${values.length} trials; at most ${mostTrials} are possible`);
  const method: SweepMethod = flag(args, 'halving') ? 'halving' : isRandom ? 'random' : 'grid';
  if (args.options.has('eta') && method !== 'halving') throw new UsageError('--eta needs --halving');
  const eta = number(args, 'eta', 2, { min: 2, integer: true });
  const sweep: Sweep = {
    version: sweepVersion,
    name: nameOf(args, file),
    created: Date.now(),
    base,
    method,
    axes,
    seed: base.seed,
    budget: args.options.has('budget') ? number(args, 'budget', 1, { min: 0.01 }) : null,
    ...metricOf(base, args),
    rungs: method === 'halving' ? rungsOf(values.length, eta, stepsOf(base)) : [],
    eta,
    held_out: null,
    trials: newTrials(values),
  };
  for (const trial of sweep.trials) trialConfig(sweep, trial);
  return sweep;
}

function nameOf(args: Arguments, file: string): string {
  const given = text(args, 'name');
  if (given !== null && !isSafeName(given))
    throw new UsageError(
      `--name may hold letters, digits, dots inside, dashes and underscores, and be no device of Windows, not ${given}`,
    );
  const two = (n: number): string => String(n).padStart(2, '0');
  const now = new Date();
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const stem = file.replace(/(\.train)?\.json$/, '').replace(/[^\p{L}\p{N}._-]+/gu, '-');
  return given ?? `${stem}-${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
}

function metricOf(base: TrainConfig, args: Arguments): Pick<Sweep, 'metric' | 'greater_is_better'> {
  if (base.eval_file === null && base.test_split_size === 0)
    throw new MarginError(
      'config',
      'A sweep compares trials on held-out pairs: give --eval_file FILE, or --test_split_size 0.1.',
    );
  const names = evaluationMetrics(base);
  const accuracy = 'eval_rewards/accuracies';
  const given = text(args, 'metric');
  const name = given === null ? (names.includes(accuracy) ? accuracy : 'eval_loss') : given;
  const metric = name.startsWith('eval_') ? name : `eval_${name}`;
  if (!names.includes(metric))
    throw new UsageError(`--metric: an evaluation has no ${metric}; there are ${names.toSorted().join(', ')}`);
  return { metric, greater_is_better: !metric.endsWith('loss') };
}

function stepsOf({ max_steps: steps }: TrainConfig): number {
  if (steps > 0) return steps;
  throw new MarginError('config', 'Successive halving compares trials at steps: give --max_steps N.');
}
