import type { BatchLayout, PackedBatch, TokenizedPair } from './types';

/** Added to the score of a hidden key. −1e9 and not −3.4e38, which overflows to −inf next to a negative score. */
const hidden = -1e9;

const plainLayout: BatchLayout = { ldAlpha: null, prompts: false };

/**
 * Where the rows of a pair lie: `shared | chosen | rejected`, shared being the prompt and what both answers begin with.
 */
interface Laid {
  readonly pair: TokenizedPair;
  readonly common: number;
  readonly shared: number;
  readonly chosen: number;
  readonly rejected: number;
  readonly total: number;
}

/** Numbers of tokens. */
export interface PairLengths {
  readonly prompt: number;
  readonly chosen: number;
  readonly rejected: number;
  /** What both answers begin with. */
  readonly common: number;
}

/** How many tokens two sequences begin with alike. */
export function commonStart(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((id, i) => id !== b[i]);
  return differs < 0 ? a.length : differs;
}

export function lengthsOf({ prompt, chosen, rejected }: TokenizedPair): PairLengths {
  return {
    prompt: prompt.length,
    chosen: chosen.length,
    rejected: rejected.length,
    common: commonStart(chosen, rejected),
  };
}

/** The rows that a pair takes. A completion's last token predicts nothing and is not run. */
export function rowsOf({
  prompt,
  chosen: c,
  rejected: r,
  common,
}: PairLengths): Pick<Laid, 'shared' | 'chosen' | 'rejected' | 'total'> {
  const branches = common < c || common < r;
  const shared = prompt + (branches ? common : Math.max(0, common - 1));
  const [chosen, rejected] = [Math.max(0, c - common - 1), Math.max(0, r - common - 1)];
  return { shared, chosen, rejected, total: shared + chosen + rejected };
}

function lay(pair: TokenizedPair): Laid {
  const lengths = lengthsOf(pair);
  return { pair, common: lengths.common, ...rowsOf(lengths) };
}

/**
 * Lays pairs out for one run, each as `prompt and common start | rest of chosen | rest of rejected`; short ones share
 * an attention group. See {@link PackedBatch} for the arrays; the batch is a function of its pairs alone.
 */
export function packPairs(pairs: readonly TokenizedPair[], layout: BatchLayout = plainLayout): PackedBatch {
  const laid = pairs.map(lay);
  const tokens = laid.reduce((sum, { total }) => sum + total, 0);
  const slots = slotsOf(laid.map(({ total }) => total));
  const { groups, width } = slots;
  return {
    pairs: pairs.length,
    tokens,
    groups,
    width,
    ...packRows(laid, tokens, slots),
    mask: packMask(laid, slots),
    ...packTargets(laid, layout),
    ...packVerdicts(pairs),
  };
}

/** Attention's slots: `groups` rows of `width`, and each pair's first one, counted over all groups. */
export interface Slots {
  readonly groups: number;
  readonly width: number;
  readonly starts: readonly number[];
  /** Slots of each group that pairs lie in, the first ones. */
  readonly taken: readonly number[];
}

/**
 * First fit, longest first: attention's cost is that of groups·width², whether slots are taken or not.
 *
 * @param totals tokens of each pair's row
 */
export function slotsOf(totals: readonly number[]): Slots {
  const width = Math.max(1, ...totals);
  const taken: number[] = [];
  const starts = totals.map(() => 0);
  for (const [i, total] of [...totals.entries()].sort(([, a], [, b]) => b - a)) {
    const found = taken.findIndex((slots) => slots + total <= width);
    const group = found < 0 ? taken.length : found;
    const first = taken[group] ?? 0;
    starts[i] = group * width + first;
    taken[group] = first + total;
  }
  return { groups: taken.length, width, starts, taken };
}

/** A sequence's own values out of one value a prediction, in the order of its tokens. */
export function sequenceValues(
  { segments, predictions }: PackedBatch,
  values: Float32Array,
  sequence: number,
): number[] {
  return Array.from(values).filter((_, m) => segments[sequence * predictions + m] === 1);
}

function packRows(
  laid: readonly Laid[],
  tokens: number,
  { groups, width, starts }: Slots,
): Pick<PackedBatch, 'ids' | 'positions' | 'spans' | 'unpack' | 'pack'> {
  const [ids, positions, pack] = [new BigInt64Array(tokens), new BigInt64Array(tokens), new BigInt64Array(tokens)];
  const spans = new Float32Array(tokens);
  const unpack = new BigInt64Array(groups * width);
  let row = 0;
  laid.forEach(({ pair, common, shared, chosen, rejected }, p) => {
    const rest = (side: readonly number[], length: number): readonly number[] => side.slice(common, common + length);
    const both = [...pair.prompt, ...pair.chosen].slice(0, shared);
    [...both, ...rest(pair.chosen, chosen), ...rest(pair.rejected, rejected)].forEach((id, i) => {
      const slot = (starts[p] ?? 0) + i;
      ids[row] = BigInt(id);
      positions[row] = BigInt(i < shared + chosen ? i : i - chosen);
      spans[row] = shared + Math.max(chosen, rejected) + 1;
      pack[row] = BigInt(slot);
      unpack[slot] = BigInt(row);
      row++;
    });
  });
  return { ids, positions, spans, unpack, pack };
}

/** Causal within a pair, but rejected does not see chosen; padding sees padding alone and is seen by nobody else. */
function packMask(laid: readonly Laid[], { groups, width, starts, taken }: Slots): Float32Array {
  const mask = new Float32Array(groups * width * width).fill(hidden);
  const line = (slot: number): Float32Array => mask.subarray(slot * width, (slot + 1) * width);
  laid.forEach(({ shared, chosen, total }, p) => {
    const start = starts[p] ?? 0;
    for (let q = 0; q < total; q++) {
      const own = line(start + q).subarray(start % width);
      if (q < shared + chosen) own.fill(0, 0, q + 1);
      else own.fill(0, 0, shared).fill(0, shared + chosen, q + 1);
    }
  });
  taken.forEach((end, group) => {
    for (let slot = end; slot < width; slot++) line(group * width + slot).fill(0, end);
  });
  return mask;
}

/** What a row says besides its texts. */
function packVerdicts(pairs: readonly TokenizedPair[]): Pick<PackedBatch, 'weights' | 'desirable'> {
  return {
    weights: Float32Array.from(pairs, ({ weight = 1 }) => weight),
    desirable: Float32Array.from(pairs, ({ desirable }) => (desirable === true ? 1 : 0)),
  };
}

interface Prediction {
  readonly row: number;
  readonly target: number;
  /** Sequences whose completion the target is part of; of a prompt's own token none. */
  readonly sequences: readonly number[];
  readonly weight: number;
}

type Targets = Pick<
  PackedBatch,
  'predictions' | 'predictors' | 'targets' | 'segments' | 'emphasis' | 'prompts' | 'lengths' | 'promptLengths'
>;

function packTargets(laid: readonly Laid[], layout: BatchLayout): Targets {
  const pairs = laid.length;
  let start = 0;
  const found = laid.flatMap((one, i) => {
    const own = predictionsOf(one, [i, pairs + i], layout).map((prediction) => ({
      ...prediction,
      row: start + prediction.row,
      pair: i,
    }));
    start += one.total;
    return own;
  });
  const segments = new Float32Array(2 * pairs * found.length);
  const emphasis = layout.ldAlpha === null ? segments : new Float32Array(segments.length);
  const prompts = new Float32Array(pairs * found.length);
  found.forEach(({ sequences, weight, pair }, m) => {
    if (sequences.length === 0) prompts[pair * found.length + m] = 1;
    for (const sequence of sequences) emphasis[sequence * found.length + m] = weight;
    for (const sequence of sequences) segments[sequence * found.length + m] = 1;
  });
  return {
    predictions: found.length,
    predictors: BigInt64Array.from(found, ({ row }) => BigInt(row)),
    targets: BigInt64Array.from(found, ({ target }) => BigInt(target)),
    segments,
    emphasis,
    prompts,
    lengths: Float32Array.from([
      ...laid.map(({ pair }) => pair.chosen.length),
      ...laid.map(({ pair }) => pair.rejected.length),
    ]),
    promptLengths: Float32Array.from(laid, ({ pair }) => Math.max(0, pair.prompt.length - 1)),
  };
}

/** The common start is predicted once for both sides. Without a prompt nothing predicts the first token. */
function predictionsOf(
  { pair, common, shared, chosen }: Laid,
  sequences: readonly [number, number],
  { ldAlpha, prompts }: BatchLayout,
): Prediction[] {
  const p = pair.prompt.length;
  const shorter = Math.min(pair.chosen.length, pair.rejected.length);
  const own = prompts ? pair.prompt.slice(1).map((target, row) => ({ row, target, sequences: [], weight: 0 })) : [];
  const both = pair.chosen.slice(0, common).map((target, j) => ({ row: p + j - 1, target, sequences, weight: 1 }));
  const rest = (side: readonly number[], first: number, sequence: number): Prediction[] =>
    side.slice(common).map((target, j) => ({
      row: j === 0 ? p + common - 1 : first + j - 1,
      target,
      sequences: [sequence],
      weight: common + j < shorter ? 1 : (ldAlpha ?? 1),
    }));
  const all = [
    ...own,
    ...both,
    ...rest(pair.chosen, shared, sequences[0]),
    ...rest(pair.rejected, shared + chosen, sequences[1]),
  ];
  return all.filter(({ row }) => row >= 0);
}
