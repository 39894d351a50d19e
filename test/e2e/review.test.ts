import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, must } from '../../src/base/pure/must';
import type { Mark } from '../../src/pairs/marks/mark';
import { accessibilityProblems } from './accessible';
import { Workbench } from './driver';
import { themes } from './themes';

const pairs = 120;
const rows = Array.from({ length: pairs }, (_, i) => ({
  prompt: `Question number ${i + 1}: what is ${i} plus ${i}?`,
  chosen: `It is ${i + i}, because ${i} and ${i} make ${i + i}.`,
  rejected: `Nobody knows what ${i} plus ${i} is.`,
}));
/** One key for each of the first 100 pairs, and what it says. */
const keys = [
  ['1', 'keep', 3],
  ['2', 'keep', 1],
  ['3', 'tie', null],
  ['4', 'swap', 1],
  ['5', 'swap', 3],
  ['b', 'both_bad', null],
  ['k', 'keep', 2],
  ['s', 'swap', 2],
] as const;
const keyOf = (i: number): (typeof keys)[number] => at(keys, i % keys.length);

describe('pairs are reviewed by keyboard', () => {
  let workbench: Workbench;
  let view: Frame;
  const press = (...typed: string[]): Promise<void> => workbench.press(...typed);
  const marksFile = (): string => join(workbench.folder, 'many.marks.jsonl');
  const marks = (): Mark[] =>
    readFileSync(marksFile(), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Mark);
  const shows = (text: string): Promise<void> =>
    view.locator('.review .turns .text', { hasText: text }).waitFor({ timeout: 20_000 });
  const question = (number: number): Promise<void> => shows(`Question number ${number}:`);
  const facet = (name: string): Promise<string> =>
    view
      .locator('.facet', { has: view.getByText(name, { exact: true }) })
      .locator('.num')
      .innerText();

  beforeAll(async () => {
    workbench = await Workbench.open({ settings: { 'margin.reviewer': 'ann' } });
    writeFileSync(join(workbench.folder, 'many.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await workbench.activity('Margin').click();
    view = await workbench.openPairs('many.jsonl');
  });
  afterAll(() => workbench?.close());

  it('a button starts the review at the first pair', async () => {
    await view.getByRole('button', { name: 'Review' }).click();
    await question(1);
    await view.getByText('of 120').waitFor();
    expect(existsSync(marksFile())).toBe(false);
  });

  it('one key decides a pair and shows the next one', async () => {
    await view.evaluate(measureKeys);
    for (let i = 0; i < 100; i++) {
      await press(keyOf(i)[0]);
      await question(i + 2);
    }
    const times = (await view.evaluate(() => (globalThis as { keyTimes?: number[] }).keyTimes ?? [])).sort(
      (a, b) => a - b,
    );
    expect(times.length).toBe(100);
    const median = at(times, 50);
    console.log(`key to paint: median ${median.toFixed(0)} ms, 95 % under ${at(times, 95).toFixed(0)} ms`);
    // The aim is 50 ms on a machine that does nothing else.
    expect(median).toBeLessThan(500);
    await expect.poll(() => marks().length).toBe(100);
    for (const [i, mark] of marks().entries()) {
      const [, verdict, strength] = keyOf(i);
      expect(mark).toMatchObject({ kind: 'mark', verdict, strength, by: 'ann', first: 'chosen', blind: false });
    }
    expect(new Set(marks().map(({ key }) => key)).size).toBe(100);
    expect(await facet('unreviewed')).toBe('20');
    expect(await facet('swap')).toBe('37');
    await view.locator('.review-head', { hasText: /100\s*of 120 · \d+ s a pair · about/ }).waitFor();
    await workbench.shoot('review');
  });

  it('undo shows the last pair again and appends the state before', async () => {
    await press('Control+Z');
    await question(100);
    await expect.poll(() => marks().length).toBe(101);
    expect(marks().at(-1)).toMatchObject({ key: marks()[99]?.key, verdict: null });
    await press('u');
    await question(99);
    await press('2');
    await question(100);
    await press('3');
    await question(101);
  });

  it('a flag, a note, tags and a dimension stay with the pair; skip goes on without a verdict', async () => {
    await press('f');
    await view.locator('.verdict.flag.on').waitFor();
    await press('n');
    await view.locator('.said input').waitFor();
    await workbench.page.keyboard.type('check the 1, 2, 3');
    await press('Enter');
    await view.getByText('check the 1, 2, 3').waitFor();
    await press('t');
    await view.locator('.said input').waitFor();
    await workbench.page.keyboard.type('maths, sums');
    await press('Enter');
    await view.locator('.mark-tag', { hasText: 'sums' }).waitFor();
    await view.getByRole('radio', { name: 'helpful: right' }).click();
    await view.locator('.dot.on').waitFor();
    await question(101);
    await press('x');
    await question(102);
    await expect
      .poll(() => marks().at(-1))
      .toMatchObject({
        verdict: null,
        skipped: true,
        flag: true,
        note: 'check the 1, 2, 3',
        tags: ['maths', 'sums'],
        dimensions: { helpful: -1 },
      });
    expect(await facet('sums')).toBe('1');
  });

  it('an edited pair keeps its mark, also in the file when it is saved', async () => {
    await press('f');
    await view.locator('.verdict.flag.on').waitFor();
    const before = must(marks().at(-1), 'the mark');
    await press('e');
    await view.locator('.review textarea:visible').waitFor();
    await workbench.page.keyboard.type(' Quite so.');
    await press('Escape');
    await shows('Question number 102:');
    await view.locator('.column.chosen .text', { hasText: 'Quite so.' }).waitFor();
    await view.locator('.verdict.flag.on').waitFor();
    await press('Control+S');
    await expect.poll(() => readFileSync(join(workbench.folder, 'many.jsonl'), 'utf8')).toContain('Quite so.');
    await expect
      .poll(() => marks().at(-1))
      .toMatchObject({ kind: 'edit', key: before.key, action: 'Edit text', by: 'ann' });
    await press('1');
    await question(103);
    expect(marks().at(-1)).toMatchObject({ flag: true, verdict: 'keep' });
    expect(marks().at(-1)?.key).not.toBe(before.key);
  });

  it('a facet leads through its pairs, and Esc back to the list with its marks', async () => {
    await view.locator('.facet', { hasText: 'both bad' }).click();
    await question(6);
    await press('j');
    await question(14);
    await press('Escape');
    await view.locator('.pair-row').first().waitFor();
    await view.locator('.pair-row .codicon-check').first().waitFor();
    await view.locator('.pair-row .codicon-arrow-swap').first().waitFor();
    await workbench.notification(/Reviewed 10\d pairs: .* keep, .* swap, .* tie, .* both bad\./);
    await workbench.clearNotifications();
    await workbench.shoot('reviewed');
  });

  it('continues where the person left off, at the first pair without a verdict', async () => {
    await workbench.command('Margin: Review');
    await question(103);
  });

  it.each(themes)('looks as it should in %s', async (theme) => {
    await workbench.theme(theme);
    await question(103);
    await workbench.shoot(`${theme.toLowerCase().replaceAll(' ', '-')}-review`);
    expect(await accessibilityProblems(view)).toEqual([]);
  });

  it('fits into a narrow window', async () => {
    const size = must(workbench.page.viewportSize(), 'the size of the page');
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    await workbench.page.setViewportSize({ width: 648, height: 800 });
    await question(103);
    await workbench.shoot('review-narrow');
    expect(await view.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await workbench.page.setViewportSize(size);
  });

  it('blind, the sides are shuffled and unnamed, and each mark says which one was first', async () => {
    await workbench.theme('Dark Modern');
    await view.getByRole('button', { name: 'Blind: off' }).click();
    await view.getByText('blind: sides shuffled').waitFor();
    await workbench.shoot('review-blind');
    await press('k');
    await view.locator('.said', { hasText: 'Blind: use the keys 1 to 5.' }).waitFor();
    const before = marks().length;
    for (let i = 103; i < 111; i++) {
      await question(i);
      const shown = await view.locator('.review').innerText();
      expect(shown).not.toMatch(/chosen|rejected/i);
      const first = (await view.locator('.review .column').first().innerText()).includes('It is')
        ? 'chosen'
        : 'rejected';
      await press('2');
      await question(i + 1);
      await expect.poll(() => marks().length).toBe(before + i - 102);
      expect(marks().at(-1)).toMatchObject({ blind: true, first, verdict: first === 'chosen' ? 'keep' : 'swap' });
    }
    expect(
      new Set(
        marks()
          .slice(before)
          .map(({ first }) => first),
      ).size,
    ).toBe(2);
    await press('Escape');
    await workbench.notification('Of 8 blind verdicts for one answer, 8 were for the left one.');
    await workbench.clearNotifications();
  });

  it('marks are applied after a preview, as one undo step; the marks say the same of the new pairs', async () => {
    await view.locator('.pair-row').first().click();
    await workbench.command('Margin: Apply Marks…');
    await workbench.pick('Delete them');
    await workbench.pick('Write them as weight');
    const question = workbench.page.getByRole('dialog').filter({ hasText: 'Apply the marks to many.jsonl?' });
    await question.waitFor();
    const preview = await question.innerText();
    expect(preview).toMatch(
      /pairs are swapped\.\s+12 pairs with two bad answers are deleted\.\s+13 ties are deleted\./,
    );
    await workbench.shoot('apply-marks');
    await question.getByRole('button', { name: 'Apply' }).click();
    await view.locator('.counts', { hasText: /^95 rows/ }).waitFor();
    await expect.poll(() => view.locator('.pair-row .codicon-arrow-swap').count()).toBe(0);
    await press('Control+Z');
    await view.locator('.counts', { hasText: /^120 rows/ }).waitFor();
    await view.locator('.pair-row .codicon-arrow-swap').first().waitFor();
  });
});

/** Runs in the view: records the time from each key to the paint of the pair that it leads to. */
function measureKeys(): void {
  const times: number[] = [];
  Object.assign(globalThis, { keyTimes: times });
  let pressed = 0;
  window.addEventListener('keydown', (event) => (pressed = event.timeStamp), { capture: true });
  const pair = document.querySelector('.review .pair');
  if (!pair) return;
  new MutationObserver(() => {
    const from = pressed;
    if (from === 0) return;
    pressed = 0;
    // The frame is painted when the task after its animation callbacks runs.
    requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - from)));
  }).observe(pair, { childList: true });
}
