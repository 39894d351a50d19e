import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from './accessible';
import { Workbench } from './driver';
import { themes } from './themes';

const patience = 120_000;
const narrow = { width: 560, height: 900 };

describe('screenshots', () => {
  let workbench: Workbench;
  const name = (text: string): string => text.toLowerCase().replaceAll(' ', '-');

  beforeAll(async () => {
    workbench = await Workbench.open();
    await workbench.margin('train', 'sample.train.json', '--max_steps', '24', '--per_device_train_batch_size', '16');
    await workbench.activity('Margin').click();
    await workbench.openPairs('prefs.jsonl');
    await workbench.page.getByRole('treeitem', { name: /sample.*done/ }).click();
    await workbench.view('.chart canvas', patience);
  });
  afterAll(() => workbench?.close());

  it.each(themes)('pairs, curves and rewards in %s', async (theme) => {
    await workbench.theme(theme);
    const run = await workbench.view('.tabs');
    const pairs = await workbench.view('.pair-row');
    await hasThemeAtFirstPaint(pairs);
    expect(await accessibilityProblems(pairs)).toEqual([]);
    await run.getByRole('tab', { name: 'Curves' }).click();
    await run.locator('.chart canvas').first().waitFor();
    await workbench.shoot(`${name(theme)}-curves`);
    expect(await accessibilityProblems(run)).toEqual([]);
    await run.getByRole('tab', { name: 'Pairs' }).click();
    await run.locator('.pairs-row .bad').first().waitFor();
    await workbench.shoot(`${name(theme)}-pairs`);
    expect(await accessibilityProblems(run)).toEqual([]);
  });

  it('the run as an editor tab', async () => {
    await workbench.command('Margin: Open Run in Editor');
    await workbench.page.locator('.tab.active', { hasText: 'sample' }).first().waitFor();
    await workbench.command('View: Hide Panel');
    const run = await workbench.view('.chart canvas');
    await workbench.shoot('run-tab-curves');
    await run.getByRole('tab', { name: 'Samples' }).click();
    await run.locator('.sample').first().waitFor();
    await workbench.shoot('run-tab-samples');
  });

  it('the curves at a width of 300 pixels, without a horizontal scrollbar', async () => {
    await workbench.page.setViewportSize({ width: 640, height: 900 });
    const run = await workbench.view('.tabs');
    await run.getByRole('tab', { name: 'Curves' }).click();
    await run.locator('.chart canvas').first().waitFor();
    await workbench.shoot('narrow-curves');
    const { inner, outer } = await run.evaluate(() => ({
      inner: document.querySelector('.body')?.scrollWidth,
      outer: document.documentElement.clientWidth,
    }));
    expect(outer).toBeLessThanOrEqual(320);
    expect(inner).toBeLessThanOrEqual(outer);
  });

  it('pairs in a narrow window', async () => {
    await workbench.page.setViewportSize(narrow);
    await workbench.tab('prefs.jsonl').click();
    await workbench.view('.pair-row');
    await workbench.shoot('narrow-pairs');
  });

  it('the curves in their own side bar', async () => {
    await workbench.page.setViewportSize({ width: 1440, height: 900 });
    await workbench.command('View: Close All Editors');
    await workbench.command('View: Move View');
    await workbench.page.getByPlaceholder('Select a View to Move').fill('Margin');
    await workbench.press('Enter');
    await workbench.page.getByPlaceholder('Select a Destination for the View').waitFor();
    await workbench.pick('New Side Bar Entry');
    const run = await workbench.view('.tabs');
    await run.getByRole('tab', { name: 'Curves' }).click();
    await run.locator('.chart canvas').first().waitFor();
    await workbench.shoot('curves-in-side-bar');
    expect(await run.evaluate(() => document.documentElement.clientWidth)).toBeLessThan(400);
  });
});

/**
 * The toolkit copies the theme onto the body after the page has loaded. Without that copy, controls look as they do at
 * the first paint.
 */
async function hasThemeAtFirstPaint(view: Frame): Promise<void> {
  const colours = await view.evaluate(() => {
    const copied = document.body.getAttribute('style') ?? '';
    const of = (): string[] =>
      [...document.querySelectorAll('vscode-button, vscode-dropdown, vscode-text-field')].flatMap((control) => {
        const parts = [control, ...(control.shadowRoot?.querySelectorAll('.control, .root') ?? [])].map((part) =>
          getComputedStyle(part),
        );
        return parts.flatMap(({ color, backgroundColor, borderTopColor }) => [color, backgroundColor, borderTopColor]);
      });
    const loaded = of();
    document.body.removeAttribute('style');
    const first = of();
    document.body.setAttribute('style', copied);
    return { loaded, first };
  });
  expect(colours.first.length).toBeGreaterThan(5);
  expect(colours.first).toEqual(colours.loaded);
}
