import { expect, it } from 'vitest';
import { f32, Program } from '../../../src/engine/runtime';
import { scale } from '../../../src/graph/elementwise';
import { input } from '../../../src/graph/tensor';

/* The trainer feeds its parameters without copying them and updates them in place between steps. */

it('a run reads what was written to a fed array since the last run', async () => {
  const program = await Program.compile({ doubled: scale(input('x', 'f32', ['n']), 2) });
  const x = Float32Array.of(1, 2, 3);
  const feeds = { x: f32(x, [3]) };
  await program.run(feeds);
  x.set([10, 20, 30]);
  expect((await program.run(feeds)).doubled).toEqual(Float32Array.of(20, 40, 60));
  await program.release();
});

it('a run does not change the results or the inputs of the run before', async () => {
  const program = await Program.compile({ doubled: scale(input('x', 'f32', ['n']), 2) });
  const [first, second] = [Float32Array.of(1, 2), Float32Array.of(5, 6)];
  const { doubled } = await program.run({ x: f32(first, [2]) });
  await program.run({ x: f32(second, [2]) });
  expect(doubled).toEqual(Float32Array.of(2, 4));
  expect(first).toEqual(Float32Array.of(1, 2));
  await program.release();
});
