import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './driver';
import { rowList } from './page';
import { themeClasses, themes } from './themes';

describe('where no Node is', () => {
  let workbench: Workbench;
  let view: Frame;
  const file = (): string => join(workbench.folder, 'heldout.jsonl');
  const lines = (): string[] => readFileSync(file(), 'utf8').split('\n');

  beforeAll(async () => {
    workbench = await Workbench.open({ inBrowser: true });
  });
  afterAll(() => workbench?.close());

  it('opens a file of pairs and edits one; a save writes that row and leaves the bytes of all others', async () => {
    const before = lines();
    await workbench.openFile('heldout.jsonl');
    await workbench.command('Margin: Open as Pairs');
    view = await workbench.view('.pair-row');
    await rowList(view).waitFor();
    await workbench.shoot('in-browser');
    await view.locator('.chosen .text').first().click();
    await view.locator('textarea:visible').waitFor();
    await workbench.press('End');
    await workbench.page.keyboard.type(' Edited in the browser.');
    await workbench.press('Control+Enter');
    await workbench.press('Control+S');
    await expect.poll(() => readFileSync(file(), 'utf8')).toContain('Edited in the browser.');
    const after = lines();
    expect(after.length).toBe(before.length);
    expect(after.flatMap((line, row) => (line === before[row] ? [] : [row]))).toEqual([0]);
    await workbench.shoot('in-browser-saved');
  });

  it('finds words, and says what it cannot search; the parts that need Node are hidden', async () => {
    const filter = view.getByRole('combobox', { name: 'Filter' });
    await filter.fill('animals');
    await view.locator('.counts', { hasText: 'of 100 rows' }).waitFor();
    await filter.fill('margin:<0');
    await view.locator('.where.bad', { hasText: 'Rewards (margin) need VS Code on the desktop' }).waitFor();
    await filter.fill('');
    await view.locator('.counts', { hasText: '100 rows' }).waitFor();
    expect(await view.locator('.needs-node:visible').count()).toBe(0);
    expect(await workbench.activity('Margin').count()).toBe(0);
  });

  it('looks right in four themes, and in a narrow window', async () => {
    for (const theme of themes) {
      await workbench.theme(theme);
      await workbench.shoot(`in-browser-${themeClasses[theme]}`);
    }
    await workbench.page.setViewportSize({ width: 600, height: 800 });
    await workbench.shoot('in-browser-600');
  });

  it('shows the rows of a table, and says which files the desktop opens', async () => {
    await workbench.page.setViewportSize({ width: 1200, height: 800 });
    writeFileSync(join(workbench.folder, 'table.csv'), 'prompt,chosen,rejected\n"Why,\nso?",Because.,No.\n');
    await workbench.openFile('table.csv');
    await workbench.command('Margin: Open as Pairs');
    const table = await workbench.view('.pair-row', 90_000, 'Pairs of table.csv');
    await table.locator('.chosen .text', { hasText: 'Because.' }).waitFor();
    writeFileSync(join(workbench.folder, 'packed.parquet'), 'PAR1....');
    await workbench.openFile('packed.parquet');
    await workbench.command('Margin: Open as Pairs');
    const other = await workbench.view('.other-kind', 90_000, 'Pairs of packed.parquet');
    await other.locator('p', { hasText: 'open this folder in VS Code on the desktop' }).waitFor();
    await workbench.shoot('in-browser-parquet');
  });
});
