import { appendFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type ComparedRun, readComparedRun } from '../../../../src/run/compared/comparedRun';
import { RunCurves } from '../../../../src/run/compared/runCurves';
import { againstBaseline } from '../../../../src/run/compared/sentences';
import { eventLine } from '../../../../src/run/eventLines';
import { runPaths } from '../../../../src/run/folder';
import type { RunEvent, TrainConfig } from '../../../../src/run/types';
import { temporaryFolder } from '../temporaryFolder';
import { madeRun } from './madeRun';

async function judged(name: string, accuracy: number, config: Partial<TrainConfig> = {}): Promise<ComparedRun> {
  const metrics = { 'eval_rewards/accuracies': accuracy };
  const events: readonly RunEvent[] = [{ t: 1, step: 1, kind: 'eval', metrics }];
  const held = { test_split_size: 0.1, ...config };
  return readComparedRun(await madeRun(await temporaryFolder(), { name, config: held, events }));
}

describe('a run against the baseline', () => {
  it('is said in points of accuracy on held-out pairs', async () => {
    const baseline = await judged('base', 0.9);
    expect(againstBaseline(await judged('a', 0.932), baseline)).toBe(
      'a beats base by 3.2 points on held-out pairs: 93.2 % against 90.0 %.',
    );
    expect(againstBaseline(await judged('b', 0.85), baseline)).toMatch(/^b is behind base by 5\.0 points/);
    expect(againstBaseline(await judged('c', 0.9), baseline)).toMatch(/^c is right on as many held-out pairs as base/);
  });

  it('says if their held-out pairs differ', async () => {
    const baseline = await judged('base', 0.9);
    for (const other of [{ seed: 7 }, { test_split_size: 0.2 }, { eval_file: '/held.jsonl', test_split_size: 0 }])
      expect(againstBaseline(await judged('a', 0.95, other), baseline)).toMatch(/Their held-out pairs differ/);
  });

  it('is not said of a run without an evaluation', async () => {
    const bare = await readComparedRun(await madeRun(await temporaryFolder(), { name: 'bare' }));
    expect(againstBaseline(bare, await judged('base', 0.9))).toBeNull();
  });
});

describe('the curves of a run', () => {
  const train = (step: number, loss: number): RunEvent => ({ t: 1000 * step, step, kind: 'train', metrics: { loss } });

  it('have the points of a metric that exist, and grow with the file', async () => {
    const evaluation: RunEvent = { t: 2000, step: 2, kind: 'eval', metrics: { eval_loss: 0.5 } };
    const folder = await madeRun(await temporaryFolder(), {
      name: 'a',
      events: [train(1, 0.7), train(2, 0.6), evaluation],
    });
    const curves = new RunCurves(folder);
    expect(await curves.update()).toBe(true);
    expect(curves.page(0, 10, ['eval_loss', 'none'])).toMatchObject({
      steps: Float64Array.of(1, 2),
      times: Float64Array.of(0, 1),
      series: { eval_loss: Float64Array.of(Number.NaN, 0.5) },
    });
    expect(await curves.update()).toBe(false);
    await appendFile(runPaths.events(folder), `${eventLine(train(3, 0.4))}\n`);
    await curves.update();
    expect(curves.page(2, 10, ['loss']).series['loss']).toEqual(Float64Array.of(0.4));
  });

  it('have the newest sample of each prompt', async () => {
    const sample = (step: number, after: string): RunEvent => ({
      t: step,
      step,
      kind: 'sample',
      prompt: 'Q',
      before: 'b',
      after,
    });
    const folder = await madeRun(await temporaryFolder(), { name: 'a', events: [sample(1, 'x'), sample(2, 'y')] });
    const curves = new RunCurves(folder);
    await curves.update();
    expect(curves.samples).toEqual([{ prompt: 'Q', before: 'b', after: 'y', step: 2 }]);
  });
});
