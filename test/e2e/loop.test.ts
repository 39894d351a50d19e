import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { themes, Workbench } from './driver';

describe('the loop, by mouse and keyboard', () => {
  let workbench: Workbench;
  let before: string;
  const file = (name: string): string => readFileSync(join(workbench.folder, name), 'utf8');

  beforeAll(async () => {
    workbench = await Workbench.open();
    before = file('prefs.jsonl');
  });
  afterAll(() => workbench?.close());

  it('lists the datasets with shape and rows', async () => {
    await workbench.activity('Margin').click();
    const row = workbench.page.getByRole('treeitem', { name: /prefs\.jsonl.*600/ });
    await row.waitFor();
    await workbench.shoot('1-datasets');
    await row.click();
    const view = await workbench.view('.pair-row .clip');
    await view.getByText('600').first().waitFor();
  });

  it('edits an answer in place, undoes, redoes and saves one line alone', async () => {
    const view = await workbench.view('.pair-row .clip');
    await view.locator('.list').focus();
    await workbench.page.keyboard.press('ArrowDown');
    await workbench.page.keyboard.press('Enter');
    await view.locator('textarea').waitFor();
    await workbench.page.keyboard.type(' Ask again!');
    await workbench.page.keyboard.press('Control+Enter');
    await view.locator('.chosen .text', { hasText: 'Ask again!' }).waitFor();
    await workbench.shoot('2-edited');
    await workbench.command('Undo');
    await view.locator('.chosen .text', { hasText: 'Ask again!' }).waitFor({ state: 'detached' });
    await workbench.command('Redo');
    await view.locator('.chosen .text', { hasText: 'Ask again!' }).waitFor();
    await workbench.command('File: Save');
    await expect.poll(() => file('prefs.jsonl') !== before).toBe(true);
    const [old, now] = [before.split('\n'), file('prefs.jsonl').split('\n')];
    expect(now.length).toBe(old.length);
    expect(now.flatMap((line, i) => (line === old[i] ? [] : [i]))).toEqual([1]);
    expect(now[1]).toContain('Ask again!');
  });

  it('shows problems in the Problems panel', async () => {
    await workbench.command('Problems: Focus on Problems View');
    await workbench.page.getByText(/identical|same/i).first().waitFor();
    await workbench.shoot('3-problems');
  });

  it('trains from the config and draws curves until the run is done', async () => {
    await workbench.page.keyboard.press('Control+P');
    await workbench.page.locator('.quick-input-widget input').first().fill('sample.train.json');
    await workbench.pick('sample.train.json');
    await workbench.page.locator('.tab', { hasText: 'sample.train.json' }).first().waitFor();
    await workbench.command('Margin: Train…');
    const view = await workbench.view('.tabs .tab');
    await view.locator('.chart canvas').first().waitFor({ timeout: 60_000 });
    await workbench.shoot('4-curves-live');
    await view.getByRole('status').filter({ hasText: 'done' }).waitFor({ timeout: 90_000 });
    await workbench.shoot('5-curves-done');
  });

  it('lists every pair by margin and leads back to its row', async () => {
    const view = await workbench.view('.tabs .tab');
    await view.getByRole('tab', { name: 'pairs' }).click();
    const lowest = view.locator('.pairs-row').first();
    await lowest.locator('.bad').waitFor();
    await workbench.shoot('6-pairs');
    const line = await lowest.locator('.num').first().textContent();
    await lowest.dblclick();
    const editor = await workbench.view('.margin-line');
    await editor.locator('.foot', { hasText: `Line ${line}` }).waitFor();
    await editor.getByText('the model prefers the rejected answer').waitFor();
    await workbench.shoot('7-back-in-the-editor');
  });

  it('sorts the editor by margin', async () => {
    const editor = await workbench.view('.margin-line');
    await editor.getByRole('button', { name: /^margin/ }).click();
    await editor.locator('.pair-row').first().locator('.num', { hasText: '−' }).waitFor();
    await editor.getByRole('textbox').first().fill('margin:<0');
    await editor.getByText('of 600 pairs').waitFor();
    await workbench.shoot('8-sorted');
  });

  it.each(themes)('is readable in %s', async (theme) => {
    await workbench.theme(theme);
    await workbench.shoot(`theme-${theme.toLowerCase().replaceAll(' ', '-')}`);
    const curves = await workbench.view('.tabs .tab');
    await curves.getByRole('tab', { name: 'curves' }).click();
    await curves.locator('.chart canvas').first().waitFor();
    await workbench.shoot(`curves-${theme.toLowerCase().replaceAll(' ', '-')}`);
    await curves.getByRole('tab', { name: 'pairs' }).click();
  });
});
