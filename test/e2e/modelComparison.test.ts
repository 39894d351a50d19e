import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must } from '../../src/base/pure/must';
import { pairKey } from '../../src/jsonl/node/pairKey';
import { readPair } from '../../src/pairs/readPair';
import { detectAll } from '../../src/pairs/reading';
import { accessibilityProblems } from './accessible';
import { Workbench } from './driver';
import { themes } from './themes';

const subsets = ['hep-go', 'hep-python', 'math-prm', 'donotanswer', 'alpacaeval-easy'];
const rows = Array.from({ length: 60 }, (_, i) => ({
  prompt: `Question number ${i + 1}: what is ${i} plus ${i}?`,
  chosen: `It is ${i + i}.`,
  rejected: 'Nobody knows.',
  subset: subsets[i % subsets.length],
  chosen_model: i % 3 === 0 ? 'human' : 'gpt-4',
}));
const judged = { prompt: 'One answer only', completion: 'Yes.', label: true };

/** A file of rewards with these margins. */
function rewards(margin: (i: number) => number): string {
  const side = (reward: number): object => ({ logp: -9 + 10 * reward, ref_logp: -9, reward, tokens: 5 });
  const lines = rows.map((row, i) => {
    const read = readPair(JSON.stringify(row), detectAll);
    const key = read.kind === 'pair' ? pairKey(read.pair) : '';
    return JSON.stringify({ row: i, line: i + 1, key, chosen: side(margin(i)), rejected: side(0), margin: margin(i) });
  });
  return `${lines.join('\n')}\n`;
}

describe('the comparison of models', () => {
  let workbench: Workbench;
  let view: Frame;
  const models = (): Promise<string> => view.getByRole('table', { name: 'Who prefers what' }).innerText();
  const listed = (text: string): Promise<void> => view.locator('.rated .bar', { hasText: text }).waitFor();

  beforeAll(async () => {
    workbench = await Workbench.open();
    const scores = join(workbench.folder, '.margin', 'scores');
    mkdirSync(scores, { recursive: true });
    const write = (name: string, margin: (i: number) => number): void =>
      writeFileSync(join(scores, `bench-${name}.jsonl`), rewards(margin));
    write('base-2026-11-25T044159', (i) => (i % 2 === 0 ? 0.2 + i / 100 : -0.1 - i / 100));
    write('tuned-2026-11-26T044159', (i) => (i % 6 === 1 ? -0.3 : 0.5 + i / 50));
    const lines = [...rows, judged].map((row) => JSON.stringify(row));
    writeFileSync(join(workbench.folder, 'bench.jsonl'), `${lines.join('\n')}\n`);
    await workbench.activity('Margin').click();
  });
  afterAll(() => workbench?.close());

  it('shows the numbers of margin compare: accuracy, intervals, RewardBench and McNemar’s test in words', async () => {
    await workbench.openPairs('bench.jsonl');
    await workbench.command('Margin: Compare Models…');
    view = await workbench.view('.duel .cell', 60_000, 'Models on bench.jsonl');
    const files = ['tuned-2026-11-26', 'base-2026-11-25'].map((name) => `.margin/scores/bench-${name}T044159.jsonl`);
    const printed = await workbench.margin(
      'compare',
      'bench.jsonl',
      '--rewards',
      ...files,
      '--name=tuned',
      '--name=base',
    );
    for (const name of ['tuned', 'base']) {
      const [, accuracy = '', interval = ''] =
        printed
          .split('\n')
          .find((line) => line.startsWith(name))
          ?.split(/ {2,}/) ?? [];
      const row = must(
        (await models()).split('\n').find((line) => line.startsWith(name)),
        'the row of a model',
      );
      expect(row).toContain(accuracy);
      expect(row).toContain(interval);
    }
    await view.locator('.sentence', { hasText: 'so tuned is better on these pairs.' }).waitFor();
    await view.getByText('Left out: 1 judged answer, which no other answer stands beside.').waitFor();
    const sections = await view.getByRole('table', { name: 'RewardBench' }).innerText();
    expect(sections).toMatch(/Safety\s+\d/);
    expect(await view.getByRole('table', { name: 'By subset' }).locator('tbody tr').count()).toBe(subsets.length);
    await listed('20 pairs:');
  });

  it('leads from a cell and a slice to their pairs, by keyboard too, and from a pair to the editor', async () => {
    await view.getByRole('button', { name: 'only tuned is right: 20 pairs' }).click();
    await listed('20 pairs: only tuned');
    await view.getByRole('button', { name: 'Show the pairs of hep-go' }).focus();
    await workbench.press('Enter');
    await listed('in hep-go');
    await view.getByRole('button', { name: 'All slices' }).click();
    await view.locator('.compared-head').getByRole('button', { name: 'line' }).click();
    await view.locator('.compared-row', { hasText: 'Question number 4:' }).waitFor();
    await view.getByRole('grid', { name: 'Pairs' }).focus();
    await workbench.press('Home', 'Enter');
    const editor = await workbench.view('.pair-row', 60_000, 'Pairs of bench.jsonl');
    await editor.locator('.where', { hasText: /^Line 4\b/ }).waitFor({ state: 'attached' });
    await workbench.tab('Models on bench.jsonl').click();
    view = await workbench.view('.duel .cell', 60_000, 'Models on bench.jsonl');
  });

  it('shows pairs in the editor, by a filter', async () => {
    await view.getByRole('button', { name: 'Show flips' }).click();
    await listed('20 pairs: tuned and base differ');
    await view.getByRole('button', { name: 'Show in Editor' }).click();
    const editor = await workbench.view('.pair-row', 60_000, 'Pairs of bench.jsonl');
    await editor.locator('.counts', { hasText: '20 of 61 rows' }).waitFor();
    await workbench.shoot('model-comparison-in-editor');
    await workbench.tab('Models on bench.jsonl').click();
    view = await workbench.view('.duel .cell', 60_000, 'Models on bench.jsonl');
  });

  it('divides the file by another column', async () => {
    const slices = view.locator('vscode-dropdown[aria-label="Divide by"]');
    await slices.click();
    await slices.locator('vscode-option[value="chosen_model"]').click();
    const table = view.getByRole('table', { name: 'By chosen_model' });
    await table.locator('tbody tr', { hasText: 'gpt-4' }).waitFor();
    expect(await table.innerText()).toMatch(/gpt-4\s+40.*human\s+20/s);
  });

  it.each(themes)('looks as it should in %s', async (theme) => {
    await workbench.theme(theme);
    await workbench.shoot(`${theme.toLowerCase().replaceAll(' ', '-')}-model-comparison`);
    expect(await accessibilityProblems(view)).toEqual([]);
  });

  it('fits in 600 px', async () => {
    const size = must(workbench.page.viewportSize(), 'the size of the page');
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    await workbench.page.setViewportSize({ width: 648, height: 900 });
    await expect.poll(() => view.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await workbench.shoot('model-comparison-narrow');
    await workbench.page.setViewportSize(size);
    await workbench.theme('Dark Modern');
  });

  it('saves a table as CSV', async () => {
    await view.getByRole('button', { name: 'Save as CSV: Who prefers what' }).click();
    await workbench.saveAs(join(workbench.folder, 'models.csv'), /bench-models-models\.csv$/);
    await expect
      .poll(() => readFileSync(join(workbench.folder, 'models.csv'), 'utf8'))
      .toMatch(/^model,pairs,accuracy,low,high,right,ties,mean_margin\r\ntuned,60,/);
  });

  it('scores the file with a model that has no reference, and compares mean log-probs then', async () => {
    await view.getByRole('button', { name: 'Score with a Model…' }).click();
    await workbench.pick('model');
    await view.locator('.source', { hasText: /^model$/ }).waitFor({ timeout: 120_000 });
    await view
      .locator('.note', { hasText: 'an answer’s value: mean log-prob of a token' })
      .waitFor({ timeout: 60_000 });
    await view.locator('.duels .option').nth(2).waitFor();
    await workbench.shoot('model-comparison-three');
    await view.locator('.duels .option').nth(1).click();
    await view.locator('.duels .option[aria-pressed=true]', { hasText: 'model' }).waitFor();
  });
});
