import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './driver';
import { themes } from './themes';

const weather = { type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } };
const chat = {
  prompt: [{ role: 'user', content: 'Is it raining?' }],
  chosen: [{ role: 'assistant', content: 'I will look.' }],
  rejected: [{ role: 'assistant', content: 'No.' }],
};

describe('the tools of a row', () => {
  let workbench: Workbench;
  let view: Frame;
  let file = '';
  const field = (): Locator => view.getByRole('textbox', { name: 'Tools, as a list in JSON' });
  const rows = (): readonly { readonly tools?: unknown }[] =>
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly tools?: unknown });

  beforeAll(async () => {
    workbench = await Workbench.open();
    file = join(workbench.folder, 'tools.jsonl');
    const plain = { prompt: 'Q?', chosen: 'A', rejected: 'B' };
    const texts = [{ ...chat, tools: JSON.stringify([weather]) }, chat, plain].map((row) => JSON.stringify(row));
    writeFileSync(file, `${texts.join('\n')}\n`);
    await workbench.activity('Margin').click();
    view = await workbench.openPairs('tools.jsonl');
  });
  afterAll(() => workbench?.close());

  it('unfold to JSON; mistakes are named at their place, and one undo takes an edit back', async () => {
    await view.locator('.pair-row').first().click();
    await view.locator('.tools summary', { hasText: 'Tools: weather' }).click();
    await view.locator('.tools div.tools-text').click();
    await field().fill('[\n  {"type": "function", "function": {"name": "rain", "parameters": {"type": "dict"}}}\n]');
    const mistake = view.locator('.tools-mistakes button', { hasText: 'Line 2, column 76: tools[0]' });
    await mistake.click();
    await expect.poll(() => field().evaluate((area: HTMLTextAreaElement) => area.selectionEnd)).toBe(83);
    await workbench.shoot('tools-1-mistake');
    await field().press('Escape');
    await view.locator('.tools summary', { hasText: 'Tools: rain' }).waitFor();
    await workbench.press('Control+Z');
    await view.locator('.tools summary', { hasText: 'Tools: weather' }).waitFor();
  });

  it('that are not JSON stay beside the row as a draft until they are', async () => {
    await view.locator('.tools div.tools-text').click();
    await field().fill('[{"type": "function",}]');
    await field().press('Control+Enter');
    await view.locator('.tools .problem', { hasText: 'Not in the row yet' }).waitFor();
    await view.locator('.pair-row').nth(1).click();
    await view.locator('.tools').waitFor({ state: 'hidden' });
    await view.locator('.pair-row').first().click();
    await view.locator('.tools .problem', { hasText: 'Not in the row yet' }).waitFor();
    for (const theme of themes) {
      await workbench.theme(theme);
      await workbench.shoot(`tools-${theme.toLowerCase().replaceAll(' ', '-')}`);
    }
    await workbench.page.setViewportSize({ width: 600, height: 900 });
    await workbench.shoot('tools-2-draft-600');
    await workbench.page.setViewportSize({ width: 1440, height: 900 });
    await view.locator('.tools').getByRole('button', { name: 'Discard' }).click();
    await view.locator('.tools .problem').waitFor({ state: 'hidden' });
  });

  it('are added by a command in the shape that the format has, or it says why not', async () => {
    await view.locator('.pair-row').nth(1).click();
    await workbench.command('Margin: Edit Tools');
    await field().waitFor();
    await workbench.page.keyboard.type('clock');
    await workbench.press('Control+Enter');
    await view.locator('.tools summary', { hasText: 'Tools: clock' }).waitFor();
    await view.locator('.pair-row').nth(2).click();
    await workbench.command('Margin: Edit Tools');
    await view.getByText('have no place for tools').first().waitFor();
    await workbench.press('Control+S');
    await expect.poll(() => rows()[1]?.tools).toMatchObject([{ type: 'function', function: { name: 'clock' } }]);
    expect(rows()[0]?.tools).toBe(JSON.stringify([weather]));
  });
});
