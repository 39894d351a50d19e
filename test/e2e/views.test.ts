import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './driver';

describe('views of the pairs', () => {
  let workbench: Workbench;
  let pairs: Frame;
  const filter = (): Locator => pairs.getByRole('combobox', { name: 'Filter' });
  const head = (text: string): Promise<void> => pairs.locator('.list-head', { hasText: text }).waitFor();

  beforeAll(async () => {
    workbench = await Workbench.open({ settings: { 'margin.reviewer': 'ann', 'margin.editLog': true } });
    await workbench.activity('Margin').click();
    pairs = await workbench.openPairs('prefs.jsonl');
    await pairs.locator('.counts .warn').waitFor();
  });
  afterAll(() => workbench?.close());

  /** Types a number into the list of *Sort Pairs By…*, which is too long to be seen whole, and chooses it. */
  async function sortBy(sum: string): Promise<void> {
    await workbench.command('Margin: Sort Pairs By…');
    await workbench.page.locator('.quick-input-title', { hasText: 'Sort Pairs by' }).waitFor();
    await workbench.quickInput.fill(sum);
    await workbench.pick(`${sum},`);
  }

  it('are sorted by a number of the menu', async () => {
    await filter().fill('gap>0');
    await expect.poll(() => pairs.locator('.counts').innerText()).toMatch(/^354 of/);
    await sortBy('gap');
    await workbench.pick('Highest first');
    await head('by gap ▼');
    const first = (): Promise<string> => pairs.locator('.pair-row').first().innerText();
    await expect.poll(first).not.toBe('');
    const longest = await first();
    await sortBy('len(chosen)');
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

  it('have a history, whose list stays open while the pair is drawn again', async () => {
    const row = { prompt: 'What is two and two?', chosen: 'It is four.', rejected: '' };
    writeFileSync(join(workbench.folder, 'one.jsonl'), `${JSON.stringify(row)}\n`);
    pairs = await workbench.openPairs('one.jsonl');
    await pairs.locator('.pair-row').first().click();
    await workbench.press('e');
    await pairs.locator('textarea:visible').waitFor();
    await workbench.page.keyboard.type(' Indeed.');
    await workbench.press('Escape', 'Control+S');
    await expect.poll(() => existsSync(join(workbench.folder, 'one.marks.jsonl'))).toBe(true);
    await workbench.command('Margin: Pair History');
    await workbench.pick('Edit text, ann');
    await workbench.page
      .locator('.monaco-diff-editor .view-line', { hasText: 'It is four. Indeed.' })
      .first()
      .waitFor();
    await workbench.shoot('pair-history');
  });

  it('have problems, each with the page that explains its rule', async () => {
    await workbench.tab('one.jsonl').click();
    pairs = await workbench.view('.pair-row', 30_000, 'Pairs of one.jsonl');
    await pairs
      .getByRole('button', { name: /^Why\?/ })
      .first()
      .click();
    await workbench.tab('Preview rules.md').waitFor();
    await workbench.shoot('rule-explained');
  });
});
