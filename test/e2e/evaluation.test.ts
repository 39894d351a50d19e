import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunState } from '../../src/run/types';
import { Workbench } from './driver';

const patience = 120_000;

describe('a run that was evaluated as it went on', () => {
  let workbench: Workbench;
  let best = 0;

  beforeAll(async () => {
    workbench = await Workbench.open();
    const keys = { max_steps: 24, per_device_train_batch_size: 16, eval_steps: 4, metric_for_best_model: 'rewards/margins', greater_is_better: false, load_best_model_at_end: true };
    const options = Object.entries(keys).flatMap(([name, value]) => [`--${name}`, String(value)]);
    execFileSync(process.execPath, [join(process.cwd(), 'dist/cli.js'), 'train', 'sample.train.json', ...options], { cwd: workbench.folder, stdio: 'ignore' });
    const runs = join(workbench.folder, '.margin', 'runs');
    best = (JSON.parse(readFileSync(join(runs, readdirSync(runs)[0] ?? '', 'state.json'), 'utf8')) as RunState).best?.step ?? 0;
    await workbench.activity('Margin').click();
    await workbench.page.getByRole('treeitem', { name: /sample.*done/ }).click();
    await workbench.view('.chart canvas', patience);
  });
  afterAll(() => workbench?.close());

  it('says that it ended on its best, and draws evaluations beside training', async () => {
    const run = await workbench.view('.tabs');
    await run.getByRole('tab', { name: 'Curves' }).click();
    await run.locator('.facts', { hasText: `ended on its best: step ${best}, eval_rewards/margins` }).waitFor();
    const rewards = run.locator('.chart', { hasText: 'rewards' }).first();
    for (const label of ['chosen', 'rejected', 'eval chosen', 'eval rejected']) await rewards.locator('.legend', { hasText: label }).first().waitFor();
    expect(await rewards.locator('.key.marked').count()).toBe(2);
    await workbench.shoot('evaluated-curves');
  });

  it('shows its best’s rewards first', async () => {
    const run = await workbench.view('.tabs');
    await run.getByRole('tab', { name: 'Pairs' }).click();
    await run.locator('.summary vscode-dropdown', { hasText: `step ${best} (best)` }).waitFor();
    await run.locator('.pairs-row').first().waitFor();
    expect(await run.locator('.summary vscode-dropdown').evaluate((element: HTMLElement & { value: string }) => element.value)).toBe(String(best));
  });

  it('shows the best’s answers first, and those of any other evaluation', async () => {
    const run = await workbench.view('.tabs');
    await run.getByRole('tab', { name: 'Samples' }).click();
    await run.locator('.sample').first().waitFor();
    const steps = run.locator('.samples vscode-dropdown');
    expect(await steps.locator('vscode-option').allTextContents()).toEqual([4, 8, 12, 16, 20, 24].map((step) => (step === best ? `step ${step} (best)` : `step ${step}`)));
    const answers = (): Promise<string[]> => run.locator('.sample .said').allTextContents();
    const ofBest = await answers();
    await workbench.shoot('evaluated-samples');
    await steps.click();
    await steps.getByRole('option', { name: 'step 24' }).click();
    await expect.poll(answers).not.toEqual(ofBest);
    await steps.click();
    await steps.getByRole('option', { name: `step ${best} (best)` }).click();
    await expect.poll(answers).toEqual(ofBest);
  });

  it('has room for all its curves 300 pixels wide', async () => {
    await workbench.command('Margin: Open Run in Editor');
    await workbench.command('View: Hide Panel');
    await workbench.page.setViewportSize({ width: 640, height: 900 });
    const run = await workbench.view('.tabs');
    await run.getByRole('tab', { name: 'Curves' }).click();
    await run.locator('.chart canvas').first().waitFor();
    await workbench.shoot('evaluated-narrow');
    const cut = await run.locator('.chart header').evaluateAll((headers) => headers.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length);
    expect(cut).toBe(0);
  });
});
