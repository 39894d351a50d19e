import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from './accessible';
import { Workbench } from './driver';
import { themes } from './themes';

describe('what the trainer sees', () => {
  let workbench: Workbench;
  let view: Frame;
  const config = (name: string, keys: object): void =>
    writeFileSync(
      join(workbench.folder, name),
      JSON.stringify({ model_name_or_path: 'model', train_file: 'prefs.jsonl', ...keys }),
    );

  beforeAll(async () => {
    workbench = await Workbench.open();
    config('short.train.json', { max_length: 24 });
    await workbench.activity('Margin').click();
    view = await workbench.openPairs('prefs.jsonl');
  });
  afterAll(() => workbench?.close());

  it('is the rendered template as tokens, with counts, for the config that trains on the file', async () => {
    await view.locator('.pair-row').first().click();
    await workbench.press('t');
    await view.locator('.token-head button', { hasText: 'sample.train.json · model model' }).waitFor();
    await view.locator('.token-part.masked .special', { hasText: '<|im_start|>' }).first().waitFor();
    const chosen = view.getByRole('region', { name: /^Chosen: \d+ tokens; \d+ of [\d,]+ tokens with the prompt$/ });
    await chosen.locator('.special', { hasText: '<|im_end|>' }).waitFor();
    expect(await view.locator('.pair:has(+ .tokens)').isVisible()).toBe(false);
    expect(await view.locator('.token-part').count()).toBe(3);
  });

  it('shows what max_length cuts of another config, which is remembered', async () => {
    await view.locator('.token-head button').click();
    await workbench.pick('short.train.json');
    await view.locator('.token-head button', { hasText: 'short.train.json' }).waitFor();
    await view.locator('.token-head', { hasText: 'max_length 24' }).waitFor();
    const cut = view.getByRole('region', {
      name: /24 of 24 tokens .*; \d+ cut from the end of (chosen|rejected), with its end token/,
    });
    await cut.first().locator('.cut .token').first().waitFor();
    await workbench.shoot('tokens-1-cut');
  });

  it('follows the files of the model, and says that test_split_size holds a row out', async () => {
    const file = join(workbench.folder, 'model', 'tokenizer_config.json');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace("'<|im_start|>' + message", "'<|im_start|>XYZ' + message"));
    const changed = view.locator('.token-part.masked', { hasText: 'XYZ' });
    await changed.waitFor();
    writeFileSync(file, before);
    await changed.waitFor({ state: 'detached' });
    config('short.train.json', { max_length: 24, test_split_size: 0.999 });
    const held = view.locator('.token-say', { hasText: 'Held out for evaluation by test_split_size 0.999' });
    await held.waitFor();
    await workbench.shoot('tokens-1-held');
    config('short.train.json', { max_length: 24 });
    await held.waitFor({ state: 'detached' });
  });

  it('counts the rows that would be cut or left out, and a click shows them', async () => {
    const counts = view.locator('.token-counts');
    await counts.locator('button', { hasText: /^\d+ cut$/ }).waitFor();
    const [cut = ''] = /\d+(?= cut)/.exec(await counts.innerText()) ?? [];
    await counts.locator('button', { hasText: /^\d+ left out: prompt too long$/ }).waitFor();
    await counts.locator('button', { hasText: /^\d+ cut$/ }).click();
    await view.locator('.counts b', { hasText: new RegExp(`^${cut}$`) }).waitFor();
    expect(await view.getByRole('combobox', { name: 'Filter' }).inputValue()).toBe('cut:yes');
    await workbench.shoot('tokens-2-counts');
    await counts.locator('button', { hasText: 'prompt too long' }).click();
    await view.locator('.token-say', { hasText: 'The trainer leaves this row out. Its prompt alone fills' }).waitFor();
    await workbench.shoot('tokens-3-dropped');
    await view.locator('.counts button', { hasText: 'Show all rows' }).click();
    await view.locator('.pair-row').first().click();
    expect(await workbench.margin('query', 'prefs.jsonl', 'cut:yes', '--config', 'short.train.json', '--count')).toBe(
      cut,
    );
  });

  it.each(themes)('looks as it should in %s', async (theme) => {
    await workbench.theme(theme);
    await view.locator('.cut .token').first().waitFor();
    await workbench.shoot(`${theme.toLowerCase().replaceAll(' ', '-')}-tokens`);
    expect(await accessibilityProblems(view)).toEqual([]);
  });

  it('fits in 600 px', async () => {
    const { page } = workbench;
    const size = page.viewportSize();
    await page.setViewportSize({ width: 600, height: 900 });
    await workbench.shoot('tokens-600');
    const wide = await view.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    expect(wide).toBe(false);
    if (size) await page.setViewportSize(size);
  });

  it('follows the selection, and an edit shows the pair again', async () => {
    await view.locator('.pair-row').nth(2).click();
    await view.locator('.tokens[aria-busy=false]').waitFor();
    await workbench.press('e');
    await view.locator('.pair:has(+ .tokens) textarea').waitFor();
    expect(await view.locator('.tokens').isVisible()).toBe(false);
    await workbench.press('Escape');
  });
});
