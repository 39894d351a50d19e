import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './driver';

const rows = [
  { frage: 'Which is bigger, a bee or a horse?', good_reply: 'A horse is bigger.', bad_reply: 'A bee. Stop asking.' },
  { frage: 'How many legs does a sheep have?', good_reply: 'A sheep has four legs.', bad_reply: 'Nine, I think.' },
  { frage: 'Tell me the colour of butter.', good_reply: 'Butter is yellow.', bad_reply: 'Butter is black.' },
];

describe('a file whose shape Margin does not know', () => {
  let workbench: Workbench;
  let view: Frame;
  const file = (): string => join(workbench.folder, 'fragen.jsonl');
  const chosen = () => view.locator('.column.chosen .text').last();
  const foot = () => view.locator('.where');
  const first = () => workbench.page.locator('.quick-input-list .monaco-list-row.focused').first();

  beforeAll(async () => {
    workbench = await Workbench.open();
    writeFileSync(file(), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await workbench.activity('Margin').click();
    await workbench.openFile('fragen.jsonl');
    await workbench.command('Margin: Open as Pairs');
    view = await workbench.view('.pair-row');
  });
  afterAll(() => workbench?.close());

  it('is read with its own columns, which the dialog suggests', async () => {
    await workbench.command('Margin: Choose Format…');
    await workbench.page.getByPlaceholder('How the rows of this file are read').waitFor();
    await workbench.shoot('choose-format');
    await workbench.pick('Own columns');
    await first().filter({ hasText: 'Use for this file' }).waitFor();
    await workbench.shoot('own-columns');
    await workbench.press('Enter');
    await chosen().filter({ hasText: 'A horse is bigger.' }).waitFor();
    await foot().filter({ hasText: 'own columns: frage, good_reply, bad_reply' }).waitFor({ state: 'attached' });
    await workbench.row('fragen.jsonl').filter({ hasText: 'own columns' }).waitFor();
    await workbench.shoot('own-columns-read');
  });

  it('is edited and saved at its own keys', async () => {
    await view.locator('.pair-row').nth(0).click();
    await workbench.press('s');
    await chosen().filter({ hasText: 'A bee.' }).waitFor();
    await workbench.press('Control+S');
    await expect
      .poll(() => JSON.parse(readFileSync(file(), 'utf8').split('\n')[0] ?? ''))
      .toMatchObject({ good_reply: 'A bee. Stop asking.', bad_reply: 'A horse is bigger.' });
  });

  it('is unknown again after Detect automatically', async () => {
    await foot().click();
    await workbench.pick('Detect automatically');
    await view.locator('.column.chosen').waitFor({ state: 'hidden' });
    await workbench.row('fragen.jsonl').filter({ hasText: 'holds no pair' }).waitFor();
  });

  it('is read with the columns of another tool’s file, which the workspace’s settings keep', async () => {
    const recipe =
      'datasets:\n  - path: fragen.jsonl\n    type:\n      field_prompt: frage\n      field_chosen: good_reply\n      field_rejected: bad_reply\n';
    writeFileSync(join(workbench.folder, 'recipe.yml'), recipe);
    await workbench.command('Margin: Choose Format…');
    await workbench.pick('Own columns');
    await workbench.pick('From another tool…');
    await workbench.takePath(join(workbench.folder, 'recipe.yml'), /workspace/);
    await workbench.pick('Save in the workspace’s settings');
    await chosen().filter({ hasText: 'A bee.' }).waitFor();
    const settings = (): unknown => JSON.parse(readFileSync(join(workbench.folder, '.vscode/settings.json'), 'utf8'));
    await expect.poll(settings).toMatchObject({
      'margin.columns': { 'fragen.jsonl': { prompt: 'frage', chosen: 'good_reply', rejected: 'bad_reply' } },
    });
  });
});
