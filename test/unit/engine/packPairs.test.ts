import { describe, expect, it } from 'vitest';
import { packPairs, sequenceValues } from '../../../src/engine/packPairs';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import type { PackedBatch, TokenizedPair } from '../../../src/engine/types';

const seed = Number(process.env['MARGIN_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const random = seededRandom(seed);
const below = (n: number): number => Math.floor(random() * n);

/** Few ids, so that answers often share a prefix, repeat, or are a prefix of each other. */
const someIds = (least: number): number[] => Array.from({ length: least + below(6) }, () => below(3));

function somePair(): TokenizedPair {
  const chosen = someIds(1);
  return { prompt: someIds(0), chosen, rejected: below(6) === 0 ? [...chosen] : someIds(1) };
}

/**
 * The ids that a prediction attends to, in the order of their positions. Fails if two have the same position or one is
 * missing.
 */
function seenBy({ ids, positions, unpack, pack, mask, predictors, width }: PackedBatch, prediction: number): number[] {
  const slot = Number(pack[Number(predictors[prediction])]);
  const group = Math.floor(slot / width);
  const line = mask.subarray(slot * width, (slot + 1) * width);
  const rows = [...line].flatMap((value, k) => (value === 0 ? [Number(unpack[group * width + k])] : []));
  const placed = rows.map((row) => [Number(positions[row]), Number(ids[row])] as const).toSorted(([a], [b]) => a - b);
  expect(placed.map(([position]) => position)).toEqual(placed.map((_, i) => i));
  return placed.map(([, id]) => id);
}

describe(`packed pairs, seed ${seed}`, () => {
  const batches = Array.from({ length: 300 }, () => Array.from({ length: 1 + below(4) }, somePair));

  it('predict each token of an answer from the prompt and the answer before it only', () => {
    for (const pairs of batches) {
      const batch = packPairs(pairs);
      const numbers = Float32Array.from({ length: batch.predictions }, (_, m) => m);
      pairs.forEach(({ prompt, chosen, rejected }, i) => {
        for (const [sequence, answer] of [
          [i, chosen],
          [pairs.length + i, rejected],
        ] as const) {
          // Nothing precedes the very first token, so it is not predicted.
          const first = prompt.length === 0 ? 1 : 0;
          const predictions = sequenceValues(batch, numbers, sequence);
          expect(predictions.map((m) => Number(batch.targets[m]))).toEqual(answer.slice(first));
          predictions.forEach((m, j) => expect(seenBy(batch, m)).toEqual([...prompt, ...answer.slice(0, first + j)]));
        }
      });
    }
  });

  it('have one row for each token of a common prefix, and none for the last token', () => {
    const { tokens, predictions } = packPairs([{ prompt: [1, 2, 3], chosen: [4, 5, 6, 7], rejected: [4, 5, 8] }]);
    expect([tokens, predictions]).toEqual([3 + 2 + 1, 2 + 2 + 1]);
  });

  it('share an attention group if they are short', () => {
    const long = { prompt: [1, 2, 3, 4], chosen: [5, 6], rejected: [7, 8] };
    const short = { prompt: [1], chosen: [2, 3], rejected: [4, 5] };
    const { groups, width, pack } = packPairs([short, long, short]);
    expect([groups, width]).toEqual([2, 6]);
    expect([...pack].map(Number)).toEqual([6, 7, 8, 0, 1, 2, 3, 4, 5, 9, 10, 11]);
  });

  it('have one attention slot for each token', () => {
    for (const batch of batches.map((pairs) => packPairs(pairs))) {
      expect(new Set(batch.pack).size).toBe(batch.tokens);
      expect([...batch.pack].every((slot, row) => Number(batch.unpack[Number(slot)]) === row)).toBe(true);
    }
  });

  it('weight the tokens after the length of the shorter answer by ldAlpha', () => {
    const { segments, emphasis, predictions } = packPairs([{ prompt: [1], chosen: [2, 3, 4, 5], rejected: [2, 6] }], {
      ldAlpha: 0.25,
      prompts: false,
    });
    expect([...emphasis.subarray(0, predictions)].filter((_, m) => segments[m] === 1)).toEqual([1, 1, 0.25, 0.25]);
    expect([...emphasis.subarray(predictions)].filter((_, m) => segments[predictions + m] === 1)).toEqual([1, 1]);
  });
});
