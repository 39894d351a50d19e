import { f32, Program } from '../../../src/engine/runtime';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { at, must } from '../../../src/base/pure/must';
import { reduceSum } from '../../../src/graph/algebra';
import { mul } from '../../../src/graph/elementwise';
import { gradients } from '../../../src/graph/gradients';
import { input, type Dim } from '../../../src/graph/tensor';
import { sizes, type Sample } from './samples';

/** At this step the rounding of f32 gives an error of 1e-5, and curvature about the same. */
const step = 1 / 64;

const size = (shape: readonly Dim[]): number[] =>
  shape.map((dim) => (typeof dim === 'number' ? dim : must(sizes[dim], `the size of ${dim}`)));
const count = (shape: readonly Dim[]): number => size(shape).reduce((product, dim) => product * dim, 1);

/** The largest |rule − central difference| over all elements of all inputs, relative for gradients above 1. */
export async function gradientError({ shapes, build, positive = false }: Sample, seed: number): Promise<number> {
  const random = seededRandom(seed);
  const draw = (length: number, low: number, high: number): Float32Array =>
    Float32Array.from({ length }, () => low + (high - low) * random());
  const symbols = shapes.map((shape, i) => input(`x${i}`, 'f32', shape));
  const y = build(...symbols);
  const weighted = reduceSum(mul(y, input('w', 'f32', y.shape)));
  const rules = Object.fromEntries(gradients(weighted, symbols).map((gradient, i) => [`g${i}`, gradient]));
  const [forward, backward] = [
    await Program.compile({ y }, { threads: 1 }),
    await Program.compile(rules, { threads: 1 }),
  ];

  const w = draw(count(y.shape), -1, 1);
  const values = shapes.map((shape) => draw(count(shape), positive ? 0.5 : -1, positive ? 1.5 : 1));
  const feeds = (): Parameters<Program['run']>[0] =>
    Object.fromEntries(values.map((value, i) => [`x${i}`, f32(value, size(at(shapes, i)))]));
  const weightedSum = async (): Promise<number> => {
    const result = must((await forward.run(feeds())).y, 'the result');
    return result.reduce((sum, element, i) => sum + element * at(w, i), 0);
  };
  const sumMovedBy = async (value: Float32Array, i: number, distance: number): Promise<number> => {
    const before = at(value, i);
    value[i] = before + distance;
    const sum = await weightedSum();
    value[i] = before;
    return sum;
  };

  const found = await backward.run({ ...feeds(), w: f32(w, size(y.shape)) });
  let worst = 0;
  for (const [n, value] of values.entries()) {
    for (let i = 0; i < value.length; i++) {
      const expected = ((await sumMovedBy(value, i, step)) - (await sumMovedBy(value, i, -step))) / (2 * step);
      worst = Math.max(
        worst,
        Math.abs((found[`g${n}`]?.[i] ?? Number.NaN) - expected) / Math.max(1, Math.abs(expected)),
      );
    }
  }
  await Promise.all([forward.release(), backward.release()]);
  return worst;
}
