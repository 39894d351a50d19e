import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './driver';

const rows = [
  {
    prompt: 'Which is bigger, a bee or a horse?',
    responses: ['A horse is much bigger than a bee.', 'A horse.', 'They are the same size.', 'A bee.'],
    scores: [5, 4, 1.5, 1.5],
  },
  {
    prompt: 'How many legs does a sheep have?',
    responses: ['Nine, I think.', 'A sheep has four legs.', 'Four.'],
    scores: [1, 5, 4.5],
  },
  { prompt: 'Tell me the colour of butter.', responses: ['Butter is yellow.', 'Yellow.'], scores: [4, 4] },
];

describe('a file of lists of scored answers', () => {
  let workbench: Workbench;
  let view: Frame;
  const bar = (): Locator => view.locator('.rule');
  const rule = (): Locator => view.getByRole('combobox', { name: 'Pair rule' });
  const option = (label: string): Locator => bar().locator('vscode-option', { hasText: label });

  beforeAll(async () => {
    workbench = await Workbench.open();
    writeFileSync(join(workbench.folder, 'ranked.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await workbench.activity('Margin').click();
    view = await workbench.openPairs('ranked.jsonl');
  });
  afterAll(() => workbench?.close());

  it('shows how many pairs each rule gives', async () => {
    await option('best-worst · 2 pairs').waitFor({ state: 'attached' });
    await option('best-all · 5 pairs').waitFor({ state: 'attached' });
    await option('neighbours · 4 pairs').waitFor({ state: 'attached' });
    await workbench.shoot('list');
  });

  it('gets another rule by keyboard, and its counts', async () => {
    await rule().focus();
    await workbench.press('Enter', 'ArrowDown', 'Enter');
    await view.getByText('makes 3 pairs').waitFor();
    await expect.poll(() => view.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Pair rule');
  });
});
