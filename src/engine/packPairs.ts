import { at } from '../base/pure/must';
import type { BatchLayout, PackedBatch, TokenizedPair } from './types';

/** Added to the attention score of a masked key. The lowest f32, −3.4e38, plus a negative score could become −inf. */
const masked = -1e9;

const plainLayout: BatchLayout = { ldAlpha: null, prompts: false };

/** The lengths of prompt and answers of a pair, in tokens. */
export interface PairLengths {
  readonly prompt: number;
  readonly chosen: number;
  readonly rejected: number;
  /** The common prefix of both answers. */
  readonly common: number;
}

/**
 * How many rows of a packed batch a pair takes: `shared | chosen | rejected`. Such a row is one token, not a line of
 * the file.
 */
export interface RowCounts {
  /** The prompt and the common prefix of both answers. */
  readonly shared: number;
  readonly chosen: number;
  readonly rejected: number;
  readonly total: number;
}

interface PairLayout extends RowCounts {
  readonly pair: TokenizedPair;
  /** The length of the common prefix of both answers. */
  readonly common: number;
}

/** The length of the common prefix of two sequences, in tokens. */
export function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((id, i) => id !== b[i]);
  return differs < 0 ? a.length : differs;
}

/** The lengths that decide how many rows a pair takes. */
export function pairLengths({ prompt, chosen, rejected }: TokenizedPair): PairLengths {
  return {
    prompt: prompt.length,
    chosen: chosen.length,
    rejected: rejected.length,
    common: commonPrefix(chosen, rejected),
  };
}

/** The rows that a pair takes. The last token of a completion predicts nothing, so it has no row. */
export function rowCounts({ prompt, chosen: c, rejected: r, common }: PairLengths): RowCounts {
  const branches = common < c || common < r;
  const shared = prompt + (branches ? common : Math.max(0, common - 1));
  const [chosen, rejected] = [Math.max(0, c - common - 1), Math.max(0, r - common - 1)];
  return { shared, chosen, rejected, total: shared + chosen + rejected };
}

function layoutOf(pair: TokenizedPair): PairLayout {
  const lengths = pairLengths(pair);
  return { pair, common: lengths.common, ...rowCounts(lengths) };
}

/**
 * Packs pairs into one batch; see {@link PackedBatch} for the arrays. Each pair takes the rows `prompt and common
 * prefix of both answers | rest of chosen | rest of rejected`. Short pairs share an attention group. The batch depends
 * on its pairs and the layout only.
 */
export function packPairs(pairs: readonly TokenizedPair[], layout: BatchLayout = plainLayout): PackedBatch {
  const layouts = pairs.map(layoutOf);
  const tokens = layouts.reduce((sum, { total }) => sum + total, 0);
  const slots = attentionSlots(layouts.map(({ total }) => total));
  const { groups, width } = slots;
  return {
    pairs: pairs.length,
    tokens,
    groups,
    width,
    ...packRows(layouts, tokens, slots),
    mask: packMask(layouts, slots),
    ...packTargets(layouts, layout),
    ...packWeightsAndLabels(pairs),
  };
}

/** Where attention puts the rows of a batch: into `groups` groups of `width` slots each. */
export interface AttentionSlots {
  readonly groups: number;
  readonly width: number;
  /** [pairs] the first slot of each pair, counted over all groups. */
  readonly starts: readonly number[];
  /** [groups] how many slots pairs use; the others at the end of the group are padding. */
  readonly used: readonly number[];
}

/**
 * Puts pairs into attention groups by first-fit decreasing: the longest pair first, each into the first group with
 * room. Attention costs groups·width², whether slots are used or not.
 *
 * @param totals rows of each pair
 */
export function attentionSlots(totals: readonly number[]): AttentionSlots {
  const width = Math.max(1, ...totals);
  const used: number[] = [];
  const starts = totals.map(() => 0);
  for (const [i, total] of [...totals.entries()].sort(([, a], [, b]) => b - a)) {
    const fitting = used.findIndex((slots) => slots + total <= width);
    const group = fitting < 0 ? used.push(0) - 1 : fitting;
    const first = at(used, group);
    starts[i] = group * width + first;
    used[group] = first + total;
  }
  return { groups: used.length, width, starts, used };
}

/** `values` has one value per prediction of the batch. Picks those of one sequence, in the order of its tokens. */
export function sequenceValues(
  { segments, predictions }: PackedBatch,
  values: Float32Array,
  sequence: number,
): number[] {
  return Array.from(values).filter((_, i) => segments[sequence * predictions + i] === 1);
}

function packRows(
  layouts: readonly PairLayout[],
  tokens: number,
  { groups, width, starts }: AttentionSlots,
): Pick<PackedBatch, 'ids' | 'positions' | 'spans' | 'unpack' | 'pack'> {
  const [ids, positions, pack] = [new BigInt64Array(tokens), new BigInt64Array(tokens), new BigInt64Array(tokens)];
  const spans = new Float32Array(tokens);
  const unpack = new BigInt64Array(groups * width);
  let row = 0;
  layouts.forEach(({ pair, common, shared, chosen, rejected }, p) => {
    const rest = (side: readonly number[], length: number): readonly number[] => side.slice(common, common + length);
    const both = [...pair.prompt, ...pair.chosen].slice(0, shared);
    [...both, ...rest(pair.chosen, chosen), ...rest(pair.rejected, rejected)].forEach((id, i) => {
      const slot = at(starts, p) + i;
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

/**
 * The attention mask. Within a pair a token sees the tokens before it and itself, but rejected does not see chosen.
 * Padding slots see the padding of their group, and no token of a pair sees padding.
 */
function packMask(layouts: readonly PairLayout[], { groups, width, starts, used }: AttentionSlots): Float32Array {
  const mask = new Float32Array(groups * width * width).fill(masked);
  const line = (slot: number): Float32Array => mask.subarray(slot * width, (slot + 1) * width);
  layouts.forEach(({ shared, chosen, total }, p) => {
    const start = at(starts, p);
    for (let q = 0; q < total; q++) {
      const own = line(start + q).subarray(start % width);
      if (q < shared + chosen) own.fill(0, 0, q + 1);
      else own.fill(0, 0, shared).fill(0, shared + chosen, q + 1);
    }
  });
  used.forEach((end, group) => {
    for (let slot = end; slot < width; slot++) line(group * width + slot).fill(0, end);
  });
  return mask;
}

function packWeightsAndLabels(pairs: readonly TokenizedPair[]): Pick<PackedBatch, 'weights' | 'desirable'> {
  return {
    weights: Float32Array.from(pairs, ({ weight = 1 }) => weight),
    desirable: Float32Array.from(pairs, ({ desirable }) => (desirable === true ? 1 : 0)),
  };
}

interface Prediction {
  /** The row whose hidden state predicts the target. */
  readonly row: number;
  /** A token id. */
  readonly target: number;
  /** The sequences whose completion holds the target; empty if the target is part of the prompt. */
  readonly sequences: readonly number[];
  /** Its weight in the sequence's log-prob. */
  readonly weight: number;
}

type Targets = Pick<
  PackedBatch,
  'predictions' | 'predictors' | 'targets' | 'segments' | 'emphasis' | 'prompts' | 'lengths' | 'promptLengths'
>;

function packTargets(layouts: readonly PairLayout[], layout: BatchLayout): Targets {
  const pairs = layouts.length;
  let start = 0;
  const found = layouts.flatMap((one, i) => {
    const predictions = predictionsOf(one, [i, pairs + i], layout).map((prediction) => ({
      ...prediction,
      row: start + prediction.row,
      pair: i,
    }));
    start += one.total;
    return predictions;
  });
  const segments = new Float32Array(2 * pairs * found.length);
  const emphasis = layout.ldAlpha === null ? segments : new Float32Array(segments.length);
  const prompts = new Float32Array(pairs * found.length);
  found.forEach(({ sequences, weight, pair }, i) => {
    if (sequences.length === 0) prompts[pair * found.length + i] = 1;
    for (const sequence of sequences) emphasis[sequence * found.length + i] = weight;
    for (const sequence of sequences) segments[sequence * found.length + i] = 1;
  });
  return {
    predictions: found.length,
    predictors: BigInt64Array.from(found, ({ row }) => BigInt(row)),
    targets: BigInt64Array.from(found, ({ target }) => BigInt(target)),
    segments,
    emphasis,
    prompts,
    lengths: Float32Array.from([
      ...layouts.map(({ pair }) => pair.chosen.length),
      ...layouts.map(({ pair }) => pair.rejected.length),
    ]),
    promptLengths: Float32Array.from(layouts, ({ pair }) => Math.max(0, pair.prompt.length - 1)),
  };
}

/**
 * The predictions of one pair. Those of the common prefix belong to both sequences. Without a prompt nothing predicts
 * the first token.
 */
function predictionsOf(
  { pair, common, shared, chosen }: PairLayout,
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
