import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from './accessible';
import { Workbench } from './driver';
import { rowList } from './page';
import { themes } from './themes';

describe('rows are found with the filter', () => {
  let workbench: Workbench;
  let view: Frame;
  const filter = (): Locator => view.getByRole('combobox', { name: 'Filter' });
  const option = (name: RegExp): Locator => view.getByRole('option', { name });
  const counts = (): Promise<string> => view.locator('.counts').innerText();
  const type = (text: string): Promise<void> => workbench.page.keyboard.type(text);

  beforeAll(async () => {
    workbench = await Workbench.open();
    await workbench.activity('Margin').click();
    view = await workbench.openPairs('prefs.jsonl');
    await view.locator('.counts .warn').waitFor();
  });
  afterAll(() => workbench?.close());

  it('a field and a value are completed by keyboard', async () => {
    await rowList(view).press('/');
    await type('sev');
    await option(/^severity:/).waitFor();
    await workbench.press('ArrowDown', 'Enter');
    expect(await filter().inputValue()).toBe('severity:');
    await option(/^error/).waitFor();
    await option(/^warning\s*\d+$/).waitFor();
    await workbench.press('ArrowDown', 'ArrowDown');
    expect(await option(/^warning/).getAttribute('aria-selected')).toBe('true');
    await workbench.press('Enter');
    expect(await filter().inputValue()).toBe('severity:warning');
    await expect.poll(counts).toMatch(/^\d+ of 602 rows/);
  });

  it('a mistake is underlined and explained, and the rows stay', async () => {
    const before = await counts();
    await type(' lenght(chosen)>9');
    await view.locator('.wrong', { hasText: /^lenght$/ }).waitFor({ state: 'attached' });
    await view.getByText('There is no field lenght: did you mean length?').waitFor();
    expect(await filter().getAttribute('aria-invalid')).toBe('true');
    expect(await counts()).toBe(before);
    await filter().fill('len(chosen)>2*len(rejected) or prompt:/why/i');
    await view.locator('.wrong').waitFor({ state: 'detached' });
    // While it is searched, the counts say how far.
    const isFound = (now: string): boolean => now !== before && /^\d+ of 602 rows/.test(now);
    await expect.poll(async () => isFound(await counts())).toBe(true);
  });

  it('all fields are listed with help, in each theme and in a narrow window', async () => {
    await filter().fill('severity:warning modle:x');
    await view.locator('.wrong').waitFor({ state: 'attached' });
    for (const theme of themes) {
      await workbench.theme(theme);
      const name = theme.toLowerCase().replaceAll(' ', '-');
      await workbench.shoot(`filter-error-${name}`);
      await view.getByRole('button', { name: 'Show the fields' }).click();
      await workbench.page.keyboard.press('End');
      await type(' ');
      await workbench.page.keyboard.press('Control+Space');
      await option(/^margin:/).waitFor();
      await workbench.page.keyboard.press('ArrowDown');
      await workbench.shoot(`filter-fields-${name}`);
      expect(await accessibilityProblems(view)).toEqual([]);
      await workbench.page.setViewportSize({ width: 600, height: 900 });
      await workbench.shoot(`filter-fields-${name}-600`);
      const list = await view.locator('.completions').boundingBox();
      expect((list?.x ?? 0) + (list?.width ?? 0)).toBeLessThanOrEqual(600);
      await workbench.page.setViewportSize({ width: 1440, height: 900 });
      await workbench.page.keyboard.press('Escape');
      await workbench.page.keyboard.press('Backspace');
    }
  });
});
