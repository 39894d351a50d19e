import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from './accessible';
import { Workbench } from './driver';
import { chooseFromMenu } from './page';
import { themes } from './themes';

const rows = Array.from({ length: 40 }, (_, i) => ({
  prompt: `Question ${i + 1}: how does a tide table for a harbour come about?`,
  chosen: 'From years of measured water levels. '.repeat((i % 7) + 1),
  rejected: `Ask a sailor. ${'Or two. '.repeat(i % 3)}`,
  model: i % 2 === 0 ? 'mistral-7b' : 'llama-3-8b',
  source: 'harbour',
  meta: { topic: ['tides', 'ports', 'maps'][i % 3], level: (i * 7) % 10 },
}));

describe('the columns of the list', () => {
  let workbench: Workbench;
  let pairs: Frame;
  const heads = (): Promise<string[]> => pairs.locator('.head-cell').allInnerTexts();
  const head = (text: string): Locator => pairs.locator('.head-cell', { hasText: text });
  const cells = (): Promise<string[]> => pairs.locator('.pair-row').first().locator('> span').allInnerTexts();

  beforeAll(async () => {
    workbench = await Workbench.open();
    writeFileSync(join(workbench.folder, 'tides.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await workbench.activity('Margin').click();
    pairs = await workbench.openPairs('tides.jsonl');
  });
  afterAll(() => workbench?.close());

  it('are chosen from a list, with the keys of the rows', async () => {
    await expect.poll(heads).toEqual(['# ▲', 'Prompt']);
    await workbench.command('Margin: Choose Columns…');
    for (const name of ['Len chosen', 'Model', '.meta.topic', '.meta.level']) {
      await workbench.quickInput.fill(name);
      await workbench.pick(name);
    }
    await workbench.shoot('columns-1-choose');
    await workbench.press('Enter');
    await expect.poll(heads).toEqual(['# ▲', 'Prompt', 'Model', 'Len chosen', '.meta.topic', '.meta.level']);
    await expect.poll(cells).toEqual(expect.arrayContaining(['37', 'mistral-7b', 'tides', '0']));
  });

  it('are sorted by a click on the head, and changed by keys', async () => {
    await head('Len chosen').locator('button').click();
    await pairs.locator('.head-cell[aria-sort="ascending"]', { hasText: 'Len chosen ▲' }).waitFor();
    await workbench.press('Enter');
    await pairs.locator('.head-cell[aria-sort="descending"]', { hasText: 'Len chosen ▼' }).waitFor();
    await expect.poll(cells).toContain('259');
    const width = async (): Promise<number> => (await head('Len chosen').boundingBox())?.width ?? 0;
    const before = await width();
    await workbench.press('Alt+ArrowRight', 'Alt+ArrowRight');
    await expect.poll(width).toBe(before + 32);
    await workbench.press('ArrowLeft');
    await expect
      .poll(() =>
        head('Model')
          .locator('button')
          .evaluate((button) => button.matches(':focus')),
      )
      .toBe(true);
    for (const theme of themes) {
      await workbench.theme(theme);
      await workbench.shoot(`columns-2-${theme.toLowerCase().replaceAll(/\W+/g, '-')}`);
    }
  });

  it('are hidden from the menu of a head, and kept for the next file', async () => {
    await chooseFromMenu(head('Model').locator('button'), 'Hide Column', 5000);
    await expect.poll(async () => (await heads()).includes('Model')).toBe(false);
    pairs = await workbench.openPairs('prefs.jsonl');
    await expect.poll(heads).toContain('Len chosen');
  });

  it('go from the right where the window is narrow', async () => {
    await workbench.command('View: Close Primary Side Bar');
    await workbench.page.setViewportSize({ width: 648, height: 800 });
    await workbench.command('Margin: Choose Columns…');
    await workbench.quickInput.fill('Chosen');
    await workbench.pick('Chosen');
    await workbench.press('Enter');
    await pairs.locator('.columns-button', { hasText: '+1' }).waitFor();
    expect(await heads()).toEqual(expect.arrayContaining(['# ▲', 'Prompt', 'Len chosen']));
    expect(await accessibilityProblems(pairs)).toEqual([]);
    await workbench.shoot('columns-3-narrow');
  });
});
