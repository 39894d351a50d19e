import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './driver';
import { rowList } from './page';

const save = 'Save as JSON Lines…';

describe('files that are shown and not edited', () => {
  let workbench: Workbench;
  let view: Frame;

  beforeAll(async () => {
    workbench = await Workbench.open({ restricted: true });
    const rows = readFileSync(join(workbench.folder, 'prefs.jsonl'));
    writeFileSync(join(workbench.folder, 'packed.jsonl.gz'), gzipSync(rows));
    await workbench.margin('convert', 'prefs.jsonl', '--to', 'parquet', '--out', 'table.parquet');
    await workbench.activity('Margin').click();
  });
  afterAll(() => workbench?.close());

  it('Parquet opens as pairs with its checks, and is filtered', async () => {
    view = await workbench.openPairs('table.parquet');
    await view.getByText('table.parquet is a Parquet file: Margin shows it read-only.').waitFor();
    await view.locator('.counts .warn').waitFor();
    await view.locator('.where', { hasText: /^Row 1\b/ }).waitFor();
    await workbench.theme('Dark Modern');
    await workbench.shoot('packed-1-parquet');
    await view.getByRole('combobox', { name: 'Filter' }).fill('problem');
    await expect.poll(() => view.locator('.counts').innerText()).toMatch(/^\d+ of 602 rows/);
  });

  it('a click on one of its problems shows its pairs, not its bytes', async () => {
    await workbench.command('Problems: Focus on Problems View');
    const problem = workbench.page.locator('.markers-panel .monaco-list-row', { hasText: '[Ln' }).first();
    await problem.dblclick();
    await workbench.shoot('packed-problem');
    await workbench.view('.pair-row', 30_000, 'Pairs of table.parquet');
    expect(await workbench.page.locator('.tabs-container .tab').count()).toBe(1);
    await workbench.command('View: Hide Panel');
  });

  it('a packed file is not edited: each way to do so says why, and offers to save it', async () => {
    view = await workbench.openPairs('packed.jsonl.gz');
    await view.getByText('packed.jsonl.gz is compressed with gzip: Margin shows it read-only.').waitFor();
    const before = await view.locator('.column.chosen .text').first().innerText();
    await rowList(view).press('s');
    await workbench.notification(/packed\.jsonl\.gz is compressed with gzip: Margin shows it read-only/);
    await workbench.shoot('packed-2-refused');
    await workbench.clearNotifications();
    await workbench.command('Margin: Delete Pair');
    await workbench.notification(/shows it read-only/);
    expect(await view.locator('.column.chosen .text').first().innerText()).toBe(before);
    expect(await workbench.page.locator('.tab.dirty').count()).toBe(0);
    await workbench.clearNotifications();
    await view.getByRole('combobox', { name: 'Filter' }).fill('sheep');
    await expect.poll(() => view.locator('.counts').innerText()).toMatch(/^\d+ of 602 rows/);
  });

  it('is saved as JSON Lines, which opens for editing', async () => {
    await view.getByRole('button', { name: save }).click();
    await workbench.saveAs(join(workbench.folder, 'mine.jsonl'), /packed\.jsonl$/);
    view = await workbench.view('.pair-row', 60_000, 'Pairs of mine.jsonl');
    expect(readFileSync(join(workbench.folder, 'mine.jsonl'))).toEqual(
      readFileSync(join(workbench.folder, 'prefs.jsonl')),
    );
    expect(await view.locator('.read-only-banner').isHidden()).toBe(true);
    await rowList(view).press('s');
    await workbench.page.locator('.tab.dirty').waitFor();
  });

  it('the banner has room in a narrow window, in dark and light', async () => {
    await workbench.page.setViewportSize({ width: 640, height: 900 });
    view = await workbench.openPairs('table.parquet');
    await workbench.shoot('packed-3-narrow-dark');
    await workbench.theme('Light Modern');
    await workbench.shoot('packed-4-narrow-light');
    await workbench.page.setViewportSize({ width: 1440, height: 900 });
    await workbench.shoot('packed-5-light');
    expect(await view.getByRole('button', { name: save }).isVisible()).toBe(true);
  });
});
