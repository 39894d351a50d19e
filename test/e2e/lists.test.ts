import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './driver';
import { takeFromMenu } from './page';
import { themes } from './themes';

const rows = [
  {
    prompt: 'Which is bigger, a bee or a horse?',
    responses: ['A horse is much bigger than a bee.', 'A horse is bigger.', 'They are the same size.', 'A bee.'],
    scores: [5, 4, 1.5, 1.5],
  },
  {
    prompt: 'How many legs does a sheep have?',
    responses: ['Nine, I think.', 'A sheep has four legs.', 'A sheep has four.'],
    scores: [1, 5, 4.5],
  },
  { prompt: 'Tell me the colour of butter.', responses: ['Butter is yellow.', 'Yellow.'], scores: [4, 4] },
];
const patience = 120_000;
const config = {
  model_name_or_path: 'model',
  train_file: 'ranked.jsonl',
  pair_rule: 'best-all',
  max_steps: 2,
  per_device_train_batch_size: 5,
  learning_rate: 1e-3,
  use_peft: true,
};

describe('a file of lists of scored answers', () => {
  let workbench: Workbench;
  let view: Frame;
  const rule = (): Locator => view.getByRole('combobox', { name: 'Pair rule' });
  const option = (label: string): Locator => view.locator('.rule vscode-option', { hasText: label });
  const pairs = (): Locator => view.getByRole('radio');
  const items = (): Promise<string[]> => workbench.page.locator('.quick-input-list .monaco-list-row').allInnerTexts();

  beforeAll(async () => {
    workbench = await Workbench.open();
    writeFileSync(join(workbench.folder, 'ranked.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    writeFileSync(join(workbench.folder, 'ranked.train.json'), JSON.stringify(config));
    await workbench.margin('train', 'ranked.train.json');
    await workbench.activity('Margin').click();
    view = await workbench.openPairs('ranked.jsonl');
  });
  afterAll(() => workbench?.close());

  it('shows how many pairs each rule gives', async () => {
    for (const label of ['best-worst · 2 pairs', 'best-all · 5 pairs', 'neighbours · 4 pairs', 'gap · 7 pairs'])
      await option(label).waitFor({ state: 'attached' });
    await pairs().first().waitFor();
    expect(await pairs().count()).toBe(1);
  });

  it('gets another rule by keyboard; the focus stays, and each pair has its reward', async () => {
    await rule().focus();
    await workbench.press('Enter', 'ArrowDown', 'Enter');
    await view.getByText('best-all makes 3 pairs from this list').waitFor();
    await expect.poll(() => view.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Pair rule');
    const margins = await pairs().locator('.num:last-child').allInnerTexts();
    expect(margins.every((text) => /^[+−]?\d\.\d\d$/.test(text))).toBe(true);
    expect(margins.length).toBe(3);
  });

  it('shows the answers of the pair that the arrow keys select', async () => {
    await pairs().first().focus();
    await workbench.press('ArrowDown');
    await view.locator('.column.rejected .text', { hasText: 'They are the same size.' }).waitFor();
    await view.locator('.list-pair-row.selected', { hasText: 'They are the same size.' }).waitFor();
    await expect.poll(() => view.evaluate(() => document.activeElement?.id)).toBe('pair-1');
  });

  it('leads from a pair to its reward in the run, and back', async () => {
    await workbench.command('Margin: Show Pair in Run');
    const run = await workbench.view('.pairs-row.selected');
    expect(await run.locator('.pairs-row.selected > :nth-child(1)').innerText()).toBe('1');
    // The bottom panel has room for a few rows.
    await run.getByRole('combobox', { name: 'Filter' }).fill('line:2');
    const sheep = run.locator('.pairs-row', { hasText: 'sheep' }).first();
    await sheep.dblclick({ delay: 80 });
    await view.locator('.where', { hasText: /^Line 2\b/ }).waitFor({ state: 'attached' });
    expect(await pairs().count()).toBe(2);
  });

  it('has the same list in the palette, with gap and ties', async () => {
    await workbench.command('View: Hide Panel');
    await workbench.command('Margin: Choose Pair Rule…');
    await workbench.page.getByPlaceholder('How lists of answers become pairs').waitFor();
    expect((await items()).join()).toMatch(/best-worst.*2 pairs.*best-all.*current · 5 pairs.*neighbours.*4 pairs/s);
    await workbench.shoot('pair-rule-palette');
    await workbench.pick('gap');
    await workbench.answer('0.5');
    await view.getByText('gap makes 3 pairs from this list').waitFor();
    await option('gap · 8 pairs').waitFor({ state: 'attached' });
    expect(await view.getByRole('textbox', { name: 'Least difference' }).inputValue()).toBe('0.5');
    await workbench.shoot('pair-rule-gap');
  });

  it('is trained by that rule: Train… writes it into the config', async () => {
    await workbench.command('Margin: Train…');
    await workbench.page.getByPlaceholder(/^Model to train/).waitFor();
    await workbench.press('Enter');
    await workbench.pick('DPO');
    await workbench.pick('LoRA');
    const written = join(workbench.folder, 'ranked-2.train.json');
    await expect
      .poll(() => JSON.parse(readFileSync(written, 'utf8')) as unknown)
      .toMatchObject({ pair_rule: 'gap', pair_gap: 0.5, pair_ties: 'drop' });
    // The question comes when the estimate is done.
    const question = workbench.page.getByRole('dialog').filter({ hasText: 'ranked-2' });
    await question.getByRole('button', { name: 'Cancel' }).click({ timeout: patience });
  });

  it('is opened again with the chosen rule', async () => {
    await workbench.command('View: Close All Editors');
    view = await workbench.openPairs('ranked.jsonl');
    await option('gap · 8 pairs').waitFor({ state: 'attached' });
    await view.locator('.pair-row').first().click();
    await view.getByText('gap makes 5 pairs from this list').waitFor();
  });

  it.each(themes)('looks as it should in %s', async (theme) => {
    await workbench.theme(theme);
    await pairs().first().waitFor();
    await workbench.shoot(`${theme.toLowerCase().replaceAll(' ', '-')}-list`);
  });

  it('is edited: a text and a score, each taken back by one undo, and saved in its own shape', async () => {
    const file = join(workbench.folder, 'edited.jsonl');
    writeFileSync(file, `${JSON.stringify(rows[0])}\n`);
    view = await workbench.openPairs('edited.jsonl');
    const pane = view.locator('main.pair');
    await pane.getByRole('button', { name: 'scores 4: Change' }).click();
    await pane.getByRole('textbox', { name: 'scores' }).fill('6');
    await workbench.press('Enter');
    await pane.locator('.column.chosen .text', { hasText: 'A horse is bigger.' }).click();
    await view.getByRole('textbox', { name: /answer 2/ }).fill('A horse.');
    await workbench.shoot('list-edited');
    await workbench.press('Escape', 'Control+Z');
    await pane.locator('.column.chosen .text', { hasText: 'A horse is bigger.' }).waitFor();
    await workbench.page.setViewportSize({ width: 600, height: 900 });
    await workbench.shoot('list-edited-600');
    await workbench.page.setViewportSize({ width: 1440, height: 900 });
    await workbench.press('Control+S');
    await expect.poll(() => readFileSync(file, 'utf8')).toBe(`${JSON.stringify(rows[0]).replace('[5,4,', '[5,6,')}\n`);
  });

  it('gets another turn from the menu of a turn, in its own shape', async () => {
    const file = join(workbench.folder, 'turns.jsonl');
    const user = { role: 'user', content: 'Which is bigger?' };
    const responses = [
      { message: [{ role: 'assistant', content: 'A horse.' }], score: 2 },
      { message: [{ role: 'assistant', content: 'A mouse.' }], score: 1 },
    ];
    writeFileSync(file, `${JSON.stringify({ prompt: [user], responses })}\n`);
    view = await workbench.openPairs('turns.jsonl');
    await view.locator('.turns button.role').click();
    await takeFromMenu(workbench.page, 'Add Turn Before');
    await view.locator('textarea:visible').waitFor();
    await workbench.page.keyboard.type('Be brief.');
    await workbench.press('Control+Enter');
    await view.locator('.turn.system .text', { hasText: 'Be brief.' }).waitFor();
    await workbench.shoot('list-turns');
    await workbench.press('Control+S');
    const prompt = [{ role: 'system', content: 'Be brief.' }, user];
    await expect.poll(() => readFileSync(file, 'utf8')).toBe(`${JSON.stringify({ prompt, responses })}\n`);
  });
});
