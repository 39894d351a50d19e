import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from './accessible';
import { Workbench } from './driver';
import { rowList } from './page';
import { themes } from './themes';

describe('Show Statistics', () => {
  let workbench: Workbench;
  let pairs: Frame;
  let view: Frame;
  const card = (title: string): Locator => view.getByRole('region', { name: title, exact: true });
  const shown = (): Promise<string> => pairs.locator('.counts').innerText();

  beforeAll(async () => {
    workbench = await Workbench.open();
    await workbench.activity('Margin').click();
    pairs = await workbench.openPairs('prefs.jsonl');
    await pairs.locator('.counts .warn').waitFor();
    await workbench.command('Margin: Show Statistics');
    view = await workbench.view('.card');
  });
  afterAll(() => workbench?.close());

  it('counts all rows, and says how far length alone predicts the label', async () => {
    await view.getByText(/^60\d rows: \d+ with a better and a worse answer/).waitFor();
    await view.getByText(/^Length alone predicts the label in \d+ % \(\d+–\d+ %\) of held-out pairs/).waitFor();
    await workbench.shoot('statistics-1');
  });

  it('a bar opens its rows in the pair editor, by click and by keyboard', async () => {
    const bar = card('First word of answers').getByRole('button', { name: /^sure, rejected: / });
    const count = /: (\d+) \(/.exec((await bar.getAttribute('aria-label')) ?? '')?.[1];
    await bar.click();
    await expect.poll(shown).toMatch(new RegExp(`^${count} of 60\\d rows`));
    await workbench.shoot('statistics-2-bar');
    expect(await pairs.getByRole('combobox', { name: 'Filter' }).inputValue()).toBe('starts(rejected):"sure"');
    const first = card('Length of the answers').locator('.cell').first();
    await first.focus();
    await workbench.press('ArrowRight', 'ArrowDown', 'Enter');
    await expect
      .poll(() => pairs.getByRole('combobox', { name: 'Filter' }).inputValue())
      .toMatch(/^len\(rejected\)>=\d+ len\(rejected\)<=\d+$/);
  });

  it('counts the rows of the filter, and leads to them', async () => {
    await pairs.getByRole('combobox', { name: 'Filter' }).fill('len(chosen)>len(rejected)');
    await expect.poll(shown).toMatch(/^354 of/);
    await view.getByRole('button', { name: 'Filtered rows' }).click();
    await view.getByText('of the filter len(chosen)>len(rejected)').waitFor();
    await view.getByText(/The longer answer is the chosen one in 100 %/).waitFor();
    await view.getByRole('button', { name: 'All rows' }).click();
    await view.getByText('of the filter').waitFor({ state: 'detached' });
  });

  it('shows each chart as a table with the same numbers', async () => {
    const turns = card('Turns');
    const bar = await turns.getByRole('button', { name: /^2, rows: / }).getAttribute('aria-label');
    await turns.getByRole('button', { name: 'Turns as a table' }).click();
    const cell = turns.getByRole('row', { name: /^2 / }).getByRole('button');
    expect(await cell.getAttribute('aria-label')).toBe(bar);
    await turns.getByRole('button', { name: 'Turns as a table' }).click();
    await view.getByRole('button', { name: 'Tables', exact: true }).click();
    expect(await view.locator('.cards table').count()).toBeGreaterThan(5);
    await workbench.shoot('statistics-2-tables');
    await view.getByRole('button', { name: 'Tables', exact: true }).click();
  });

  it('saves charts as SVG and PNG, and all numbers as CSV', async () => {
    const save = async (button: Locator, name: string): Promise<Buffer> => {
      const path = join(workbench.folder, name);
      await button.click();
      await workbench.saveAs(path, /\.(?:csv|svg|png)$/);
      // The file is there before its bytes are.
      await expect.poll(() => existsSync(path) && statSync(path).size > 0).toBe(true);
      return readFileSync(path);
    };
    const turns = card('Turns');
    const svg = await save(turns.getByRole('button', { name: 'Save Turns as SVG' }), 'turns.svg');
    expect(svg.toString()).toMatch(/^<svg [^]*<title>Turns<\/title>[^]*<\/svg>\n$/);
    const png = await save(turns.getByRole('button', { name: 'Save Turns as PNG' }), 'turns.png');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    const csv = await save(view.getByRole('button', { name: 'Save as CSV…' }), 'all.csv');
    expect(csv.toString()).toMatch(
      /^chart,series,value,from,to,count,filter\r\n[^]*\nTurns,rows,2,2,2,\d+,turns=2\r\n/,
    );
  });

  it('counts tokens with the model of the config that names the file', async () => {
    await view.getByRole('button', { name: /^Count tokens with / }).click();
    await card('Tokens of the answers').waitFor();
  });

  it('says when rows have changed', async () => {
    await rowList(pairs).press('s');
    await view.getByText('The rows or marks have changed since they were counted.').waitFor();
  });

  it('looks right in each theme and in a narrow window', async () => {
    await view.locator('.bias summary').first().click();
    for (const theme of themes) {
      await workbench.theme(theme);
      await workbench.shoot(`statistics-${theme.toLowerCase().replaceAll(' ', '-')}`);
      expect(await accessibilityProblems(view), theme).toEqual([]);
    }
    await workbench.press('Control+b');
    await workbench.page.setViewportSize({ width: 600, height: 900 });
    await workbench.shoot('statistics-600');
    const wide = await view.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide).toBe(0);
  });
});
