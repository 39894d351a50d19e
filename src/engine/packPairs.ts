import type { PackedBatch, TokenizedPair } from './types';

/** Added to the score of a hidden key. −1e9 and not −3.4e38, which overflows to −inf next to a negative score. */
const hidden = -1e9;

interface Laid {
  readonly pair: TokenizedPair;
  /** Rows of the prompt, of chosen and of rejected: a completion's last token predicts nothing and is not run. */
  readonly rows: readonly [number, number, number];
  readonly total: number;
}

function lay(pair: TokenizedPair): Laid {
  const rows = [pair.prompt.length, Math.max(0, pair.chosen.length - 1), Math.max(0, pair.rejected.length - 1)] as const;
  return { pair, rows, total: rows[0] + rows[1] + rows[2] };
}

/**
 * Lays pairs out for one run: one attention group a pair, `prompt | chosen | rejected`.
 * See {@link PackedBatch} for the arrays; the batch is a function of its pairs alone.
 */
export function packPairs(pairs: readonly TokenizedPair[]): PackedBatch {
  const laid = pairs.map(lay);
  const tokens = laid.reduce((sum, { total }) => sum + total, 0);
  const width = Math.max(1, ...laid.map(({ total }) => total));
  const rows = packRows(laid, tokens, width);
  return { pairs: pairs.length, tokens, groups: pairs.length, width, ...rows, mask: packMask(laid, width), ...packTargets(laid) };
}

function packRows(laid: readonly Laid[], tokens: number, width: number): Pick<PackedBatch, 'ids' | 'positions' | 'unpack' | 'pack'> {
  const [ids, positions, pack] = [new BigInt64Array(tokens), new BigInt64Array(tokens), new BigInt64Array(tokens)];
  const unpack = new BigInt64Array(laid.length * width);
  let row = 0;
  laid.forEach(({ pair: { prompt, chosen, rejected }, rows: [p, c, r], total }, group) => {
    const sequence = [...prompt, ...chosen.slice(0, c), ...rejected.slice(0, r)];
    const start = row;
    sequence.forEach((id, i) => {
      ids[row] = BigInt(id);
      positions[row] = BigInt(i < p + c ? i : i - c);
      pack[row] = BigInt(group * width + i);
      row++;
    });
    for (let slot = 0; slot < width; slot++) unpack[group * width + slot] = BigInt(slot < total ? start + slot : 0);
  });
  return { ids, positions, unpack, pack };
}

/** Causal, but rejected does not see chosen; padding sees padding alone and is seen by nobody else. */
function packMask(laid: readonly Laid[], width: number): Float32Array {
  const mask = new Float32Array(laid.length * width * width).fill(hidden);
  laid.forEach(({ rows: [p, c], total }, group) => {
    for (let q = 0; q < width; q++) {
      const line = mask.subarray((group * width + q) * width, (group * width + q + 1) * width);
      if (q >= total) line.fill(0, total);
      else if (q < p + c) line.fill(0, 0, q + 1);
      else line.fill(0, 0, p).fill(0, p + c, q + 1);
    }
  });
  return mask;
}

function packTargets(laid: readonly Laid[]): Pick<PackedBatch, 'predictions' | 'predictors' | 'targets' | 'segments' | 'lengths'> {
  const found: { row: number; target: number; sequence: number }[] = [];
  const lengths = new Float32Array(2 * laid.length);
  let start = 0;
  laid.forEach(({ pair, rows: [p, c], total }, i) => {
    const sides = [
      { ids: pair.chosen, sequence: i, first: start + p },
      { ids: pair.rejected, sequence: laid.length + i, first: start + p + c },
    ];
    for (const { ids, sequence, first } of sides) {
      lengths[sequence] = ids.length;
      ids.forEach((target, j) => {
        // Without a prompt nothing predicts the first token.
        if (j > 0) found.push({ row: first + j - 1, target, sequence });
        else if (p > 0) found.push({ row: start + p - 1, target, sequence });
      });
    }
    start += total;
  });
  const segments = new Float32Array(2 * laid.length * found.length);
  found.forEach(({ sequence }, m) => (segments[sequence * found.length + m] = 1));
  return {
    predictions: found.length,
    predictors: BigInt64Array.from(found, ({ row }) => BigInt(row)),
    targets: BigInt64Array.from(found, ({ target }) => BigInt(target)),
    segments,
    lengths,
  };
}
