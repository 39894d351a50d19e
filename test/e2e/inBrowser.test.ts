import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './driver';
import { rowList } from './page';

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
});
