import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from './accessible';
import { Workbench } from './driver';
import { themes } from './themes';

describe('Show Duplicates…', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await Workbench.open({ restricted: true });
  });
  afterAll(() => workbench?.close());

  it('shows the groups and their rows, keeps one of two, puts it back, and keeps the first of every group', async () => {
    const { page, folder } = workbench;
    const rows = readFileSync(join(folder, 'prefs.jsonl'), 'utf8').trimEnd().split('\n').length;
    await workbench.activity('Margin').click();
    await workbench.openPairs('prefs.jsonl');
    await workbench.command('Margin: Show Duplicates…');
    const view = await workbench.view('.group-row', 60_000);
    await view.locator('.card').first().waitFor();
    const groups = async (): Promise<number> => Number.parseInt(await view.locator('.counts').innerText(), 10);
    const before = await groups();
    await view.locator('.group-row', { hasText: 'Line 14, 222' }).click();
    await view.locator('.card', { hasText: 'Line 222' }).waitFor();
    await page.keyboard.press('1');
    await view.getByText('1 row deleted. The file changes when you save it.').waitFor();
    expect(await groups()).toBe(before - 1);
    await view.getByRole('button', { name: 'Put back 1 row' }).click();
    await view.getByText('The rows are back.').waitFor();
    expect(await groups()).toBe(before);
    await page.keyboard.press('a');
    await view.getByText('The group is off the list. Its rows stay.').waitFor();
    await view.getByRole('button', { name: 'Keep the first of each group' }).click();
    await view.getByText('No duplicates are left.').waitFor();
    await workbench.tab('prefs.jsonl').click();
    const pairs = await workbench.view('.pair-row');
    const shown = (count: number): Promise<void> =>
      pairs.locator('.counts', { hasText: new RegExp(`^${count} rows`) }).waitFor();
    await shown(rows - before + 1);
    await pairs.locator('.pair-row').first().click();
    await page.keyboard.press('Control+Z');
    await shown(rows);
  });

  it('says that the rows have changed, and looks again', async () => {
    await workbench.command('File: Save');
    await workbench.tab('Duplicates of prefs.jsonl').click();
    const view = await workbench.view('.group');
    await view.getByText('The rows have changed since the search.').waitFor();
    await view.getByRole('button', { name: 'Look again' }).click();
    await view.locator('.card').first().waitFor();
    for (const theme of themes) {
      await workbench.theme(theme);
      await workbench.shoot(`duplicates-${theme.toLowerCase().replaceAll(' ', '-')}`);
      expect(await accessibilityProblems(view)).toEqual([]);
    }
    await workbench.page.setViewportSize({ width: 600, height: 900 });
    await workbench.shoot('duplicates-600');
    expect(await view.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });
});
