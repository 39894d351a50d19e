import { appendFileSync, cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must } from '../../src/base/pure/must';
import { eventLine } from '../../src/run/eventLines';
import { accessibilityProblems } from './accessible';
import { makeComparedRuns } from './comparedRuns';
import { Workbench } from './driver';
import { themes } from './themes';

const patience = 60_000;

describe('Compare Runs…', () => {
  let workbench: Workbench;
  let view: Frame;
  const table = (): Locator => view.getByRole('grid', { name: 'Runs', exact: true });
  const row = (name: string): Locator => table().getByRole('row').filter({ hasText: name });
  const selected = (name: string): Promise<void> =>
    table().locator('.list-row.selected', { hasText: name }).waitFor({ timeout: patience });
  const shows = (text: string): Promise<void> => view.getByRole('status').filter({ hasText: text }).waitFor();
  const tab = (name: string): Locator => view.getByRole('tab', { name });

  beforeAll(async () => {
    workbench = await Workbench.open();
    await makeComparedRuns(workbench.folder);
    cpSync('test/golden/trackers/dpo', join(workbench.folder, 'trl-output'), { recursive: true });
    await workbench.activity('Margin').click();
  });
  afterAll(() => workbench?.close());

  it('shows all runs in a table, with their newest values, and the curves of the newest ones', async () => {
    await workbench.command('Margin: Compare Runs…');
    view = await workbench.view('.run-row .tick', patience, 'Compare Runs');
    await shows('5 of 7 shown');
    expect(await row('dpo-cleaned').innerText()).toMatch(/done\s+0\.1\s+5e-5.*\+1\.[78].*9[12]\.\d %\s+−2\.0/s);
    await row('simpo').filter({ hasText: '61 %' }).waitFor();
    await row('of-tomorrow').filter({ hasText: 'newer Margin' }).waitFor();
    await view.locator('.chart canvas').nth(5).waitFor();
  });

  it('sorts by a metric, and selects, hides and pins by keys', async () => {
    await view.getByRole('button', { name: 'held-out' }).click();
    await view.getByRole('button', { name: 'held-out' }).click();
    await table().focus();
    await workbench.press('Home');
    await selected('dpo-cleaned');
    await workbench.press('b');
    await row('dpo-cleaned').locator('.mark').waitFor();
    await row('beta-0.01').locator('.difference.bad').first().waitFor();
    await workbench.press('End');
    await selected('of-tomorrow');
    await view.locator('.problems', { hasText: 'Update Margin' }).waitFor();
    await workbench.press('Home', 'ArrowDown', ' ');
    await shows('4 of 7 shown');
    await row('ipo').locator('.tick').click();
    await shows('5 of 7 shown');
    await view.locator('.run-sentences', { hasText: 'is behind dpo-cleaned by' }).waitFor();
  });

  it('takes tags and notes, and finds runs by them', async () => {
    await table().focus();
    await workbench.press('Home', 't');
    await workbench.answer('best, first');
    await row('dpo-cleaned').locator('.tag', { hasText: 'best' }).waitFor();
    await view.getByRole('button', { name: 'Note…' }).click();
    await workbench.answer('baseline of the sweep');
    await row('dpo-cleaned').getByText('baseline of the sweep').waitFor();
    const notes = join(workbench.folder, '.margin/runs/dpo-cleaned/notes.json');
    expect(JSON.parse(readFileSync(notes, 'utf8'))).toMatchObject({ tags: ['best', 'first'], baseline: true });
    const filter = view.getByRole('searchbox', { name: 'Filter runs' });
    await filter.fill('tag:best');
    await row('ipo').waitFor({ state: 'detached' });
    await filter.fill('');
    await row('ipo').waitFor();
  });

  it('follows a run that trains', async () => {
    const metrics = { eval_loss: 0.123, 'eval_rewards/accuracies': 0.777 };
    const events = join(workbench.folder, '.margin/runs/simpo/events.jsonl');
    appendFileSync(events, `${eventLine({ t: 1_764_000_090_000, step: 130, kind: 'eval', metrics })}\n`);
    const state = join(workbench.folder, '.margin/runs/simpo/state.json');
    const now = JSON.parse(readFileSync(state, 'utf8')) as object;
    const { writeState } = await import('../../src/run/folder');
    writeState(join(state, '..'), { ...(now as Parameters<typeof writeState>[1]), step: 130, heartbeat: Date.now() });
    await row('simpo').filter({ hasText: '77.7 %' }).waitFor({ timeout: patience });
  });

  it('shows values that are not numbers as such, and exports all points and the charts', async () => {
    const events = join(workbench.folder, '.margin/runs/simpo/events.jsonl');
    const metrics = { loss: Number.NaN, grad_norm: Number.POSITIVE_INFINITY };
    appendFileSync(events, `${eventLine({ t: 1_764_000_091_000, step: 131, kind: 'train', metrics })}\n`);
    await row('simpo').filter({ hasText: 'NaN' }).waitFor({ timeout: patience });
    const save = async (kind: 'CSV' | 'SVG', file: string): Promise<void> => {
      const item = view.getByRole('menuitem', { name: kind });
      // The dialog before gives the focus back when it closes, which closes a menu that opens meanwhile.
      const isOpen = async (): Promise<boolean> => {
        if (!(await item.isVisible())) await view.getByRole('button', { name: 'Save the curves' }).click();
        return item.isVisible();
      };
      await expect.poll(isOpen, { interval: 500, timeout: patience }).toBe(true);
      await item.click();
      await workbench.saveAs(join(workbench.folder, file), /runs-curves/);
    };
    const read = (file: string): string => {
      try {
        return readFileSync(join(workbench.folder, file), 'utf8');
      } catch {
        return '';
      }
    };
    await save('CSV', 'runs.csv');
    await expect.poll(() => read('runs.csv')).toMatch(/^simpo,131,[\d.]+,NaN,Infinity,/m);
    await save('SVG', 'runs.svg');
    await expect.poll(() => read('runs.svg')).toContain('</svg>');
  });

  it.each(themes)('looks as it should in %s', async (theme) => {
    await workbench.theme(theme);
    await workbench.shoot(`${theme.toLowerCase().replaceAll(' ', '-')}-run-comparison`);
    expect(await accessibilityProblems(view)).toEqual([]);
  });

  it('shows only the keys that differ', async () => {
    await tab('Config diff').click();
    const keys = view.getByRole('table', { name: 'Config diff' });
    await keys.getByRole('rowheader', { name: 'beta', exact: true }).waitFor();
    expect(await keys.innerText()).not.toMatch(/^seed/m);
    await workbench.shoot('run-comparison-config');
  });

  it('shows which pairs changed, and opens them in the editor by a filter', async () => {
    await tab('Config diff').focus();
    await workbench.press('ArrowRight');
    const second = view.locator('vscode-dropdown[aria-label="Second run"]');
    await second.click();
    await second.locator('vscode-option[value$="/dpo"]').click();
    await view.getByRole('button', { name: 'changed 1' }).waitFor({ timeout: patience });
    await workbench.shoot('run-comparison-pairs');
    expect(await accessibilityProblems(view)).toEqual([]);
    await view.getByRole('button', { name: 'Show changed pairs in the editor' }).click();
    const editor = await workbench.view('.pair-row', patience, 'Pairs of prefs.jsonl');
    await editor.locator('.counts', { hasText: /^1 of/ }).waitFor();
    await workbench.tab('Compare Runs').click();
    view = await workbench.view('.run-row .tick', patience, 'Compare Runs');
  });

  it('compares rewards pair by pair, with McNemar’s test, and samples side by side', async () => {
    await tab('Rewards diff').click();
    await view.locator('.sentence', { hasText: 'McNemar' }).waitFor({ timeout: patience });
    await view.getByText('pairs that both hold out').waitFor();
    await workbench.shoot('run-comparison-held-out');
    expect(await accessibilityProblems(view)).toEqual([]);
    const cell = view.getByRole('button', { name: /only dpo-cleaned is right: \d/ });
    const count = await cell.innerText();
    await cell.click();
    await view.getByRole('button', { name: 'Show in Editor' }).click();
    const editor = await workbench.view('.pair-row', patience, 'Pairs of prefs.jsonl');
    await editor.locator('.counts', { hasText: `${count} of` }).waitFor();
    await workbench.tab('Compare Runs').click();
    view = await workbench.view('.run-row .tick', patience, 'Compare Runs');
    await view.getByRole('button', { name: 'training pairs' }).click();
    await view.getByText('pairs that both trained on').waitFor();
    await view.locator('.margin-row .num.bad').first().waitFor();
    await workbench.shoot('run-comparison-rewards');
    expect(await accessibilityProblems(view)).toEqual([]);
    await view.getByRole('grid', { name: 'Pairs by the change of their margin' }).focus();
    await tab('Samples').click();
    await view.locator('.sample-pair mark').first().waitFor();
    await workbench.shoot('run-comparison-samples');
  });

  it('adds runs that TRL has logged, and takes them out again', async () => {
    await view.getByRole('button', { name: 'Other Runs…' }).click();
    await workbench.pick('trl-output');
    await row('trl-output').filter({ hasText: 'TRL' }).waitFor({ timeout: patience });
    await table().focus();
    await row('trl-output').locator('.tick').click();
    await shows('6 of 8 shown');
    await tab('Config diff').click();
    const keys = view.getByRole('table', { name: 'Config diff' });
    await keys.getByText('not stated').first().waitFor();
    await workbench.shoot('run-comparison-other-program');
    expect(await accessibilityProblems(view)).toEqual([]);
    await row('trl-output').click();
    await view.getByRole('button', { name: 'Take Out' }).click();
    await row('trl-output').waitFor({ state: 'detached' });
  });

  it('fits in 600 px', async () => {
    await tab('Curves').click();
    const size = must(workbench.page.viewportSize(), 'the size of the page');
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    await workbench.page.setViewportSize({ width: 648, height: 900 });
    await expect.poll(() => view.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await workbench.shoot('run-comparison-narrow');
    await workbench.page.setViewportSize(size);
  });
});
