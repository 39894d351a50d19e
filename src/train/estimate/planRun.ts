import { at, must } from '../../base/pure/must';
import { indexRange } from '../../reward/rowStore';
import type { TrainConfig } from '../../run/types';
import { microPerEpoch, StepPlanner, stepsPerEpoch, totalSteps } from '../batches';
import { allTokens, batchLoad, ownTokens, packedTokens, shortened, type RowLengths } from './rowLengths';
import type { BatchSize, LoadShape, OtherBatch, Plan, ShorterRows } from './types';

/** Rows of the micro-batches that the dry run measures. */
export interface RowsToMeasure {
  readonly light: readonly number[];
  readonly typical: readonly number[];
  readonly heavy: readonly number[];
  /** Held-out rows to score; null: the rows of the heavy micro-batch. */
  readonly scored: readonly number[] | null;
}

/** Passes over the data that are searched for the heaviest micro-batch. More passes rarely find a heavier one. */
const passesSearched = 4;
/** Values of `max_length` to try, as parts of the longest row. */
const parts = [7, 6, 5, 4, 3, 2, 1].map((eighths) => eighths / 8);
/** The smallest `max_length` that is proposed. */
const leastLength = 32;

/**
 * Plans a run from its config and the lengths of its rows, and chooses the micro-batches to measure.
 *
 * @param heldOut lengths of the held-out rows; null if there are none
 */
export function planRun(
  config: TrainConfig,
  train: RowLengths,
  heldOut: RowLengths | null,
  shape: LoadShape,
): { readonly plan: Omit<Plan, 'first'>; readonly chosen: RowsToMeasure } {
  const rows = train.prompt.length;
  const ofTraining = choose(config, train, shape);
  const sized = (some: readonly number[]): BatchSize => ({ pairs: some.length, ...batchLoad(train, some, shape) });
  const heavy = sized(ofTraining.heavy);
  const evaluated = heldOut && heaviestEvaluated(config, heldOut, shape);
  const isHeavier = evaluated !== null && evaluated.load > heavy.load;
  const chosen = { ...ofTraining, scored: isHeavier ? evaluated.rows : null };
  const microBatches = microBatchCount(config, rows);
  const rowTokens = allTokens(train);
  const plan = {
    rows,
    heldOut: heldOut ? heldOut.prompt.length : 0,
    steps: totalSteps(config, rows),
    microBatches,
    tokens: Math.round((rowTokens * microBatches) / microPerEpoch(config, rows)),
    rowTokens,
    heldOutTokens: heldOut ? allTokens(heldOut) : 0,
    light: sized(chosen.light),
    typical: sized(chosen.typical),
    heavy,
    scored: isHeavier ? { pairs: evaluated.rows.length, tokens: evaluated.tokens, load: evaluated.load } : heavy,
    smaller: smallerBatches(config, train, shape),
    larger: largerBatches(config, train, shape),
    shorter: shorterRows(config, train, shape),
  };
  return { plan, chosen };
}

/** Most rows of the first step that are named. */
const mostFirst = 32;

/** The first rows of the first optimizer step, as indices, in its order. */
export function firstRows(config: TrainConfig, train: RowLengths): readonly number[] {
  const planner = new StepPlanner(config, train.prompt.length, (row) => ownTokens(train, row));
  return planner.plan(1).microBatches.flat().slice(0, mostFirst);
}

/** Micro-batches of the whole run. */
function microBatchCount(config: TrainConfig, rows: number): number {
  const [steps, stepsOfPass, ofPass] = [
    totalSteps(config, rows),
    stepsPerEpoch(config, rows),
    microPerEpoch(config, rows),
  ];
  return (
    Math.floor(steps / stepsOfPass) * ofPass +
    Math.min(ofPass, (steps % stepsOfPass) * config.gradient_accumulation_steps)
  );
}

/** A micro-batch with its tokens and its load. */
interface WeighedBatch {
  readonly rows: readonly number[];
  readonly tokens: number;
  readonly load: number;
}

/** The micro-batches of the first passes. A generator, because a million rows have many micro-batches. */
function* weighed(config: TrainConfig, lengths: RowLengths, shape: LoadShape): Generator<WeighedBatch> {
  const rows = lengths.prompt.length;
  const planner = new StepPlanner(config, rows, (row) => ownTokens(lengths, row));
  const seen = Math.min(totalSteps(config, rows), passesSearched * stepsPerEpoch(config, rows));
  for (let step = 1; step <= seen; step++) {
    for (const some of planner.plan(step).microBatches) yield { rows: some, ...batchLoad(lengths, some, shape) };
  }
}

/**
 * Chooses a typical micro-batch, the heaviest, and a single pair of middle length. The first two have the same number
 * of pairs, so that both fit in one small data set.
 */
function choose(config: TrainConfig, lengths: RowLengths, shape: LoadShape): Omit<RowsToMeasure, 'scored'> {
  const rows = lengths.prompt.length;
  const size = Math.min(config.per_device_train_batch_size, rows);
  const mean = (allTokens(lengths) / rows) * size;
  let [heavy, typical]: (WeighedBatch | null)[] = [null, null];
  for (const one of weighed(config, lengths, shape)) {
    if (!heavy || one.load > heavy.load) heavy = one;
    if (one.rows.length === size && (!typical || Math.abs(one.tokens - mean) < Math.abs(typical.tokens - mean)))
      typical = one;
  }
  const usual = must(typical, 'a full micro-batch').rows;
  const middle = usual
    .toSorted((a, b) => packedTokens(lengths, a) - packedTokens(lengths, b))
    .slice(Math.floor(usual.length / 2));
  return {
    light: middle.slice(0, 1),
    typical: usual,
    heavy: [...must(heavy, 'a micro-batch').rows, ...usual].slice(0, size),
  };
}

/** The heaviest batch of an evaluation, which takes the rows in the file's order. */
function heaviestEvaluated(
  { per_device_eval_batch_size: size }: TrainConfig,
  heldOut: RowLengths,
  shape: LoadShape,
): WeighedBatch {
  let most: WeighedBatch = { rows: [], tokens: 0, load: -1 };
  for (let from = 0; from < heldOut.prompt.length; from += size) {
    const rows = indexRange(from, Math.min(from + size, heldOut.prompt.length));
    const one = { rows, ...batchLoad(heldOut, rows, shape) };
    if (one.load > most.load) most = one;
  }
  return most;
}

function heaviestLoad(config: TrainConfig, lengths: RowLengths, shape: LoadShape): number {
  let most = 0;
  for (const { load } of weighed(config, lengths, shape)) most = Math.max(most, load);
  return most;
}

/**
 * The config with other micro-batches and as many pairs in a step, or a few more. @param size pairs of a micro-batch
 */
export function inSmaller<
  Config extends Pick<TrainConfig, 'per_device_train_batch_size' | 'gradient_accumulation_steps'>,
>(config: Config, size: number): Config {
  const accumulated = Math.ceil((config.per_device_train_batch_size * config.gradient_accumulation_steps) / size);
  return { ...config, per_device_train_batch_size: size, gradient_accumulation_steps: accumulated };
}

function smallerBatches(config: TrainConfig, lengths: RowLengths, shape: LoadShape): OtherBatch[] {
  const below = Math.min(config.per_device_train_batch_size, lengths.prompt.length) - 1;
  // KTO estimates its KL from the other rows of a batch.
  const least = config.trainer === 'kto' ? 2 : 1;
  const found: OtherBatch[] = [];
  for (let size = 2 ** Math.floor(Math.log2(below)); size >= least; size /= 2)
    found.push({ size, load: heaviestLoad(inSmaller(config, size), lengths, shape) });
  return found;
}

function largerBatches(config: TrainConfig, lengths: RowLengths, shape: LoadShape): OtherBatch[] {
  return [2, 4, 8]
    .map((times) => times * config.per_device_train_batch_size)
    .filter((size) => size <= lengths.prompt.length)
    .map((size) => ({ size, load: heaviestLoad(inSmaller(config, size), lengths, shape) }));
}

function shorterRows(config: TrainConfig, lengths: RowLengths, shape: LoadShape): ShorterRows[] {
  const longest = lengths.prompt.reduce(
    (most, prompt, row) => Math.max(most, prompt + Math.max(at(lengths.chosen, row), at(lengths.rejected, row))),
    0,
  );
  const values = new Set(
    parts.map((part) => Math.floor((part * longest) / 16) * 16).filter((value) => value >= leastLength),
  );
  return [...values].flatMap((maxLength) => {
    const { lengths: left, cut, leftOut } = shortened(lengths, maxLength);
    if (left.prompt.length === 0) return [];
    return [
      {
        maxLength,
        load: heaviestLoad(config, left, shape),
        loadOfOne: heaviestLoad(inSmaller(config, 1), left, shape),
        cut,
        leftOut,
      },
    ];
  });
}
