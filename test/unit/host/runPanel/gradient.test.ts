import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Gradient } from '../../../../src/host/runPanel/rewards/gradient';
import { RunRewards } from '../../../../src/host/runPanel/rewards/runRewards';
import { runPaths } from '../../../../src/run/folder';
import type { TrainConfig } from '../../../../src/run/types';
import { rewardLine, rewardText } from '../../run/rewardLines';
import { temporaryFolder } from '../../run/temporaryFolder';
import { readConfig } from '../../train/golden';

const prompts = (pairs: readonly unknown[]): Promise<readonly (string | null)[]> =>
  Promise.resolve(pairs.map(() => 'asked'));
const own = { objective: null, beta: 0.1, rate: 1e-3 };

/** The gradient of a step with pairs of these margins. */
async function gradient(margins: readonly number[], keys: Partial<TrainConfig> = {}): Promise<Gradient> {
  const folder = await temporaryFolder();
  const path = runPaths.rewards(folder, 10);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, rewardText(margins.map((margin, row) => rewardLine(row, margin))));
  const table = await new RunRewards(folder, true).tableOf({ step: 10, before: null, beforeRun: null });
  return new Gradient(table, readConfig({ train_file: 'none.jsonl', ...keys }));
}

describe('the gradient weights of a run', () => {
  it('list the pairs that carry most, beside their weights with the run’s own choice', async () => {
    const page = await (await gradient([4, -2, 0, 6])).page({ ...own, beta: 1 }, prompts);
    expect(page.rows.map(({ row }) => row.line)).toEqual([2, 3, 1, 4]);
    expect(page.rows[0]?.row.prompt).toBe('asked');
    expect(page.rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(page.rows.map((row) => row.own !== null && row.own > 0)).toEqual([true, true, true, true]);
    expect(page.histogram.counts.reduce((a, b) => a + b, 0)).toBe(4);
    expect(page.run).toEqual({ losses: ['sigmoid'], beta: 0.1, rate: 1e-6 });
  });

  it('lead to the pairs with half of the gradient by their margins', async () => {
    const page = await (await gradient([4, -2, 0, 6])).page(own, prompts);
    expect(page.halfMargins).toEqual([null, expect.any(Number)]);
    expect(page.spread).toEqual(page.own);
  });

  it('of another objective are those of that objective alone; an unknown one is the run’s own', async () => {
    const asked = await gradient([4, -2, 0, 6], { loss_type: ['aot'] });
    expect(await asked.page(own, prompts)).toMatchObject({
      spread: expect.stringMatching(/^aot: /),
      own: null,
      rows: [],
    });
    const hinge = await asked.page({ ...own, objective: 'hinge' }, prompts);
    expect(hinge.spread).toMatchObject({ mean: expect.any(Number) });
    expect((await asked.page({ ...own, objective: 'none' }, prompts)).spread).toMatch(/^aot: /);
  });
});
