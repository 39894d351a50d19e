import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must } from '../../src/base/pure/must';
import { pairKey } from '../../src/jsonl/node/pairKey';
import { type Mark, newMark, type Verdict } from '../../src/pairs/marks/mark';
import { markLine } from '../../src/pairs/marks/markLines';
import { readPair } from '../../src/pairs/readPair';
import { detectAll } from '../../src/pairs/reading';
import { accessibilityProblems } from './accessible';
import { Workbench } from './driver';
import { themes } from './themes';

const rows = Array.from({ length: 40 }, (_, i) => ({
  prompt: `Question number ${i + 1}: what is ${i} plus ${i}?`,
  chosen: `It is ${i + i}, because ${i} and ${i} make ${i + i}.`,
  rejected: `Nobody knows what ${i} plus ${i} is.`,
}));
const keys = rows.map((row) => {
  const read = readPair(JSON.stringify(row), detectAll);
  return read.kind === 'pair' ? pairKey(read.pair) : '';
});

/** The marks of a reviewer who swaps each pair that a function names, blind, with the sides in turn. */
function marksOf(by: string, swaps: (i: number) => boolean): string {
  const lines = keys.map((key, i) => {
    const first = i % 2 === 0 ? 'chosen' : 'rejected';
    const verdict: Verdict = swaps(i) ? 'swap' : 'keep';
    const at = new Date(Date.UTC(2026, 10, 1) + 9000 * i).toISOString();
    return markLine({ ...newMark(key, by), verdict, blind: true, first, dimensions: { helpful: i % 3 }, at });
  });
  return `${lines.join('\n')}\n`;
}

describe('the agreement of reviewers', () => {
  let workbench: Workbench;
  let view: Frame;
  const sentence = (text: string): Promise<void> => view.locator('.sentence', { hasText: text }).waitFor();
  const decisions = (): Mark[] =>
    readFileSync(join(workbench.folder, 'many.marks.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Mark)
      .filter(({ adjudicates }) => adjudicates);

  beforeAll(async () => {
    workbench = await Workbench.open({ settings: { 'margin.reviewer': 'cyd' } });
    const write = (name: string, text: string): void => writeFileSync(join(workbench.folder, name), text);
    write('many.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    write(
      'many.anna.marks.jsonl',
      marksOf('anna', (i) => i % 4 === 0),
    );
    write(
      'many.ben.marks.jsonl',
      marksOf('ben', (i) => i % 4 === 0 || i % 10 === 3),
    );
    await workbench.activity('Margin').click();
  });
  afterAll(() => workbench?.close());

  it('is shown in words, figures and a confusion table, with bias and pace of each reviewer', async () => {
    await workbench.openPairs('many.jsonl');
    await workbench.command('Margin: Show Agreement…');
    view = await workbench.view('.confusion .cell');
    await sentence('Both annotators gave the same label to 36 of 40 rows with two labels (90 %).');
    expect(await view.locator('.figures').first().innerText()).toMatch(/Krippendorff’s α\s+0\.7/);
    expect(await view.locator('.block', { hasText: 'Reviewers' }).innerText()).toMatch(/anna\s+40\s+9\.0\s+25 % of 40/);
    await view.locator('.rated .bar', { hasText: '4 rows of disagreement on verdict' }).waitFor();
  });

  it('leads from a cell to its rows, by keyboard too', async () => {
    await view.getByRole('button', { name: 'anna swap, ben swap: 10 rows' }).click();
    await view.locator('.rated .bar', { hasText: '10 rows: anna swap, ben swap' }).waitFor();
    await workbench.press('ArrowDown', 'Enter');
    await view.locator('.rated .bar', { hasText: '4 rows: anna keep, ben swap' }).waitFor();
    await view.locator('.rated-row', { hasText: 'Question number 4:' }).waitFor();
    await view.getByRole('button', { name: 'helpful' }).click();
    await sentence('Both annotators gave the same label to 40 of 40 rows');
    await view.getByRole('button', { name: 'verdict' }).click();
    await view.locator('.rated .bar', { hasText: '4 rows of disagreement on verdict' }).waitFor();
  });

  it.each(themes)('looks as it should in %s', async (theme) => {
    await workbench.theme(theme);
    await workbench.shoot(`${theme.toLowerCase().replaceAll(' ', '-')}-agreement`);
    expect(await accessibilityProblems(view)).toEqual([]);
  });

  it('fits into a narrow window', async () => {
    const size = must(workbench.page.viewportSize(), 'the size of the page');
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    await workbench.page.setViewportSize({ width: 648, height: 800 });
    await expect.poll(() => view.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await workbench.shoot('agreement-narrow');
    await workbench.page.setViewportSize(size);
    await workbench.theme('Dark Modern');
  });

  it('is adjudicated in the review, which shows who said what; the decision is a mark of its own', async () => {
    await view.getByRole('button', { name: 'Adjudicate 4' }).click();
    const review = await workbench.view('.reviewing .opinions:not([hidden])');
    await review.locator('.review .turns .text', { hasText: 'Question number 4:' }).waitFor();
    await review.locator('.opinions', { hasText: /anna keep\s*ben swap/ }).waitFor();
    await workbench.shoot('adjudicate');
    await workbench.press('4');
    await review.locator('.review .turns .text', { hasText: 'Question number 14:' }).waitFor();
    await expect.poll(() => decisions().length).toBe(1);
    expect(decisions()[0]).toMatchObject({ key: keys[3], verdict: 'swap', by: 'cyd', adjudicates: true });
  });

  it('hides who said what from a person who decides blind, until then', async () => {
    const review = await workbench.view('.reviewing .opinions');
    await review.getByRole('button', { name: 'Blind: off' }).click();
    await review.locator('.opinions', { hasText: 'Who said what is hidden until you decide.' }).waitFor();
    await workbench.press('1');
    await review.locator('.opinions', { hasText: /anna (left|right)/ }).waitFor();
    await workbench.shoot('adjudicate-blind');
    await workbench.press('j');
    await review.locator('.review .turns .text', { hasText: 'Question number 24:' }).waitFor();
    await workbench.press('Escape');
    await workbench.tab('Agreement: many.jsonl').click();
    view = await workbench.view('.confusion .cell');
    await view.getByText('2 of these decided').waitFor();
    await view.getByRole('button', { name: 'Adjudicate 2' }).waitFor();
    // The decisions are nobody's labels.
    await sentence('Both annotators gave the same label to 36 of 40 rows');
  });
});
