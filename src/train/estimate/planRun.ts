import { indexRange } from '../../reward/rowStore';
import type { TrainConfig } from '../../run/types';
import { microPerEpoch, StepPlanner, stepsPerEpoch, totalSteps } from '../batches';
import { allTokens, batchLoad, ownTokens, packedTokens, shortened, type RowLengths } from './rowLengths';
import type { BatchSize, LoadShape, Plan, ShorterRows, SmallerBatch } from './types';

/** Rows of the three micro-batches that stand for all. */
export interface Chosen {
  readonly light: readonly number[];
  readonly typical: readonly number[];
  readonly heavy: readonly number[];
  /** Held-out rows; null: the heavy ones. */
  readonly scored: readonly number[] | null;
}

/** Passes whose micro-batches are looked at: of further ones, in other orders, the heaviest is hardly heavier. */
const passesSeen = 4;
/** Values of `max_length` that come into question, as parts of the longest row. */
const parts = [7, 6, 5, 4, 3, 2, 1].map((eighths) => eighths / 8);
/** Rows shorter than this are no rows to train on. */
const shortest = 32;

/** What a run's steps will hold. A function of config and lengths, as the plan of each step is. */
export function planRun(
  config: TrainConfig,
  train: RowLengths,
  heldOut: RowLengths | null,
  shape: LoadShape,
): { readonly plan: Plan; readonly chosen: Chosen } {
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
    heldOut: heldOut?.prompt.length ?? 0,
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
    shorter: shorterRows(config, train, shape),
  };
  return { plan, chosen };
}

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

interface Weighed {
  readonly rows: readonly number[];
  readonly tokens: number;
  readonly load: number;
}

/** The micro-batches of the first passes, one at a time: of a million rows there are many. */
function* weighed(config: TrainConfig, lengths: RowLengths, shape: LoadShape): Generator<Weighed> {
  const rows = lengths.prompt.length;
  const planner = new StepPlanner(config, rows, (row) => ownTokens(lengths, row));
  const seen = Math.min(totalSteps(config, rows), passesSeen * stepsPerEpoch(config, rows));
  for (let step = 1; step <= seen; step++) {
    for (const some of planner.plan(step).microBatches) yield { rows: some, ...batchLoad(lengths, some, shape) };
  }
}

/** All but the light one have the same number of pairs, so that they can stand in one small data set. */
function choose(config: TrainConfig, lengths: RowLengths, shape: LoadShape): Omit<Chosen, 'scored'> {
  const rows = lengths.prompt.length;
  const size = Math.min(config.per_device_train_batch_size, rows);
  const mean = (allTokens(lengths) / rows) * size;
  let [heavy, typical]: (Weighed | null)[] = [null, null];
  for (const one of weighed(config, lengths, shape)) {
    if (!heavy || one.load > heavy.load) heavy = one;
    if (one.rows.length === size && (!typical || Math.abs(one.tokens - mean) < Math.abs(typical.tokens - mean)))
      typical = one;
  }
  const usual = typical?.rows ?? [];
  const middle = usual
    .toSorted((a, b) => packedTokens(lengths, a) - packedTokens(lengths, b))
    .slice(Math.floor(usual.length / 2));
  return { light: middle.slice(0, 1), typical: usual, heavy: [...(heavy?.rows ?? []), ...usual].slice(0, size) };
}

/** Evaluations take the rows in their order. */
function heaviestEvaluated(
  { per_device_eval_batch_size: size }: TrainConfig,
  heldOut: RowLengths,
  shape: LoadShape,
): Weighed {
  let most: Weighed = { rows: [], tokens: 0, load: -1 };
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

/** The same pairs a step, in more micro-batches. */
export function inSmaller<
  Config extends Pick<TrainConfig, 'per_device_train_batch_size' | 'gradient_accumulation_steps'>,
>(config: Config, size: number): Config {
  const accumulated = Math.ceil((config.per_device_train_batch_size * config.gradient_accumulation_steps) / size);
  return { ...config, per_device_train_batch_size: size, gradient_accumulation_steps: accumulated };
}

function smallerBatches(config: TrainConfig, lengths: RowLengths, shape: LoadShape): SmallerBatch[] {
  const below = Math.min(config.per_device_train_batch_size, lengths.prompt.length) - 1;
  // KTO estimates its KL from the other rows of a batch.
  const least = config.trainer === 'kto' ? 2 : 1;
  const found: SmallerBatch[] = [];
  for (let size = 2 ** Math.floor(Math.log2(below)); size >= least; size /= 2)
    found.push({ size, load: heaviestLoad(inSmaller(config, size), lengths, shape) });
  return found;
}

function shorterRows(config: TrainConfig, lengths: RowLengths, shape: LoadShape): ShorterRows[] {
  const longest = lengths.prompt.reduce(
    (most, prompt, row) => Math.max(most, prompt + Math.max(lengths.chosen[row] ?? 0, lengths.rejected[row] ?? 0)),
    0,
  );
  const values = new Set(
    parts.map((part) => Math.floor((part * longest) / 16) * 16).filter((value) => value >= shortest),
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
