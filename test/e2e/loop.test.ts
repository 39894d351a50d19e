import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './driver';

describe('the loop, by mouse and keyboard', () => {
  let workbench: Workbench;
  let before: string[];
  const lines = (): string[] => readFileSync(join(workbench.folder, 'prefs.jsonl'), 'utf8').split('\n');

  beforeAll(async () => {
    workbench = await Workbench.open();
    before = lines();
  });
  afterAll(() => workbench.close());

  it('opens a dataset of the side bar as pairs', async () => {
    await workbench.activity('Margin').click();
    await workbench.row('prefs.jsonl').click();
    const view = await workbench.view('.pair-row');
    await view.locator('.column.chosen .text').first().waitFor();
    await workbench.shoot('1-pairs');
  });

  it('edits an answer in place and leaves the file alone until it is saved', async () => {
    const view = await workbench.view('.pair-row');
    await view.locator('.pair-row').nth(1).click();
    await view.locator('.column.chosen .text').first().click();
    await view.locator('textarea:visible').waitFor();
    await workbench.page.keyboard.press('End');
    await workbench.page.keyboard.type(' Ask again!');
    await workbench.page.keyboard.press('Control+Enter');
    await view.locator('.column.chosen .text', { hasText: 'Ask again!' }).waitFor();
    await workbench.shoot('2-edited');
    expect(lines()).toEqual(before);
  });
});
