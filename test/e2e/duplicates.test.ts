import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { Workbench } from './driver';

describe('Show Duplicates…', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await Workbench.open({ restricted: true });
  });
  afterAll(() => workbench?.close());

  it('lists the groups, shows two rows side by side, keeps one, and deletes the other as one undo step', async () => {
    const { page, folder } = workbench;
    const rows = readFileSync(join(folder, 'prefs.jsonl'), 'utf8').trimEnd().split('\n').length;
    const counts = async (count: number): Promise<void> => {
      const view = await workbench.view('.counts');
      await view.locator('.counts', { hasText: new RegExp(`^${count} rows`) }).waitFor();
    };
    await workbench.activity('Margin').click();
    await workbench.openPairs('prefs.jsonl');
    await counts(rows);
    await workbench.command('Margin: Show Duplicates…');
    await workbench.pick('Line 14, 222');
    await page.locator('.view-lines', { hasText: '── chosen ──' }).first().waitFor();
    await workbench.shoot('duplicates-1-side-by-side');
    await workbench.pick('Keep line 14');
    await page.locator('.quick-input-list .monaco-list-row[aria-label^="Delete"]').waitFor();
    await workbench.shoot('duplicates-2-groups');
    await workbench.pick('Delete');
    await workbench.notification('No duplicates are left to look at');
    await workbench.clearNotifications();
    await counts(rows - 10);
    const view = await workbench.view('.pair-row');
    await view.locator('.pair-row').first().click();
    await page.keyboard.press('Control+Z');
    await counts(rows - 1);
    await page.keyboard.press('Control+Z');
    await counts(rows);
  });
});
