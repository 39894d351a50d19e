import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must } from '../../src/base/pure/must';
import { accessibilityProblems } from './accessible';
import { Workbench } from './driver';
import { takeFromMenu } from './page';
import { themes } from './themes';

const rows = Array.from({ length: 40 }, (_, i) => ({
  prompt: `Question ${i + 1}: what is the colour of number ${i}?`,
  chosen: `The colour is blue, ${i} times.`,
  rejected: 'Nobody knows.',
}));
const text = [...rows.map((row) => JSON.stringify(row)), '{"colour": 1}'].map((line) => `${line}\n`).join('');

describe('many rows are changed at once, by keyboard', () => {
  let workbench: Workbench;
  let view: Frame;
  const press = (...keys: string[]): Promise<void> => workbench.press(...keys);
  const file = (): string => join(workbench.folder, 'colours.jsonl');
  const found = (words: string): Promise<void> =>
    view.locator('.found', { hasText: words }).waitFor({ timeout: 20_000 });
  const says = (words: string): Promise<void> => view.locator('.bulk-said', { hasText: words }).waitFor();

  beforeAll(async () => {
    workbench = await Workbench.open({ settings: { 'margin.reviewer': 'ann' } });
    writeFileSync(file(), text);
    await workbench.activity('Margin').click();
    view = await workbench.openPairs('colours.jsonl');
    await view.locator('.pair-row.selected').waitFor();
  });
  afterAll(() => workbench?.close());

  it('Ctrl+H finds texts in all rows, and says which rows with matches cannot be changed', async () => {
    await view.locator('.side .list:visible').focus();
    await press('Control+H');
    await view.getByLabel('Find', { exact: true }).waitFor();
    await workbench.page.keyboard.type('colour');
    await found('80 matches in 40 rows');
    await view
      .locator('.find-note', { hasText: '1 row stays as it is: it holds no pair, so edit it as text.' })
      .waitFor();
    await press('Enter');
    await view.locator('.turns .text', { hasText: 'Question 2:' }).waitFor();
    await press('Shift+Enter');
    await view.locator('.turns .text', { hasText: 'Question 1:' }).waitFor();
  });

  it('a preview shows each row before and after; Space leaves a row out', async () => {
    await view.getByLabel('Replace', { exact: true }).fill('color');
    await view.locator('.preview-row ins', { hasText: 'color' }).first().waitFor();
    await press('Enter');
    await press('ArrowDown', 'Space');
    await view.getByRole('button', { name: 'Replace in 39 rows' }).waitFor();
    await workbench.shoot('bulk-replace');
  });

  it('a replacement is one undo step', async () => {
    await press('Control+Enter');
    await says('Replaced 78 matches in 39 rows');
    await view.locator('.turns .text', { hasText: 'the color of' }).waitFor();
    await found('2 matches in 1 row');
    await view.locator('.side .list:visible').focus();
    await press('Control+Z');
    await found('80 matches in 40 rows');
    await press('Control+Y');
    await found('2 matches in 1 row');
  });

  it('a regular expression has groups; one that never ends is an error', async () => {
    await view.getByLabel('Use a regular expression; $1 is its first group').click();
    await view.getByLabel('Find', { exact: true }).fill('(\\w+) knows');
    await found('40 matches in 40 rows');
    await view.getByLabel('Replace', { exact: true }).fill('$1 says');
    await view.locator('.preview-row ins', { hasText: 'Nobody says' }).first().waitFor();
    await view.getByLabel('Find', { exact: true }).fill('(');
    await view.locator('.find-note', { hasText: 'This is not a regular expression' }).waitFor();
    await view.getByLabel('Find', { exact: true }).fill('^(.+)+!$');
    await view.locator('.find-note', { hasText: 'takes too long' }).waitFor({ timeout: 30_000 });
    await press('Escape');
    await view.locator('.find-panel').waitFor({ state: 'hidden' });
  });

  it('three rows are selected and swapped, and one undo swaps them back', async () => {
    await view.locator('.pair-row').nth(1).click();
    await press('Shift+ArrowDown', 'Shift+ArrowDown');
    await view.locator('.bulk-count', { hasText: '3 rows selected' }).waitFor();
    await expect.poll(() => view.locator('.side .list-row:visible[aria-selected="true"]').count()).toBe(3);
    await workbench.shoot('bulk-selected');
    await press('s');
    await says('Swapped the sides of 3 rows; one undo takes it back.');
    await view.locator('.chosen .text', { hasText: 'Nobody knows.' }).waitFor();
    await press('Control+Z');
    await view.locator('.rejected .text', { hasText: 'Nobody knows.' }).waitFor();
  });

  it('rows are deleted after a question that counts them', async () => {
    await press('Control+A');
    await view.locator('.bulk-count', { hasText: '41 rows selected' }).waitFor();
    await press('Delete');
    const dialog = workbench.page.getByRole('dialog').filter({ hasText: 'Delete 41 rows of colours.jsonl?' });
    await dialog.waitFor();
    await workbench.shoot('bulk-delete');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await view.locator('.counts', { hasText: /^41 rows/ }).waitFor();
  });

  it('a weight is asked for, and the rows that hold no pair are counted', async () => {
    await view.getByRole('button', { name: 'Weight…' }).click();
    await workbench.answer('0.5');
    await says('Set the weight 0.5 of 40 rows; one undo takes it back. 1 row stays as it is: it holds no pair');
    await view.locator('.side .list:visible').focus();
    await press('Control+Z');
  });

  it('rows are tagged and flagged in the marks file; Undo in the message takes exactly this back', async () => {
    const marks = (): readonly unknown[] => {
      const newest = new Map<string, { tags?: unknown; flag?: unknown }>();
      const text = readFileSync(file().replace('.jsonl', '.marks.jsonl'), 'utf8').trimEnd();
      for (const line of text.split('\n')) {
        const mark = JSON.parse(line) as { key: string; tags?: unknown; flag?: unknown };
        newest.set(mark.key, mark);
      }
      return [...newest.values()].map(({ tags, flag }) => [tags ?? [], flag ?? false]);
    };
    await view.locator('.pair-row').nth(1).click();
    await press('Shift+ArrowDown');
    await view.getByRole('button', { name: 'Tag…' }).click();
    await workbench.answer('todo, colour');
    await says('Tagged 2 rows.');
    await view.getByRole('button', { name: 'Flag' }).click();
    await says('Flagged 2 rows.');
    await expect.poll(marks).toEqual(Array.from({ length: 2 }, () => [['todo', 'colour'], true]));
    const tagged = await workbench.notification('Tagged 2 rows.');
    await workbench.shoot('bulk-tagged');
    await tagged.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(marks).toEqual(Array.from({ length: 2 }, () => [[], true]));
    await workbench.clearNotifications();
    await view.locator('.side .list:visible').focus();
  });

  it('before changes of many rows are saved, a copy of the file is kept, and its name is said', async () => {
    await press('Control+S');
    await workbench.notification('The file as it was before is kept as colours.before-bulk.jsonl.');
    expect(readFileSync(file().replace('.jsonl', '.before-bulk.jsonl'), 'utf8')).toBe(text);
    expect(readFileSync(file(), 'utf8').split('color is blue').length).toBe(40);
    await workbench.clearNotifications();
  });

  it.each(themes)('looks as it should in %s', async (theme) => {
    await workbench.theme(theme);
    await view.locator('.pair-row').nth(3).click();
    await view
      .locator('.pair-row')
      .nth(5)
      .click({ modifiers: ['Control'] });
    await press('Control+H');
    await view.getByLabel('Find', { exact: true }).fill('The co(l\\w+)');
    await found('4 matches in 2 rows');
    await view.locator('.preview-row ins').first().waitFor();
    expect(await accessibilityProblems(view)).toEqual([]);
    await workbench.shoot(`bulk-${theme.toLowerCase().replaceAll(' ', '-')}`);
    await press('Escape');
  });

  it('fits into a narrow window', async () => {
    const size = must(workbench.page.viewportSize(), 'the size of the page');
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    await workbench.page.setViewportSize({ width: 648, height: 800 });
    await view.locator('.pair-row').first().click();
    await press('Control+H');
    await view.getByLabel('Find in the selected rows').click();
    await found('in 40 rows');
    await workbench.shoot('bulk-narrow');
    expect(await view.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await workbench.page.setViewportSize(size);
    await workbench.command('View: Toggle Primary Side Bar Visibility');
  });

  it('a conversation is split at a turn into a new pair, whose empty answer is written next', async () => {
    const turn = (role: string, content: string): object => ({ role, content });
    const prompt = [turn('user', 'Hi'), turn('assistant', 'Hello.'), turn('user', 'Bye')];
    const pair = { prompt, chosen: [turn('assistant', 'Ciao.')], rejected: [turn('assistant', 'No.')] };
    writeFileSync(join(workbench.folder, 'chat.jsonl'), `${JSON.stringify(pair)}\n`);
    view = await workbench.openPairs('chat.jsonl');
    await view.locator('.turns button.role').first().click();
    await takeFromMenu(workbench.page, 'Split into New Pair Here');
    await view.locator('.rejected textarea:visible').waitFor();
    await workbench.page.keyboard.type('Go away.');
    await workbench.shoot('bulk-split');
    await press('Control+S');
    const added = { prompt: [prompt[0]], chosen: [prompt[1]], rejected: [turn('assistant', 'Go away.')] };
    await expect
      .poll(() => readFileSync(join(workbench.folder, 'chat.jsonl'), 'utf8'))
      .toBe(`${JSON.stringify(pair)}\n${JSON.stringify(added)}\n`);
  });
});
