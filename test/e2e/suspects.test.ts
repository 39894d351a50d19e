import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, must } from '../../src/base/pure/must';
import { pairKey } from '../../src/jsonl/node/pairKey';
import { readPair } from '../../src/pairs/readPair';
import { detectAll } from '../../src/pairs/reading';
import { accessibilityProblems } from './accessible';
import { Workbench } from './driver';
import { themes } from './themes';

const patience = 60_000;
const lines = readFileSync('media/sample/prefs.jsonl', 'utf8').trimEnd().split('\n');
const { margins } = JSON.parse(readFileSync('test/golden/suspects/sample.json', 'utf8')) as {
  readonly margins: readonly (readonly (number | null)[])[];
};

/** The rewards of the sample under one of two real runs. */
function rewardsOf(run: number): string {
  const side = (reward: number): object => ({ logp: reward - 10, ref_logp: -10, reward, tokens: 5 });
  return lines
    .flatMap((line, row) => {
      const margin = at(at(margins, run), row);
      const read = readPair(line, detectAll);
      if (margin === null || read.kind !== 'pair') return [];
      return `${JSON.stringify({ row, line: row + 1, key: pairKey(read.pair), chosen: side(margin), rejected: side(0), margin })}\n`;
    })
    .join('');
}

describe('Find Wrong Labels…', () => {
  let workbench: Workbench;
  let view: Frame;
  const press = (...keys: string[]): Promise<void> => workbench.press(...keys);
  const says = (words: string | RegExp): Promise<void> => view.getByRole('status').filter({ hasText: words }).waitFor();
  const first = (): ReturnType<Frame['locator']> => view.locator('.list-row').first();
  const answer = (name: string): Promise<void> =>
    workbench.page.locator('.monaco-dialog-box').getByRole('button', { name, exact: true }).click();

  beforeAll(async () => {
    workbench = await Workbench.open({ settings: { 'margin.reviewer': 'ann' } });
    const scores = join(workbench.folder, '.margin', 'scores');
    mkdirSync(scores, { recursive: true });
    const files = [0, 1].map((run) => join(scores, `seed-${run + 1}.jsonl`));
    for (const [run, file] of files.entries()) writeFileSync(file, rewardsOf(run));
    await workbench.margin('suspects', 'prefs.jsonl', '--run', ...files, '--save');
    await workbench.activity('Margin').click();
    await workbench.openPairs('prefs.jsonl');
  });
  afterAll(() => workbench?.close());

  it('shows the noise, the suspects by probability, and the selected pair with its reasons', async () => {
    await workbench.command('Margin: Find Wrong Labels…');
    await workbench.pick('Show the last result');
    view = await workbench.view('.suspect-row.flipped', patience, 'Suspects of prefs.jsonl');
    await view.getByText('13 flipped · 14 ties · of 602 pairs').waitFor();
    await view.locator('.why', { hasText: 'The margin is below 0 in 2 of 2 measurements' }).waitFor();
    await view.getByLabel('margin from').first().waitFor();
    const planted = new Set(
      (JSON.parse(readFileSync('media/sample/planted.json', 'utf8')) as { flipped: number[] }).flipped,
    );
    const shown = await view.locator('.list-row > :first-child').allInnerTexts();
    expect(shown.slice(0, 8).every((line) => planted.has(Number(line)))).toBe(true);
    await workbench.shoot('suspects');
  });

  it('the head sorts, and the list shows only ties', async () => {
    await view.getByTitle('Sort by line').click();
    await first().filter({ hasText: /^25/ }).waitFor();
    await view.getByTitle('Sort by the probability').click();
    await view.getByTitle('Sort by the probability').filter({ hasText: '▲' }).waitFor();
    await view.getByTitle('Sort by the probability').click();
    await view.getByTitle('Sort by the probability').filter({ hasText: '▼' }).waitFor();
    await view.getByRole('combobox', { name: 'Show' }).click();
    await view.getByRole('option', { name: 'Ties', exact: true }).click();
    await first().filter({ hasText: 'tie' }).waitFor();
    await view.getByRole('combobox', { name: 'Show' }).click();
    await view.getByRole('option', { name: 'Flipped', exact: true }).click();
    await first().filter({ hasText: 'flipped' }).waitFor();
  });

  it('S swaps the answers, Ctrl+Z takes that back, O leaves the pair out, K keeps it', async () => {
    await view.locator('.list').focus();
    await press('ArrowDown', 'ArrowUp', 's');
    await says('The answers are exchanged');
    await view.getByText('12 flipped · 14 ties').waitFor();
    await press('Control+z');
    await says('Took back: Swap the answers of a suspect.');
    await view.getByText('13 flipped · 14 ties').waitFor();
    await press('o');
    await says('Training leaves 1 suspect out now');
    await view.locator('.list-row.out').waitFor();
    await press('Control+z');
    await says('Took back: Leave 1 suspect out of training.');
    await press('ArrowDown', 'k');
    await says('Marked the labels of 1 suspect as right');
    await view.locator('.list-row.kept').waitFor();
  });

  it('leaves all but the kept one out of training after a question, as one undo step of the editor', async () => {
    await view.getByRole('button', { name: 'Leave out of training…' }).click();
    await workbench.page.getByText('Leave 12 suspects out of training in prefs.jsonl?').waitFor();
    await answer('Go On');
    await says('Training leaves 12 suspects out now');
    await expect.poll(() => view.locator('.list-row.out').count()).toBeGreaterThan(3);
    await workbench.tab('prefs.jsonl').click();
    const pairs = await workbench.view('.pair-row');
    await pairs.locator('.pair-row').first().click();
    await press('Control+z');
    await workbench.tab('Suspects of prefs.jsonl').click();
    view = await workbench.view('.suspect-row.flipped', patience, 'Suspects of prefs.jsonl');
    await view.locator('.why').waitFor();
    await expect.poll(() => view.locator('.list-row.out').count()).toBe(0);
  });

  it('shows what the command line saves meanwhile', async () => {
    const one = join(workbench.folder, '.margin', 'scores', 'seed-1.jsonl');
    await workbench.margin('suspects', 'prefs.jsonl', '--run', one, '--save');
    await view.getByText('1 run · 1 measurement').waitFor();
  });

  it('looks right in four themes and in a narrow window', async () => {
    for (const theme of themes) {
      await workbench.theme(theme);
      await view.locator('.why').waitFor();
      await workbench.shoot(`suspects-${theme.toLowerCase().replaceAll(' ', '-')}`);
      expect(await accessibilityProblems(view)).toEqual([]);
    }
    for (const width of [900, 600]) {
      await workbench.page.setViewportSize({ width, height: 900 });
      await view.waitForFunction((most) => window.innerWidth < most, width);
      await workbench.shoot(`suspects-${width}`);
      expect(await view.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      // No button is lower than its row: no label wraps.
      const heights = await view.locator('.bar vscode-button').evaluateAll((all) => all.map((one) => one.clientHeight));
      expect(Math.max(...heights)).toBeLessThan(36);
    }
    await workbench.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('reviews the suspects in the pair editor, where a filter finds them and the row says why', async () => {
    await view.getByRole('button', { name: 'Review 13 suspects' }).click();
    const pairs = await workbench.view('.review .turns .text', patience, 'Pairs of prefs.jsonl');
    await pairs.getByTitle('suspected:flipped').waitFor();
    await press('Escape');
    await pairs.locator('.verdict-line.flipped', { hasText: 'The label is probably flipped' }).waitFor();
    await pairs.locator('.counts', { hasText: /^13 of/ }).waitFor();
    await workbench.shoot('suspects-review');
  });

  it('says what short runs would take before it trains them', async () => {
    await workbench.command('Margin: Find Wrong Labels…');
    // The edits were taken back one by one, so the file counts as changed.
    await answer('Save and Look');
    await workbench.pick('Train short runs with a model');
    await workbench.pick('model');
    const question = workbench.page.getByText(/Train 2 short runs on 602 rows\? It takes about/);
    await question.waitFor({ timeout: patience });
    must(await question.textContent(), 'the question');
    await answer('Cancel');
  });
});
