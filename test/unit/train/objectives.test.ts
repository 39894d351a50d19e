import { describe, expect, it } from 'vitest';
import { openLossSession, pairSymbols } from '../../../src/engine/pairSymbols';
import { f32, Program } from '../../../src/engine/runtime';
import { gradients } from '../../../src/graph/gradients';
import { input } from '../../../src/graph/tensor';
import { lossOf, objectives } from '../../../src/train/objectives/table';

/** Log-ratios of a batch: Δw and Δl of every pair, against a reference of 0. */
interface Ratios {
  readonly chosen: readonly number[];
  readonly rejected: readonly number[];
  readonly chosenLengths?: readonly number[];
  readonly rejectedLengths?: readonly number[];
}

const beta = 0.1;

async function lossAt(types: readonly string[], { chosen, rejected, ...lengths }: Ratios, weights: readonly number[] = types.map(() => 1)): Promise<number> {
  const session = await openLossSession(lossOf(types, weights, { beta }));
  const all = [...(lengths.chosenLengths ?? chosen.map(() => 10)), ...(lengths.rejectedLengths ?? rejected.map(() => 20))];
  const loss = await session.loss(Float32Array.from([...chosen, ...rejected]), new Float32Array(all.length), Float32Array.from(all));
  await session.release();
  return loss;
}

/** ∂loss/∂log-prob of [chosen…, rejected…]. */
async function gradientAt(type: string, logps: readonly number[]): Promise<number[]> {
  const x = input('x', 'f32', [2, 'pairs', 1]);
  const [gradient] = gradients(lossOf([type], [1], { beta })(pairSymbols(x)), [x]);
  if (!gradient) throw new Error('no gradient');
  const program = await Program.compile({ gradient }, { threads: 1 });
  const pairs = logps.length / 2;
  const zeros = f32(new Float32Array(logps.length), [2, pairs]);
  const lengths = f32(new Float32Array(logps.length).fill(10), [2, pairs]);
  const results = await program.run({ x: f32(Float32Array.from(logps), [2, pairs, 1]), reference: zeros, lengths });
  await program.release();
  return [...(results.gradient ?? [])];
}

describe('objectives', () => {
  it.each([
    ['sigmoid', 2, -1, 0.554355],
    ['sigmoid', -3, -9, 0.437488],
    ['ipo', 2, -1, 22.5625],
    ['ipo', -3, -9, 23.5225],
  ])('%s at (Δw, Δl) = (%d, %d), lengths 10 and 20, is %d', async (type, chosen, rejected, expected) => {
    expect(await lossAt([type], { chosen: [chosen], rejected: [rejected] })).toBeCloseTo(expected, 5);
  });

  it.each([['sigmoid', Math.log(2)], ['ipo', 1 / (4 * beta ** 2)]])('%s where policy and reference agree is %d', async (type, expected) => {
    expect(await lossAt([type], { chosen: [0, 0], rejected: [0, 0] })).toBeCloseTo(expected, 6);
  });

  it('sft is the mean over all chosen tokens of the batch, not of pairs, and ignores rejected', async () => {
    const ratios = { chosen: [-10, -3], rejected: [5, 7], chosenLengths: [20, 6] };
    expect(await lossAt(['sft'], ratios)).toBeCloseTo(13 / 26, 6);
    expect(await gradientAt('sft', [-10, -3, 5, 7])).toEqual([expect.closeTo(-1 / 20, 6), expect.closeTo(-1 / 20, 6), 0, 0]);
  });

  it('a mix is the weighted sum', async () => {
    const ratios = { chosen: [2, -3], rejected: [-1, -9] };
    const [sigmoid, ipo, sft] = await Promise.all(['sigmoid', 'ipo', 'sft'].map((type) => lossAt([type], ratios)));
    expect(await lossAt(['sigmoid', 'ipo', 'sft'], ratios, [0.8, 0.25, 2])).toBeCloseTo(0.8 * (sigmoid ?? 0) + 0.25 * (ipo ?? 0) + 2 * (sft ?? 0), 5);
  });

  it.each(['sigmoid', 'ipo'])('%s depends on the difference alone, and on pairs in no order', async (type) => {
    const lengths = { chosenLengths: [10, 10], rejectedLengths: [10, 10] };
    const loss = await lossAt([type], { chosen: [2, -3], rejected: [-1, -9], ...lengths });
    expect(await lossAt([type], { chosen: [7, 2], rejected: [4, -4], ...lengths })).toBeCloseTo(loss, 5);
    expect(await lossAt([type], { chosen: [-3, 2], rejected: [-9, -1], ...lengths })).toBeCloseTo(loss, 5);
  });

  it('sigmoid of a swapped pair differs by β·d', async () => {
    const [as, swapped] = await Promise.all([lossAt(['sigmoid'], { chosen: [5], rejected: [-1] }), lossAt(['sigmoid'], { chosen: [-1], rejected: [5] })]);
    expect(as - swapped).toBeCloseTo(-beta * 6, 6);
  });

  it('ipo is zero at a margin of 1/(2β) per token', async () => {
    expect(await lossAt(['ipo'], { chosen: [10], rejected: [-80] })).toBeCloseTo(0, 6);
  });

  it('sigmoid pulls chosen up and rejected down by the same amount', async () => {
    expect(await gradientAt('sigmoid', [0, 0])).toEqual([expect.closeTo(-beta / 2, 7), expect.closeTo(beta / 2, 7)]);
    expect((await gradientAt('sigmoid', [4, -2]))[0]).toBeCloseTo(-0.035434, 6);
  });

  it.each(['sigmoid', 'ipo', 'sft'])('%s stays finite for an answer without tokens and for extreme log-ratios', async (type) => {
    expect(Number.isFinite(await lossAt([type], { chosen: [0], rejected: [-9], chosenLengths: [0] }))).toBe(true);
    expect(Number.isFinite(await lossAt([type], { chosen: [-5000], rejected: [5000] }))).toBe(true);
  });

  it('say what they do, and another name is refused with those there are', () => {
    for (const { name, description } of objectives) expect(description.length, name).toBeGreaterThan(20);
    expect(() => lossOf(['hinge'], [1], { beta })).toThrow(/"hinge".*sigmoid, ipo, sft/);
  });
});
