import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, must } from '../../src/base/pure/must';
import type { RunState } from '../../src/run/types';
import { Workbench } from './driver';
import { themes } from './themes';

const patience = 120_000;

describe('a run with evaluations', () => {
  let workbench: Workbench;
  let best = 0;

  /** The first run. Only one test makes a second one. */
  const run = (): string => {
    const runs = join(workbench.folder, '.margin', 'runs');
    return join(runs, at(readdirSync(runs).sort(), 0));
  };
  const train = async (keys: Readonly<Record<string, unknown>>): Promise<void> => {
    const options = Object.entries(keys).flatMap(([name, value]) => [`--${name}`, String(value)]);
    await workbench.margin('train', 'sample.train.json', ...options);
  };

  beforeAll(async () => {
    workbench = await Workbench.open();
    await train({
      max_steps: 24,
      per_device_train_batch_size: 16,
      eval_steps: 4,
      metric_for_best_model: 'rewards/margins',
      greater_is_better: false,
      load_best_model_at_end: true,
    });
    const state = JSON.parse(readFileSync(join(run(), 'state.json'), 'utf8')) as RunState;
    best = must(state.best, 'the best evaluation').step;
    await workbench.activity('Margin').click();
    await workbench.page.getByRole('treeitem', { name: /sample.*done/ }).click();
    await workbench.view('.chart canvas', patience);
  });
  afterAll(() => workbench?.close());

  it('says that it ended on the best step, and draws evaluation curves beside those of training', async () => {
    const run = await workbench.view('.tabs');
    await run.getByRole('tab', { name: 'Curves' }).click();
    await run.locator('.facts', { hasText: `ended on its best: step ${best}, eval_rewards/margins` }).waitFor();
    const rewards = run.locator('.chart', { hasText: 'rewards' }).first();
    for (const label of ['chosen', 'rejected', 'eval chosen', 'eval rejected'])
      await rewards.locator('.legend', { hasText: label }).first().waitFor();
    expect(await rewards.locator('.key.marked').count()).toBe(2);
    for (const [title, about] of [
      ['KL from the reference', 'answers that it samples'],
      ['language model', 'guard_file'],
    ] as const)
      await run.locator('.chart', { hasText: title }).locator('.about', { hasText: about }).waitFor();
    await workbench.shoot('evaluated-curves');
  });

  it('shows the rewards of the best step first', async () => {
    const run = await workbench.view('.tabs');
    await run.getByRole('tab', { name: 'Pairs' }).click();
    await run.locator('.summary vscode-dropdown', { hasText: `step ${best} (best)` }).waitFor();
    await run.locator('.pairs-row').first().waitFor();
    expect(
      await run
        .locator('.summary vscode-dropdown[aria-label="scored at"]')
        .evaluate((element: HTMLElement & { value: string }) => element.value),
    ).toBe(String(best));
  });

  it('shows the answers of the best step first, and those of any other evaluation on request', async () => {
    const run = await workbench.view('.tabs');
    await run.getByRole('tab', { name: 'Samples' }).click();
    await run.locator('.sample').first().waitFor();
    const steps = run.locator('.samples vscode-dropdown');
    expect(await steps.locator('vscode-option').allTextContents()).toEqual(
      [4, 8, 12, 16, 20, 24].map((step) => (step === best ? `step ${step} (best)` : `step ${step}`)),
    );
    const answers = (): Promise<string[]> => run.locator('.sample .said').allTextContents();
    const ofBest = await answers();
    await workbench.shoot('evaluated-samples');
    await steps.click();
    await steps.getByRole('option', { name: 'step 24' }).click();
    await expect.poll(answers).not.toEqual(ofBest);
    await run.locator('.sample .reward').first().waitFor();
    await run.getByRole('button', { name: 'changes since the evaluation before' }).click();
    await run.locator('.sample .label', { hasText: 'step 20' }).first().waitFor();
    await workbench.shoot('evaluated-samples-since-20');
    await run.getByRole('button', { name: 'changes since the start' }).click();
    await run.locator('.sample .label', { hasText: 'before' }).first().waitFor();
    await steps.click();
    await steps.getByRole('option', { name: `step ${best} (best)` }).click();
    await expect.poll(answers).toEqual(ofBest);
  });

  it('says which pairs carry the gradient, under other choices than its own too', async () => {
    const run = await workbench.view('.tabs');
    await run.getByRole('tab', { name: 'Gradient' }).click();
    const text = run.locator('.gradient-text');
    await text.locator('b', { hasText: /^Half of the gradient comes from \d+ of 602 pairs/ }).waitFor();
    await run.locator('.list .gradient-row').first().waitFor();
    const beta = run.getByRole('slider', { name: 'beta' });
    await beta.focus();
    await workbench.press('End');
    await text.filter({ hasText: 'In the run it comes from' }).waitFor();
    expect(await beta.getAttribute('aria-valuetext')).toBe('10');
    for (const theme of themes) {
      await workbench.theme(theme);
      await workbench.shoot(`gradient-${theme}`);
    }
    await workbench.theme('Dark Modern');
    await run.locator('.gradient-choice vscode-dropdown').click();
    await run.locator('.gradient-choice').getByRole('option', { name: 'apo_zero' }).click();
    await run.locator('.gradient-choice vscode-button', { hasText: 'As in the run' }).click();
    await text.filter({ hasNotText: 'In the run' }).waitFor();
    await text.getByRole('button', { name: 'Show them' }).click();
    await run.locator('.pairs-row').first().waitFor();
    await expect.poll(() => run.getByRole('combobox', { name: 'Filter' }).inputValue()).toMatch(/^margin:</);
  });

  it('is the model of a further run, whose panel names its reference', async () => {
    const adapter = join(run(), 'checkpoints', 'step-000024');
    const hasty = { learning_rate: 1e-2, beta: 0.01, max_steps: 24, per_device_train_batch_size: 16 };
    await train({ model_name_or_path: adapter, run_name: 'further', ...hasty });
    await workbench.page.getByRole('treeitem', { name: /further.*done/ }).click();
    const further = await workbench.view('.tabs');
    await further.locator('.facts', { hasText: 'reference: its starting adapter' }).waitFor();
    await workbench.shoot('further');
  });

  it('says what the curves show, and leads to the pairs behind it', async () => {
    const further = await workbench.view('.tabs');
    await further.getByRole('tab', { name: 'Curves' }).click();
    await further.locator('#remark-chosen-collapses', { hasText: 'the chosen answers become unlikely' }).waitFor();
    expect(await further.locator('.remark a').first().getAttribute('href')).toContain('https://arxiv.org/');
    await workbench.shoot('remarks');
    await further.getByRole('button', { name: 'Show the pairs whose chosen answers fall most' }).click();
    await further.locator('.pairs-row').first().waitFor();
    await further.locator('.pairs-head .sorted', { hasText: /chosen.*▲/i }).waitFor();
    await workbench.page.getByRole('treeitem', { name: /sample.*done/ }).click();
    await further.locator('.facts', { hasText: 'ended on its best' }).waitFor();
    expect(await further.locator('.facts').textContent()).not.toContain('reference:');
  });

  it('shows all its curves at a width of 300 pixels', async () => {
    await workbench.command('Margin: Open Run in Editor');
    await workbench.pick('sample');
    await workbench.command('View: Hide Panel');
    const run = await workbench.view('.tabs');
    await run.getByRole('tab', { name: 'Curves' }).click();
    await run.locator('.chart canvas').first().waitFor();
    await workbench.shoot('evaluated-wide');
    await workbench.page.setViewportSize({ width: 640, height: 900 });
    await workbench.shoot('evaluated-narrow');
    await run.getByRole('tab', { name: 'Gradient' }).click();
    await run.locator('.list .gradient-row').first().waitFor();
    await workbench.shoot('gradient-narrow');
    await run.getByRole('tab', { name: 'Curves' }).click();
    await run.locator('.chart canvas').first().waitFor();
    const cut = await run
      .locator('.chart header')
      .evaluateAll((headers) => headers.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length);
    expect(cut).toBe(0);
  });
});
