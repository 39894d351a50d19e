import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './driver';
import { rowList } from './page';

const megabytes = Number(process.env['MARGIN_E2E_MB'] ?? 300);
const rows = Math.round((megabytes * 1e6) / 5000);

/** Writes rows of 5 kB; every thousandth asks about a lighthouse. */
function writeLarge(file: string): void {
  const handle = openSync(file, 'w');
  const answer = 'The sea is wide, and nobody has seen all of it. '.repeat(50);
  for (let row = 0; row < rows; row += 1000) {
    const lines = Array.from({ length: Math.min(1000, rows - row) }, (_, i) => {
      const subject = i === 999 ? 'lighthouse' : 'sea';
      return JSON.stringify({
        prompt: `Question ${row + i}: the ${subject}?`,
        chosen: answer,
        rejected: `No. ${answer}`,
      });
    });
    writeSync(handle, `${lines.join('\n')}\n`);
  }
  closeSync(handle);
}

describe(`a file of ${megabytes} MB`, () => {
  let workbench: Workbench;
  let view: Frame;
  const counts = async (): Promise<string> => (await view.locator('.counts').textContent()) ?? '';
  const labels = async (): Promise<string[]> =>
    (await view.locator('.pair-row .clip').allTextContents()).filter((text) => text !== '');

  beforeAll(async () => {
    workbench = await Workbench.open();
    writeLarge(join(workbench.folder, 'large.jsonl'));
  });
  afterAll(() => workbench?.close());

  it('shows its first rows while it is read and checked', async () => {
    await workbench.activity('Margin').click();
    view = await workbench.openPairs('large.jsonl');
    await view.locator('.pair-row', { hasText: 'Question 3:' }).first().waitFor({ timeout: 2000 });
    expect(await counts()).toMatch(/reading|checking/);
    await workbench.shoot('large-file-opens');
  });

  it('is checked no further when told to stop', async () => {
    await view.getByRole('button', { name: 'Stop checking the rows' }).click();
    await expect.poll(counts).toMatch(/checked \d+ %/);
  });

  it('is searched, and never shows rows that do not match', async () => {
    await view.locator('.bar input').first().fill('lighthouse');
    await expect.poll(counts, { timeout: 5000 }).toMatch(/searched|\d of/);
    while ((await counts()).includes('searched')) {
      for (const label of await labels()) expect(label).toContain('lighthouse');
      await workbench.page.waitForTimeout(50);
    }
    expect(await counts()).toMatch(new RegExp(`^${Math.floor(rows / 1000)} of `));
    await expect.poll(async () => (await labels()).every((label) => label.includes('lighthouse'))).toBe(true);
  });

  it('is checked to its end, and scrolls there', async () => {
    await view.getByRole('button', { name: 'Continue to check the rows' }).click();
    await expect.poll(counts).not.toMatch(/checked/);
    await view.locator('button', { hasText: 'Show all rows' }).click();
    await expect.poll(counts).toMatch(/^60,000 rows/);
    await rowList(view).focus();
    await workbench.press('End');
    await view.locator('.pair-row', { hasText: `Question ${rows - 1}:` }).waitFor({ timeout: 5000 });
    await workbench.shoot('large-file-end');
  });
});
