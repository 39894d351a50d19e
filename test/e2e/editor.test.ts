import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './driver';

describe('pairs are curated by mouse and keyboard', () => {
  let workbench: Workbench;
  let before: string[];
  let view: Frame;
  const lines = (): string[] => readFileSync(join(workbench.folder, 'prefs.jsonl'), 'utf8').split('\n');
  const chosen = () => view.locator('.column.chosen .text').last();
  // In a narrow view it is not shown.
  const foot = (place: string) => view.locator('.where', { hasText: new RegExp(`^${place}\\b`) }).waitFor({ state: 'attached', timeout: 10_000 });
  const press = (...keys: string[]): Promise<void> => workbench.press(...keys);

  async function save(): Promise<void> {
    const old = lines();
    await press('Control+S');
    await expect.poll(lines).not.toEqual(old);
  }

  beforeAll(async () => {
    workbench = await Workbench.open();
    before = lines();
  });
  afterAll(() => workbench?.close());

  it('the side bar lists the preference files, and says what there is to do where there are no runs', async () => {
    await workbench.activity('Margin').click();
    await workbench.page.getByRole('treeitem', { name: /prefs\.jsonl.*602/ }).waitFor();
    await workbench.page.getByText('No runs yet.').waitFor();
    await workbench.shoot('side-bar');
    view = await workbench.openPairs('prefs.jsonl');
    await chosen().waitFor();
    await workbench.shoot('pairs');
  });

  it('an answer is edited in place; undo and redo are the workbench’s own', async () => {
    await view.locator('.pair-row').nth(1).click();
    await foot('Line 2');
    await press('e');
    await view.locator('textarea:visible').waitFor();
    await workbench.page.keyboard.type(' Ask again!');
    await press('Control+Enter');
    await chosen().filter({ hasText: 'Ask again!' }).waitFor();
    await workbench.shoot('edited');
    await press('Control+Z');
    await chosen().filter({ hasNotText: 'Ask again!' }).waitFor();
    await press('Control+Shift+Z');
    await chosen().filter({ hasText: 'Ask again!' }).waitFor();
    expect(lines()).toEqual(before);
  });

  it('saving writes the edited line, and no byte of another', async () => {
    await save();
    const now = lines();
    expect(now).toHaveLength(before.length);
    expect(now.flatMap((line, i) => (line === before[i] ? [] : [i]))).toEqual([1]);
    expect(now[1]).toContain('Ask again!');
    await press('Control+Z');
    await chosen().filter({ hasNotText: 'Ask again!' }).waitFor();
    await save();
    expect(lines()).toEqual(before);
  });

  it('rows are walked, swapped, duplicated, inserted and deleted by key', async () => {
    await press('j');
    await foot('Line 3');
    await press('k');
    await foot('Line 2');
    await press('s', 'd');
    await foot('Line 3');
    await press('i');
    await foot('Line 4');
    await press('g');
    await workbench.answer('10');
    await foot('Line 10');
    await press('Delete');
    await save();
    const now = lines();
    const pair = (line = ''): { chosen: unknown; rejected: unknown } => JSON.parse(line) as { chosen: unknown; rejected: unknown };
    expect(now).toHaveLength(before.length + 1);
    expect(pair(now[1])).toMatchObject({ chosen: pair(before[1]).rejected, rejected: pair(before[1]).chosen });
    expect(now[2]).toBe(now[1]);
    expect(now.slice(4, 9)).toEqual(before.slice(2, 7));
    expect(now.slice(9)).toEqual(before.slice(8));
  });

  it('a problem stands in the Problems panel at its line, and a click opens the row', async () => {
    await press('g');
    await workbench.answer('1');
    await foot('Line 1');
    await view.waitForFunction(() => document.hasFocus());
    await press('e');
    await view.locator('textarea:visible').waitFor();
    await press('Control+A', 'Delete', 'Control+Enter');
    await view.locator('.column.chosen .problem').waitFor();
    await workbench.command('Problems: Focus on Problems View');
    const problem = workbench.page.locator('.markers-panel .monaco-list-row', { hasText: '[Ln 1,' }).first();
    await problem.waitFor();
    await workbench.shoot('problems');
    await view.locator('.pair-row').nth(4).click();
    await foot('Line 5');
    await problem.click();
    await foot('Line 1');
    await workbench.shoot('problem-opened');
  });
});
