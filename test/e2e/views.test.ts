import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './driver';

describe('views of the pairs', () => {
  let workbench: Workbench;
  let pairs: Frame;
  const filter = (): Locator => pairs.getByRole('combobox', { name: 'Filter' });
  const head = (text: string): Promise<void> => pairs.locator('.list-head', { hasText: text }).waitFor();

  beforeAll(async () => {
    workbench = await Workbench.open();
    await workbench.activity('Margin').click();
    pairs = await workbench.openPairs('prefs.jsonl');
    await pairs.locator('.counts .warn').waitFor();
  });
  afterAll(() => workbench?.close());

  it('are sorted by a number of the menu', async () => {
    await filter().fill('gap>0');
    await expect.poll(() => pairs.locator('.counts').innerText()).toMatch(/^354 of/);
    await workbench.command('Margin: Sort Pairs By…');
    await workbench.pick('gap');
    await workbench.pick('Highest first');
    await head('by gap ▼');
    const first = (): Promise<string> => pairs.locator('.pair-row').first().innerText();
    await expect.poll(first).not.toBe('');
    const longest = await first();
    await workbench.command('Margin: Sort Pairs By…');
    await workbench.pick('len(chosen)');
    await workbench.pick('Lowest first');
    await head('by len(chosen) ▲');
    const isOther = async (): Promise<boolean> => !['', longest].includes(await first());
    await expect.poll(isOther).toBe(true);
    await workbench.shoot('views-1-sorted');
  });

  it('are saved under a name, and opened again', async () => {
    await workbench.command('Margin: Save View…');
    await workbench.answer('short answers');
    await filter().fill('');
    await expect.poll(() => pairs.locator('.counts').innerText()).toMatch(/^602 rows/);
    await pairs.getByRole('button', { name: 'Sort by row' }).click();
    await workbench.command('Margin: Open View…');
    await workbench.quickInput.waitFor();
    await workbench.shoot('views-2-open');
    await workbench.pick('short answers');
    await head('by len(chosen) ▲');
    await expect.poll(() => filter().inputValue()).toBe('gap>0');
    await expect.poll(() => pairs.locator('.counts').innerText()).toMatch(/^354 of/);
  });
});
