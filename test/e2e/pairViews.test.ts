import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must } from '../../src/base/pure/must';
import { accessibilityProblems } from './accessible';
import { Workbench } from './driver';
import { themes } from './themes';

const patience = 120_000;
const steps = '--max_steps 24 --reward_steps 8 --per_device_train_batch_size 16'.split(' ');

/** Gives rows columns: a score that every third row lacks, as nothing or as a text, and stars. */
function giveScores(file: string): void {
  const rows = readFileSync(file, 'utf8').trim().split('\n');
  const scored = rows.map((line, i) => {
    const score = i % 6 === 2 ? null : i % 6 === 5 ? 'unsure' : (i * 37) % 101;
    return JSON.stringify({ ...(JSON.parse(line) as object), score, meta: { stars: 1 + (i % 5) } });
  });
  writeFileSync(file, `${scored.join('\n')}\n`);
}

describe('the views of a run’s pairs', () => {
  let workbench: Workbench;
  let run: Frame;
  const name = (text: string): string => text.toLowerCase().replaceAll(' ', '-');
  const filter = (): Locator => run.getByRole('combobox', { name: 'Filter' });
  const box = async (of: Locator): Promise<{ x: number; y: number; width: number; height: number }> =>
    must(await of.boundingBox(), 'a visible element');
  /** Drags over a part of an element: shares of its width and height. */
  const drag = async (of: Locator, from: readonly [number, number], to: readonly [number, number]): Promise<void> => {
    const { x, y, width, height } = await box(of);
    const at = ([across, down]: readonly [number, number]): [number, number] => [x + across * width, y + down * height];
    await workbench.page.mouse.move(...at(from));
    await workbench.page.mouse.down();
    await workbench.page.mouse.move(...at(to), { steps: 4 });
    await workbench.page.mouse.up();
  };
  /** Chooses an entry of a list by the mouse. */
  const choose = async (list: string, entry: string): Promise<void> => {
    const dropdown = run.locator(`vscode-dropdown[aria-label="${list}"]`);
    await dropdown.click();
    await dropdown.getByRole('option', { name: entry, exact: true }).click();
  };
  const shown = (): Locator => run.locator('.pair-counts', { hasText: /\d+ shown/ });

  beforeAll(async () => {
    workbench = await Workbench.open();
    giveScores(join(workbench.folder, 'prefs.jsonl'));
    await workbench.margin('train', 'sample.train.json', ...steps);
    await workbench.activity('Margin').click();
    await workbench.page.getByRole('treeitem', { name: /sample.*done/ }).click();
    await workbench.view('.chart canvas', patience);
    await workbench.command('Margin: Open Run in Editor');
    await workbench.page.locator('.tab.active', { hasText: 'sample' }).first().waitFor();
    await workbench.command('View: Hide Panel');
    run = await workbench.view('.chart canvas');
    await run.getByRole('tab', { name: 'Pairs' }).click();
    await run.locator('.pairs-row .bad').first().waitFor();
  });
  afterAll(() => workbench?.close());

  it('a row that is selected is marked in the histogram, ringed in the scatter, and has a trend', async () => {
    await run.locator('.pairs-row').nth(2).click();
    await run.locator('.trend-panel', { hasText: /Line \d+ over the run/ }).waitFor();
    await run.locator('.bin.selected').waitFor();
    expect(await run.locator('.trend-panel .dot.margins').count()).toBe(3);
  });

  it('the keyboard goes from bar to bar, and Enter filters by one; the filter says so', async () => {
    const histogram = run.getByRole('application', { name: /^Histogram of margin/ });
    await histogram.focus();
    await workbench.press('Home', 'Enter');
    await expect.poll(() => filter().inputValue()).toMatch(/^margin:</);
    await shown().waitFor();
    await run.getByRole('button', { name: 'show all' }).click();
    await shown().waitFor({ state: 'hidden' });
    expect(await filter().inputValue()).toBe('');
  });

  it('a drag over the histogram filters by the range of its bars', async () => {
    await drag(run.locator('.bins'), [0.2, 0.5], [0.4, 0.5]);
    await expect.poll(() => filter().inputValue()).toMatch(/^margin:\S+/);
    await shown().waitFor();
    await run.locator('.pairs > * .brush').waitFor();
    await filter().fill('margin:<0 bad:');
    await run.locator('.filter-error', { hasText: 'There is no field bad' }).waitFor();
    await filter().fill('');
    await shown().waitFor({ state: 'hidden' });
  });

  it('a drag over the scatter filters by both numbers, and a group by the course of the margin', async () => {
    await drag(run.locator('.scatter-plot'), [0.5, 0.2], [0.8, 0.9]);
    await expect.poll(() => filter().inputValue()).toMatch(/^margin:\S+\.\.\S+ gap\.tokens:\S+\.\.\S+$/);
    await shown().waitFor();
    await run.getByRole('button', { name: 'show all' }).click();
    await shown().waitFor({ state: 'hidden' });
    const group = run.getByRole('button', { name: /^never learnt \d+$/ });
    await group.click();
    await expect.poll(() => filter().inputValue()).toBe('group:never-learnt');
    const count = must(/\d+/.exec(await group.innerText())?.[0], 'a count');
    await shown()
      .filter({ hasText: `${count} shown` })
      .waitFor();
    await group.click();
    await shown().waitFor({ state: 'hidden' });
  });

  it('the keyboard goes from point to point of the scatter, and Enter selects the pair in all views', async () => {
    const scatter = run.getByRole('application', { name: /^margin over length gap, 602 pairs/ });
    await scatter.focus();
    await workbench.press('End', 'ArrowLeft');
    await run.locator('[aria-live]', { hasText: /^margin [+−]?[\d.]+, length gap/ }).waitFor({ state: 'attached' });
    await workbench.press('Enter');
    const row = run.locator('.pairs-row.selected > :nth-child(1)');
    await row.waitFor();
    await run.locator('.trend-panel', { hasText: `Line ${await row.innerText()} over the run` }).waitFor();
  });

  it('small charts show the pairs that changed most; a click selects the pair', async () => {
    await run.getByRole('button', { name: 'Most changed' }).click();
    await run.locator('.mover').first().waitFor();
    await workbench.shoot('pair-views-movers');
    const line = must(/\d+/.exec(await run.locator('.mover .mover-head').nth(1).innerText())?.[0], 'a line');
    await run.locator('.mover').nth(1).click();
    await run.locator('.trend-panel', { hasText: `Line ${line} over the run` }).waitFor();
    await run.getByRole('button', { name: 'Table' }).click();
    await run.locator('.pairs-row.selected > :nth-child(1)', { hasText: new RegExp(`^${line}$`) }).waitFor();
  });

  it('margins are compared with another step, and columns are chosen', async () => {
    await run.locator('.pairs-choices vscode-dropdown').nth(1).click();
    await run.locator('.pairs-choices vscode-dropdown').nth(1).locator('vscode-option', { hasText: 'step 8' }).click();
    await run.locator('.pairs-choices .selected-value').nth(1).filter({ hasText: 'step 8' }).waitFor();
    await run.getByRole('button', { name: 'Sort by Δ margin' }).click();
    await run.getByRole('button', { name: 'Sort by Δ margin' }).filter({ hasText: '▲' }).waitFor();
    await run.getByRole('button', { name: /^Columns/ }).click();
    await run.getByRole('menuitemcheckbox', { name: 'was' }).click();
    await run.getByRole('button', { name: 'Sort by was' }).waitFor({ state: 'detached' });
    await workbench.press('Escape');
    await run.getByRole('menu', { name: 'Columns' }).waitFor({ state: 'hidden' });
  });

  it('columns of the dataset are numbers as well: bars, axes, colours and groups', async () => {
    await choose('Number of the histogram', '.score');
    await run.getByRole('application', { name: /^Histogram of \.score, 602 pairs/ }).waitFor();
    const note = run.locator('.file-note');
    await note.getByText('.score: 402 of 602 pairs have a number').waitFor();
    expect(await note.innerText()).toContain('100 have nothing there, 100 have something that is not a number');
    await choose('Number of the horizontal axis', '.score');
    await choose('Number that colours the pairs', 'by .meta.stars');
    await run.getByRole('img', { name: 'Colours: .meta.stars from 1 to 5; grey: none' }).waitFor();
    const scatter = run.getByRole('application', { name: /^margin over \.score, 402 pairs/ });
    await scatter.focus();
    await workbench.press('Home');
    const said = /^margin [+−]?[\d.]+, \.score [\d.]+, \.meta\.stars \d$/;
    await run.locator('[aria-live]', { hasText: said }).waitFor({ state: 'attached' });
    await choose('What divides the pairs into groups', 'by .meta.stars');
    await run.getByRole('button', { name: /^5 12\d$/ }).click();
    await expect.poll(() => filter().inputValue()).toBe('.meta.stars:5');
    await run.getByRole('button', { name: /^5 12\d$/, pressed: true }).click();
    await shown().waitFor({ state: 'hidden' });
  });

  it('a column of the dataset sorts the table and filters it, and stays when the view is loaded again', async () => {
    await run.getByRole('button', { name: 'Sort by .score' }).click();
    await run.getByRole('button', { name: 'Sort by .score' }).filter({ hasText: '▲' }).waitFor();
    await filter().fill('.score:>50 margin:<0');
    await shown().waitFor();
    await run.getByRole('button', { name: 'show all' }).click();
    await shown().waitFor({ state: 'hidden' });
    const before = run;
    await workbench.command('Developer: Reload Webviews');
    await expect.poll(() => before.isDetached()).toBe(true);
    run = await workbench.view('.pairs-row');
    await run.getByRole('application', { name: /^Histogram of \.score, 602 pairs/ }).waitFor();
    await run.getByRole('application', { name: /^margin over \.score, 402 pairs/ }).waitFor();
  });

  it.each(themes)('in %s', async (theme) => {
    await workbench.theme(theme);
    await workbench.shoot(`${name(theme)}-pair-views`);
    expect(await accessibilityProblems(run)).toEqual([]);
  });

  it('at 600 pixels the charts are below each other', async () => {
    await workbench.theme('Dark Modern');
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    await workbench.page.setViewportSize({ width: 648, height: 900 });
    const [histogram, scatter] = [await box(run.locator('.histogram')), await box(run.locator('.scatter-plot'))];
    expect(scatter.y).toBeGreaterThan(histogram.y + histogram.height);
    await workbench.shoot('pair-views-narrow');
    await workbench.page.setViewportSize({ width: 1440, height: 900 });
  });

  it('Suspects… asks how to find labels that are probably wrong: by this run', async () => {
    await run.getByRole('button', { name: 'Suspects…' }).click();
    const list = workbench.page.locator('.quick-input-list');
    await list.getByText('The run of this file').waitFor();
    await workbench.press('Escape');
    await list.waitFor({ state: 'hidden' });
  });

  it('Export saves the shown pairs, and Show in Editor opens the dataset with the filter', async () => {
    await run.getByRole('button', { name: /below 0/ }).click();
    await shown().waitFor();
    const count = must(/(\d+) shown/.exec(await shown().innerText())?.[1], 'a count');
    await run.getByRole('button', { name: 'Export' }).click();
    const path = join(workbench.folder, 'below.csv');
    await workbench.saveAs(path, /sample-step-24\.csv/);
    await workbench.notification('below.csv is saved.');
    const [head = '', ...lines] = readFileSync(path, 'utf8').trim().split('\r\n');
    expect(head).toMatch(/^line,margin,.*,\.score,\.meta\.stars,key$/);
    expect(lines).toHaveLength(Number(count));
    await run.getByRole('button', { name: 'Show in Editor' }).click();
    const editor = await workbench.view('.pair-row', patience);
    await editor.locator('.counts', { hasText: new RegExp(`^${count} of 602 rows`) }).waitFor();
    expect(await editor.getByRole('combobox', { name: 'Filter' }).inputValue()).toBe('margin:<0');
    await workbench.shoot('pair-views-in-editor');
  });
});
