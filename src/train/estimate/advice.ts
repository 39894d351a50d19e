import type { TrainConfig } from '../../run/types';
import type { MemoryLine } from './memoryLine';
import { inSmaller } from './planRun';
import type { Advice, Plan, ShorterRows, Sizes } from './types';
import { checkpointBytes, keptAtOnce, rewardsBytes, type Workload } from './workload';

/** The share of the free bytes that advice plans with. The rest is for other programs, which may grow too. */
export const usableShare = 0.9;

/**
 * Copies of the trained values that a run has in memory: the values, their gradients, the sum of gradients over
 * micro-batches, and AdamW's two moments.
 */
export const trainedCopies = 5;

/** A run that does not fit. */
export interface Lack {
  readonly config: TrainConfig;
  readonly sizes: Sizes;
  /** Bytes. */
  readonly needs: number;
  readonly free: number;
}

/** Predicts the run's own memory with other settings. */
export interface Predicted {
  readonly plan: Plan;
  readonly line: MemoryLine;
  /** Bytes that the run needs outside of its steps. */
  readonly elsewhere: number;
}

type Change = readonly [key: keyof TrainConfig, to: unknown];

/**
 * Settings with which the run would fit in memory. Each is enough by itself; the one that costs least comes first.
 *
 * @param predicted null: nothing was measured
 */
export function memoryAdvice(lack: Lack, predicted: Predicted | null): Advice[] {
  const found = predicted ? [...batchAdvice(lack, predicted), ...lengthAdvice(lack, predicted)] : [];
  const alone = found.length > 0 || !predicted ? found : bothAdvice(lack, predicted);
  return [...alone, ...adapterAdvice(lack)];
}

function advice(
  { config, needs }: Lack,
  after: number,
  basis: Advice['basis'],
  price: string,
  changes: readonly Change[],
): Advice {
  const set = changes.filter(([key, to]) => config[key] !== to).map(([key, to]) => ({ key, from: config[key], to }));
  return { set, saves: needs - after, needs: after, basis, price };
}

/**
 * Bytes that a step holds besides its micro-batch: the sum of the gradients of the micro-batches before. The dry run
 * has one micro-batch in a step, so it does not measure them.
 */
export const sumBytes = (
  { gradient_accumulation_steps: parts }: Pick<TrainConfig, 'gradient_accumulation_steps'>,
  { trained }: Pick<Sizes, 'trained'>,
): number => (parts > 1 ? trained : 0);

/** Bytes that the run needs in total if its heaviest micro-batch has this load. @param size pairs of a micro-batch */
export const needsAt = (
  { config, sizes }: Lack,
  { line, elsewhere }: Predicted,
  load: number,
  size = config.per_device_train_batch_size,
): number => sizes.weights + Math.max(elsewhere, line.at(load) + sumBytes(inSmaller(config, size), sizes));

function smallerChanges(config: TrainConfig, size: number): Change[] {
  const { per_device_train_batch_size: pairs, gradient_accumulation_steps: accumulated } = inSmaller(config, size);
  return [
    ['per_device_train_batch_size', pairs],
    ['gradient_accumulation_steps', accumulated],
  ];
}

function batchAdvice(lack: Lack, predicted: Predicted): Advice[] {
  const best = predicted.plan.smaller.find(
    ({ load, size }) => needsAt(lack, predicted, load, size) <= usableShare * lack.free,
  );
  return best
    ? [advice(lack, needsAt(lack, predicted, best.load, best.size), 'line', '', smallerChanges(lack.config, best.size))]
    : [];
}

function lengthAdvice(lack: Lack, predicted: Predicted): Advice[] {
  const best = predicted.plan.shorter.find(({ load }) => needsAt(lack, predicted, load) <= usableShare * lack.free);
  return best
    ? [advice(lack, needsAt(lack, predicted, best.load), 'line', priceOf(best), [['max_length', best.maxLength]])]
    : [];
}

function bothAdvice(lack: Lack, predicted: Predicted): Advice[] {
  const best = predicted.plan.shorter.find(
    ({ loadOfOne }) => needsAt(lack, predicted, loadOfOne, 1) <= usableShare * lack.free,
  );
  const one = predicted.plan.smaller.at(-1)?.size;
  if (!best || one !== 1) return [];
  return [
    advice(lack, needsAt(lack, predicted, best.loadOfOne, 1), 'line', priceOf(best), [
      ...smallerChanges(lack.config, one),
      ['max_length', best.maxLength],
    ]),
  ];
}

/** What a smaller `max_length` costs, as in "12 rows are cut, 1 row is left out". */
function priceOf({ cut, leftOut }: ShorterRows): string {
  const rows = (count: number, verbs: readonly [one: string, many: string]): string =>
    `${count.toLocaleString('en')} ${count === 1 ? `row ${verbs[0]}` : `rows ${verbs[1]}`}`;
  return [
    cut > 0 ? rows(cut, ['is cut', 'are cut']) : '',
    leftOut > 0 ? rows(leftOut, ['is left out', 'are left out']) : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** Training an adapter in place of all weights. The difference follows from the sizes of the arrays. */
function adapterAdvice(lack: Lack): Advice[] {
  const { config, sizes, needs, free } = lack;
  const after = needs - trainedCopies * (sizes.trained - sizes.adapter);
  if (config.use_peft || after > usableShare * free) return [];
  return [advice(lack, after, 'sizes', 'it trains an adapter instead of the weights', [['use_peft', true]])];
}

/** Settings with which the run's files would fit on the disk. */
export function diskAdvice(lack: Lack, { checkpoints, rewards, scorings }: Workload, rows: number): Advice[] {
  const { config, sizes, free } = lack;
  const bytes = checkpointBytes(config, sizes.trained, rows);
  const rest = rewardsBytes(rewards + scorings, rows);
  const limits = Array.from({ length: checkpoints }, (_, i) => checkpoints - 1 - i).filter((limit) => limit > 0);
  const needsWith = (limit: number): number => keptAtOnce(config, checkpoints, limit) * bytes + rest;
  const limit = limits.find((one) => needsWith(one) < lack.needs && needsWith(one) <= usableShare * free);
  const kept =
    limit === undefined
      ? []
      : [advice(lack, needsWith(limit), 'sizes', 'older checkpoints are deleted', [['save_total_limit', limit]])];
  const small = checkpointBytes(config, sizes.adapter, rows) * keptAtOnce(config, checkpoints) + rest;
  const adapter =
    config.use_peft || small > usableShare * free
      ? []
      : [advice(lack, small, 'sizes', 'it trains an adapter instead of the weights', [['use_peft', true]])];
  return [...kept, ...adapter];
}
