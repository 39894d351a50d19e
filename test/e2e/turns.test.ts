import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './driver';
import { takeFromMenu } from './page';
import { themes } from './themes';

describe('turns are read and edited', () => {
  let workbench: Workbench;
  let view: Frame;

  beforeAll(async () => {
    workbench = await Workbench.open();
    await workbench.activity('Margin').click();
  });
  afterAll(() => workbench?.close());

  it('the menu of a turn adds a turn and changes a role; one undo takes each back', async () => {
    const turn = (role: string, content: string): object => ({ role, content });
    const pair = {
      prompt: [turn('user', 'Hi')],
      chosen: [turn('assistant', 'Hello.')],
      rejected: [turn('assistant', 'No.')],
    };
    const file = join(workbench.folder, 'turns.jsonl');
    writeFileSync(file, `${JSON.stringify(pair)}\n`);
    view = await workbench.openPairs('turns.jsonl');
    await view.locator('.turns button.role').click();
    await workbench.shoot('turn-menu');
    await takeFromMenu(workbench.page, 'Add Turn Before');
    await view.locator('textarea:visible').waitFor();
    await workbench.page.keyboard.type('Be kind.');
    await workbench.press('Control+Enter');
    await view.locator('.turn.system .text', { hasText: 'Be kind.' }).waitFor();
    await view.locator('.chosen button.more').click();
    await takeFromMenu(workbench.page, 'Change Role…');
    await workbench.pick('tool');
    await view.locator('.chosen button[title*="tool"]').waitFor();
    await workbench.shoot('turns');
    await workbench.press('Control+Z');
    await view.locator('.chosen button[title*="assistant"]').waitFor();
    await workbench.press('Control+S');
    const changed = { ...pair, prompt: [turn('system', 'Be kind.'), ...pair.prompt] };
    await expect.poll(() => readFileSync(file, 'utf8')).toBe(`${JSON.stringify(changed)}\n`);
  });

  it('M shows texts as Markdown with formulas, thinking folded and calls as cards; hostile content does nothing', async () => {
    const call = { type: 'function', function: { name: 'add', arguments: '{"a": 2, "b": 2}' } };
    const hostile =
      '<img src=x onerror="document.title=1"><script>document.title=1</script>[a](javascript:alert) [b](command:workbench.action.quit) [c](https://example.com)';
    const pair = {
      prompt: [{ role: 'user', content: 'What is **2 + 2**?' }],
      chosen: [
        { role: 'assistant', content: '', tool_calls: [call] },
        { role: 'tool', content: '4' },
        { role: 'assistant', content: '<think>easy</think>It is $2^2$:\n\n- four\n- `4`' },
      ],
      rejected: [{ role: 'assistant', content: hostile }],
    };
    const file = join(workbench.folder, 'rich.jsonl');
    writeFileSync(file, `${JSON.stringify(pair)}\n`);
    view = await workbench.openPairs('rich.jsonl');
    await view.locator('.call', { hasText: '"b": 2' }).waitFor();
    await view.locator('.pair-row').first().click();
    await workbench.press('m');
    await view.locator('.rich strong', { hasText: '2 + 2' }).waitFor();
    await view.locator('.rich math').waitFor();
    await view.locator('.rich li', { hasText: 'four' }).waitFor();
    await view.locator('summary', { hasText: 'Thinking' }).click();
    await view.locator('.thinking', { hasText: 'easy' }).waitFor();
    const rejected = view.locator('.column.rejected .rich');
    expect(await rejected.locator('img, script').count()).toBe(0);
    expect(
      await rejected.locator('a[href]').evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
    ).toEqual(['https://example.com']);
    expect(await view.locator('textarea').count()).toBe(0);
    for (const theme of themes) {
      await workbench.theme(theme);
      await workbench.shoot(`rendered-${theme.toLowerCase().replaceAll(' ', '-')}`);
    }
    await workbench.press('m');
    await view.locator('.column.chosen .text', { hasText: '<think>easy</think>' }).waitFor();
    expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(pair)}\n`);
  });
});
