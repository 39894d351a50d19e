import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from './accessible';
import { Workbench } from './driver';
import { rowList } from './page';
import { themes } from './themes';

const patience = 120_000;

describe('a chat with the models of a run', () => {
  let workbench: Workbench;
  let view: Frame;
  const answers = (): Locator => view.locator('.answer');
  const ended = (turn: number, count: number): Promise<void> =>
    expect
      .poll(
        () =>
          view
            .locator('.turn')
            .nth(turn)
            .locator('.answer-foot', { hasText: / tokens?\b/ })
            .count(),
        {
          timeout: patience,
        },
      )
      .toBe(count);
  const data = (): string => readFileSync(join(workbench.folder, 'prefs.jsonl'), 'utf8');
  const lastRow = (): unknown => JSON.parse(data().trimEnd().split('\n').at(-1) ?? '');

  beforeAll(async () => {
    workbench = await Workbench.open();
    const steps = ['--max_steps', '12', '--save_steps', '6', '--per_device_train_batch_size', '32'];
    await workbench.margin('train', 'sample.train.json', ...steps);
  });
  afterAll(() => workbench?.close());

  it('opens base and tuned model side by side, and both answer what is typed', async () => {
    await workbench.command('Margin: Chat…');
    await workbench.pick('sample');
    view = await workbench.view('.composer textarea', patience, 'Chat');
    await expect.poll(() => view.locator('.column-head').count()).toBe(2);
    await view.locator('.composer textarea:focus').waitFor();
    await workbench.page.keyboard.type('Name four countries.');
    await workbench.press('Enter');
    await ended(0, 2);
    expect(await answers().first().locator('.text').innerText()).toMatch(/\w/);
    await answers().first().locator('.answer-foot', { hasText: 'reward' }).waitFor({ timeout: patience });
    await answers().nth(1).locator('.answer-foot', { hasText: 'reward' }).waitFor({ timeout: patience });
  });

  it('arrow keys reach the answers, G asks one again with the next seed', async () => {
    await view.locator('.composer textarea').focus();
    await workbench.press('ArrowUp', 'ArrowRight');
    await view.locator('.answer:nth-child(2):focus').waitFor();
    await workbench.press('g');
    await answers().nth(1).locator('.answer-foot', { hasText: 'seed 1' }).waitFor({ timeout: patience });
    await answers().first().locator('.answer-foot', { hasText: 'seed 0' }).waitFor();
  });

  it('C marks the better answer, an edit changes it, and S saves the pair in the shape of the file', async () => {
    const before = data();
    await answers().nth(1).focus();
    await workbench.press('c');
    await view.locator('.answer.chosen:nth-child(2)').waitFor();
    await view.locator('.answer.rejected:nth-child(1)').waitFor();
    await workbench.press('e');
    const editor = answers().nth(1).locator('textarea');
    await editor.fill('Chad, Peru, Oman and Fiji.');
    await workbench.press('Control+Enter');
    await answers().nth(1).locator('.answer-foot', { hasText: 'edited' }).waitFor();
    await view.locator('.answer:nth-child(2):focus').waitFor();
    await workbench.press('s');
    await workbench.pick('prefs.jsonl');
    await view.locator('.pair-bar', { hasText: 'saved in prefs.jsonl' }).waitFor({ timeout: patience });
    expect(data().startsWith(before)).toBe(true);
    expect(JSON.stringify(lastRow())).toContain('Chad, Peru, Oman and Fiji.');
    expect(Object.keys(lastRow() as object)).toEqual([
      ...Object.keys(JSON.parse(before.split('\n')[0] ?? '') as object),
      'margin_provenance',
    ]);
    await view.getByRole('button', { name: 'Undo', exact: true }).click();
    await view.locator('.status', { hasText: 'Took the pair out' }).waitFor();
    expect(data()).toBe(before);
  });

  it('a second turn is asked with a system prompt, and Escape ends its answers', async () => {
    await view.getByLabel('System prompt').fill('Answer in one word.');
    await view.getByLabel('Temperature').fill('5');
    await view.getByLabel('Most tokens').fill('440');
    await view.locator('.composer textarea').fill('And a colour?');
    await workbench.press('Enter');
    // The small model may be faster than a person who stops it.
    await workbench.press('Escape');
    await ended(1, 2);
    await view.getByRole('button', { name: 'Send' }).waitFor();
    await view.getByLabel('Temperature').fill('0.7');
  });

  it('a prompt that is edited is asked again, and the turns after it are removed', async () => {
    await view.locator('.prompt button').first().click();
    const area = view.locator('.prompt textarea');
    await area.fill('What colour is a lemon?');
    await view.locator('.prompt .warn', { hasText: 'Removes the turn after it' }).waitFor();
    await workbench.press('Enter');
    await expect.poll(() => view.locator('.turn').count()).toBe(1);
    await ended(0, 2);
    await view.locator('.prompt', { hasText: 'What colour is a lemon?' }).waitFor();
  });

  it('another checkpoint of the run joins as a third column and answers the last turn', async () => {
    await view.getByRole('button', { name: 'Add model' }).click();
    await workbench.pick('sample');
    await expect.poll(() => view.locator('.column-head').count()).toBe(3);
    const steps = view.locator('.column-head').nth(2).locator('vscode-dropdown');
    await steps.click();
    await steps.locator('vscode-option[value="6"]').click();
    await expect.poll(() => answers().nth(2).locator('.name').innerText()).toBe('step 6');
    await ended(0, 3);
  });

  it.each(themes)('looks as it should in %s', async (theme) => {
    await workbench.theme(theme);
    await answers().nth(1).focus();
    await view.locator('.answer.chosen, .answer').first().waitFor();
    await workbench.shoot(`${theme.toLowerCase().replaceAll(' ', '-')}-chat`);
    expect(await accessibilityProblems(view)).toEqual([]);
  });

  it('fits in 600 px', async () => {
    const { page } = workbench;
    const size = page.viewportSize();
    await page.setViewportSize({ width: 600, height: 900 });
    await workbench.shoot('chat-600');
    const wide = await view.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    expect(wide).toBe(false);
    if (size) await page.setViewportSize(size);
  });

  it('saves a pair as an edit of the file that is open as pairs, which one undo takes back', async () => {
    const before = data();
    await workbench.activity('Margin').click();
    const editor = await workbench.openPairs('prefs.jsonl');
    const rows = await rowList(editor).getAttribute('aria-rowcount');
    await workbench.tab('Chat').click();
    view = await workbench.view('.composer textarea', patience, 'Chat');
    await answers().first().getByRole('button', { name: 'Edit' }).click();
    await answers().first().locator('textarea').fill('Yellow, as the sun.');
    await answers().first().getByRole('button', { name: 'Keep' }).click();
    await answers().first().getByRole('button', { name: 'Chosen' }).click();
    await answers().nth(1).getByRole('button', { name: 'Rejected' }).click();
    await view.getByRole('button', { name: 'Save as pair' }).click();
    await view.locator('.pair-bar', { hasText: 'saved in prefs.jsonl' }).waitFor({ timeout: patience });
    expect(data()).toBe(before);
    await workbench.tab('prefs.jsonl').click();
    const again = await workbench.view('.pair-row', patience);
    await expect.poll(() => rowList(again).getAttribute('aria-rowcount')).toBe(String(Number(rows) + 1));
    await workbench.command('Undo');
    await expect.poll(() => rowList(again).getAttribute('aria-rowcount')).toBe(rows);
  });

  it('outlives its window: what was said is there, and its models open with the next prompt', async () => {
    await workbench.tab('Chat').click();
    view = await workbench.view('.composer textarea', patience, 'Chat');
    const said = await view.locator('.prompt').first().innerText();
    await workbench.saved('What colour is a lemon?');
    await workbench.reload();
    await workbench.tab('Chat').click();
    view = await workbench.view('.composer textarea', patience, 'Chat');
    await expect.poll(() => view.locator('.column-head', { hasText: 'Opens with the next prompt' }).count()).toBe(3);
    expect(await view.locator('.prompt').first().innerText()).toBe(said);
    await answers().first().locator('.text', { hasText: 'Yellow, as the sun.' }).waitFor();
    await workbench.shoot('chat-again');
    await view.locator('.composer textarea').fill('And a plum?');
    await workbench.press('Enter');
    await ended(1, 3);
  });
});
