import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Dropout } from '../../../src/engine/dropout';
import { packPairs } from '../../../src/engine/packPairs';
import { openTrainSession } from '../../../src/engine/trainSession';
import type { Loss } from '../../../src/engine/types';
import { reduceMean } from '../../../src/graph/algebra';
import { scale, sub } from '../../../src/graph/elementwise';
import { input } from '../../../src/graph/tensor';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { createAdapter } from '../../../src/model/lora';
import { seededRandom } from '../../../src/base/pure/seededRandom';

const loss: Loss = { loss: ({ chosen, rejected }) => scale(reduceMean(sub(rejected, chosen)), 0.1) };
const batch = packPairs([{ prompt: [3, 4, 5], chosen: [6, 7], rejected: [8, 9] }]);

it('a mask drops numbers at its rate, scales the others up, and differs for each module and seed', () => {
  const dropout = new Dropout(0.25);
  for (const module of ['a', 'b']) dropout.apply(module, input('x', 'f32', ['tokens', 100]));
  const masksOf = (seed: number): (readonly number[])[] =>
    Object.values(dropout.feeds(50, seed)).map(({ data }) => Array.from(data as Float32Array));
  const [first = [], second] = masksOf(1);
  expect(new Set(first)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
  expect(first.filter((value) => value === 0).length / first.length).toBeCloseTo(0.25, 1);
  expect(second).not.toEqual(first);
  expect(masksOf(1)).toEqual([first, second]);
  expect(masksOf(2)[0]).not.toEqual(first);
});

it('the mean of the gradients over seeds is the gradient without dropout', async () => {
  const checkpoint = await openCheckpoint(join('media', 'sample', 'model'));
  // B is zero, so the loss does not depend on the masks, and the gradient of B is linear in them.
  const adapter = createAdapter(
    checkpoint,
    { r: 4, alpha: 8, rslora: false, dropout: 0.3, targets: 'all-linear' },
    seededRandom(1),
  );
  const gradientsOf = async (drops: boolean, seeds: readonly number[]): Promise<Float64Array> => {
    const session = await openTrainSession({ checkpoint, adapter, loss, full: false, drops });
    const sums: number[][] = [];
    for (const seed of seeds) {
      const { gradients } = await session.step(batch, new Float32Array(2), seed);
      sums.push([...gradients].flatMap(([name, values]) => (name.includes('lora_B') ? Array.from(values) : [])));
    }
    await session.release();
    return Float64Array.from(
      sums[0] ?? [],
      (_, i) => sums.reduce((sum, values) => sum + (values[i] ?? Number.NaN), 0) / seeds.length,
    );
  };
  const distance = (a: Float64Array, b: Float64Array): number =>
    Math.hypot(...a.map((value, i) => value - (b[i] ?? Number.NaN)));
  const without = await gradientsOf(false, [0]);
  const once = distance(await gradientsOf(true, [1]), without);
  expect(once).toBeGreaterThan(0.01 * Math.hypot(...without));
  // The mean of 36 has an error 6 times smaller.
  expect(
    distance(
      await gradientsOf(
        true,
        Array.from({ length: 36 }, (_, i) => 1000 * i),
      ),
      without,
    ),
  ).toBeLessThan(once / 4);
});
