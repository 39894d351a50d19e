import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './driver';

const rows = [
  { prompt: 'Who knows?', chosen: 'Ask jane@posteo.de.', rejected: 'Nobody. ' },
  { prompt: 'And who else?', chosen: 'Ask joe@posteo.de.', rejected: 'No one.' },
];

describe('a rule that is ignored for one row', () => {
  let workbench: Workbench;
  let pairs: Frame;
  const problem = (text: string): Locator => pairs.locator('.problem', { hasText: text });
  const ignored = (text: string): Locator => pairs.locator('.problem.ignored', { hasText: text });
  /** The number of rows with problems. */
  const flawed = (count: string): Locator => pairs.locator('.counts .warn', { hasText: count });
  const button = (name: RegExp): Locator => pairs.getByRole('button', { name });

  beforeAll(async () => {
    workbench = await Workbench.open({ settings: { 'margin.reviewer': 'ann' } });
    writeFileSync(join(workbench.folder, 'two.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await workbench.activity('Margin').click();
    pairs = await workbench.openPairs('two.jsonl');
    await pairs.locator('.pair-row').first().click();
    await problem('e-mail address').waitFor();
  });
  afterAll(() => workbench?.close());

  it('is shown dimmed, with who ignored it, keeps the focus, and is reported again with the same key', async () => {
    await flawed('2').waitFor();
    await button(/^Ignore for this row: .*e-mail/).focus();
    await workbench.press('Enter');
    await ignored('Ignored in this row by ann').waitFor();
    expect(readFileSync(join(workbench.folder, 'two.marks.jsonl'), 'utf8')).toContain('"rule":"personal-data"');
    expect(await workbench.margin('check', 'two.jsonl', '--json')).toContain('"ignored":{"personal-data":1}');
    await workbench.shoot('ignored-1-row');
    await expect.poll(() => pairs.evaluate(() => document.activeElement?.textContent)).toBe('Report again');
    await workbench.press('Enter');
    await ignored('e-mail').waitFor({ state: 'detached' });
    await expect.poll(() => pairs.evaluate(() => document.activeElement?.textContent)).toBe('Ignore for this row');
    await workbench.press('Enter');
    await ignored('e-mail').waitFor();
  });

  it('is not found by problem:, and by ignored:', async () => {
    const filter = pairs.getByRole('combobox', { name: 'Filter' });
    await filter.fill('problem:personal-data');
    await expect.poll(() => pairs.locator('.counts').innerText()).toMatch(/^1 of 2/);
    await filter.fill('ignored:any');
    await expect
      .poll(() => pairs.locator('.pair-row').allInnerTexts())
      .toEqual([expect.stringContaining('Who knows?')]);
    await workbench.shoot('ignored-2-filter');
    await filter.fill('');
    await expect.poll(() => pairs.locator('.pair-row').count()).toBe(2);
  });

  it('stays ignored after an edit, and after the file is opened again', async () => {
    await pairs.locator('.pair-row').first().click();
    await button(/^Trim it/).click();
    await problem('white space').waitFor({ state: 'detached' });
    await ignored('e-mail').waitFor();
    await workbench.press('Control+S');
    await workbench.command('View: Close Editor');
    pairs = await workbench.openPairs('two.jsonl');
    await pairs.locator('.pair-row').first().click();
    await ignored('e-mail').waitFor();
    await flawed('1').waitFor();
  });

  it('is chosen from a list by the command, whose message takes it back', async () => {
    await pairs.locator('.pair-row').nth(1).click();
    await problem('e-mail').waitFor();
    await workbench.command('Margin: Ignore Problem for This Row…');
    await workbench.pick('personal-data');
    await ignored('e-mail').waitFor();
    const message = await workbench.notification('personal-data is ignored in row 2.');
    await message.getByRole('button', { name: 'Undo' }).click();
    await ignored('e-mail').waitFor({ state: 'detached' });
    await problem('e-mail').waitFor();
  });
});
