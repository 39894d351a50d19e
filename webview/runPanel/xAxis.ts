import type { RunDetail } from '../../src/protocol/runPanel';
import type { Points } from '../shared/runPoints';
import { strings } from './strings';

/** What the horizontal axis can count. */
export const axisNames = ['step', 'pairs', 'tokens', 'time', 'epoch'] as const;
export type AxisName = (typeof axisNames)[number];

/** Metrics that axes are made of. An evaluation logs the tokens under a name of its own. */
export const axisMetrics = ['num_tokens', 'eval_num_tokens', 'epoch'] as const;

export type XAxis =
  | { readonly name: AxisName; readonly x: Float64Array; readonly missing: null }
  /** Why the run has no such axis. */
  | { readonly name: AxisName; readonly x: null; readonly missing: string };

type Config = RunDetail['config'];

/** An axis of a run: a value for each of its points, NaN for a point that does not have it. */
export function xAxisOf(name: AxisName, points: Omit<Points, 'notNumbers'>, config: Config): XAxis {
  const { steps, times, series } = points;
  const { missing } = strings.axes;
  const found = (x: Float64Array): XAxis => ({ name, x, missing: null });
  switch (name) {
    case 'step':
      return found(steps);
    case 'time':
      return found(times);
    case 'epoch':
      return series['epoch'] === undefined ? { name, x: null, missing: missing.epoch } : found(series['epoch']);
    case 'tokens': {
      const { num_tokens: trained, eval_num_tokens: evaluated } = series;
      if (trained === undefined) return { name, x: null, missing: missing.tokens };
      return found(trained.map((value, i) => (Number.isNaN(value) ? (evaluated?.[i] ?? value) : value)));
    }
    case 'pairs': {
      const batch = config === null ? null : batchOf(config);
      return batch === null ? { name, x: null, missing: missing.pairs } : found(steps.map((step) => step * batch));
    }
  }
}

/** Pairs of a step; null if the config does not say. Configs come from other versions too. */
function batchOf({ config }: NonNullable<Config>): number | null {
  const { per_device_train_batch_size: batch, gradient_accumulation_steps: times }: Partial<typeof config> = config;
  return batch === undefined || times === undefined || !(batch * times > 0) ? null : batch * times;
}

/** How many points an axis cannot place. */
export const leftOut = (x: Float64Array): number => x.reduce((sum, value) => sum + Number(Number.isNaN(value)), 0);
