import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mostExamples } from '../../src/protocol/tokenRewards';
import { accessibilityProblems } from './accessible';
import { Workbench } from './driver';
import { themes } from './themes';

const patience = 120_000;
/** Tokens of each answer of a long pair: 4,000 together. */
const long = 2000;

/** A file of rewards with one long pair, and the pairs of test/golden/token-rewards.jsonl. */
function longRewards(): string {
  const numbers = (of: (i: number) => number): number[] => Array.from({ length: long }, (_, i) => of(i));
  const idsOf = (first: number): number[] => numbers((i) => (i < 40 ? i % 7 : (i * 13 + first) % 500));
  const side = (first: number) => ({
    logp: 0,
    ref_logp: 0,
    reward: 0,
    tokens: long,
    ids: idsOf(first),
    logps: numbers((i) => -1.5 + Math.cos(i) / 4 + (i === 0 ? first : 0)),
    ref_logps: numbers(() => -1.5),
    texts: idsOf(first).map((id) => (id === 49 ? '\n' : ` word${id}`)),
  });
  const pair = {
    row: 0,
    line: 1,
    key: 'ffffffffffffffff',
    beta: 0.1,
    chosen: side(2),
    rejected: side(-1),
    margin: 0.3,
  };
  return `${JSON.stringify(pair)}\n${readFileSync('test/golden/token-rewards.jsonl', 'utf8')}`;
}

describe('the rewards of the tokens of a pair', () => {
  let workbench: Workbench;
  let run: Frame;
  let view: Frame;
  const number = (text: string): number => Number(/[+−]?[\d.]+/.exec(text)?.[0].replace('−', '-'));

  beforeAll(async () => {
    workbench = await Workbench.open();
    const steps = ['--max_steps', '12', '--save_steps', '6', '--per_device_train_batch_size', '32'];
    await workbench.margin('train', 'sample.train.json', ...steps);
    const scores = join(workbench.folder, '.margin', 'scores');
    mkdirSync(scores, { recursive: true });
    writeFileSync(join(scores, 'long.jsonl'), longRewards());
  });
  afterAll(() => workbench?.close());

  it('T in the run’s Pairs tab opens the model once, and shows both answers as heat', async () => {
    await workbench.activity('Margin').click();
    await workbench.page.getByRole('treeitem', { name: /sample.*done.*12\/12/ }).click();
    run = await workbench.view('.chart canvas', patience);
    await run.getByRole('tab', { name: 'Pairs' }).click();
    await run.locator('.pairs-row .num').first().waitFor();
    const row = run.locator('.pairs-row').first();
    const margin = number(await row.locator('> :nth-child(6)').innerText());
    await row.click();
    await run.locator('.pairs-row.selected').waitFor();
    await workbench.press('t');
    view = await workbench.view('.heat .tok', patience, 'Token Rewards');
    expect(Math.abs(number(await view.locator('.head .num').last().innerText()) - margin)).toBeLessThan(0.006);
    expect(await view.locator('.heat').count()).toBe(2);
    await view.locator('.heat .tok.special', { hasText: '<|im_end|>' }).first().waitFor();
    await view.locator('.parting', { hasText: /^the answers part at token \d+$/ }).waitFor();
    await view.locator('.sums canvas').waitFor();
  });

  it('the rewards of the tokens add up to the reward of the answer', async () => {
    await view.getByRole('button', { name: 'table' }).click();
    for (const [i, side] of ['chosen', 'rejected'].entries()) {
      const cells = await view.locator('table').nth(i).locator('td:nth-child(3)').allInnerTexts();
      const sum = cells.map(number).reduce((a, b) => a + b, 0);
      const shown = number(await view.locator(`h2.${side} .num`).innerText());
      // Each cell is rounded to 4 decimals, the sum to 3.
      expect(Math.abs(sum - shown)).toBeLessThan(0.0005 + cells.length * 0.00005);
    }
    await workbench.shoot('token-rewards-table');
    await view.getByRole('button', { name: 'table' }).click();
  });

  it('another checkpoint of the run scores the same pair', async () => {
    const margin = view.locator('.head .num').last();
    const last = await margin.innerText();
    const steps = view.locator('.head vscode-dropdown');
    await steps.click();
    await steps.locator('vscode-option[value="6"]').click();
    await expect.poll(() => margin.innerText()).not.toBe(last);
    await steps.click();
    await steps.locator('vscode-option[value="12"]').click();
    await expect.poll(() => margin.innerText()).toBe(last);
    await view.locator('.heat .tok').first().waitFor();
  });

  it('arrow keys move from token to token, with the values of base and tuned model', async () => {
    const tokens = view.getByRole('listbox', { name: /^Chosen: \d+ tokens, reward/ }).getByRole('option');
    await tokens.first().click();
    await workbench.press('ArrowRight', 'ArrowRight');
    await expect.poll(() => tokens.nth(2).evaluate((token) => token === document.activeElement)).toBe(true);
    expect(await tokens.nth(2).getAttribute('aria-label')).toMatch(
      /, token 3: reward [+−]?[\d.]+, log-prob −[\d.]+, reference −[\d.]+$/,
    );
    await view.locator('.detail', { hasText: /token 3.*reward.*tuned.*%.*base.*%.*change.*nats/s }).waitFor();
    await workbench.press('End');
    await expect.poll(() => tokens.last().evaluate((token) => token === document.activeElement)).toBe(true);
    await workbench.press('Home');
  });

  it('base beside tuned are two heats of log-probs of each answer, with the mark of the same token', async () => {
    const models = view.getByRole('button', { name: 'base beside tuned' });
    await models.focus();
    await workbench.press('Enter');
    await view.locator('button[aria-pressed=true]', { hasText: 'base beside tuned' }).waitFor();
    await expect.poll(() => view.locator('.heat').count()).toBe(6);
    const base = view.getByRole('listbox', { name: 'Chosen: log-probs of the base model' }).getByRole('option');
    await base.nth(2).click();
    await expect.poll(() => view.locator('.heat .tok.marked').count()).toBe(3);
    await view.locator('.detail', { hasText: /token 3/ }).waitFor();
  });

  it.each(themes)('looks as it should in %s', async (theme) => {
    await workbench.theme(theme);
    await view.locator('.heat .tok').first().hover();
    await workbench.shoot(`${theme.toLowerCase().replaceAll(' ', '-')}-token-rewards`);
    expect(await accessibilityProblems(view)).toEqual([]);
  });

  it('fits in 600 px', async () => {
    const { page } = workbench;
    const size = page.viewportSize();
    await page.setViewportSize({ width: 600, height: 900 });
    await workbench.shoot('token-rewards-600');
    const wide = await view.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    expect(wide).toBe(false);
    if (size) await page.setViewportSize(size);
    await view.getByRole('button', { name: 'base beside tuned' }).click();
    await view.locator('button[aria-pressed=false]', { hasText: 'base beside tuned' }).waitFor();
  });

  it('Show Token Rewards… shows a file of margin score --per_token, also a pair of 4,000 tokens', async () => {
    await workbench.command('Margin: Show Token Rewards…');
    await workbench.pick('long.jsonl');
    await view.locator('.head', { hasText: 'long.jsonl' }).waitFor();
    await expect.poll(() => view.locator('.heat .tok').count()).toBe(2 * long);
    await view.locator('.parting', { hasText: 'the answers part at token 41' }).waitFor();
    const times = await view.evaluate(() =>
      performance.getEntriesByName('margin.tokenRewards.draw').map(({ duration }) => Math.round(duration)),
    );
    console.log(`Drawn in ${times.join(', ')} ms; the last pair has ${2 * long} tokens.`);
    await workbench.shoot('token-rewards-long');
    await view.getByRole('button', { name: 'Next pair' }).click();
    await view.locator('.head', { hasText: '2 of 4' }).waitFor();
  });

  it('All tokens lists the most rewarded and most punished tokens, and an example leads to its place', async () => {
    await view.getByRole('button', { name: 'All tokens' }).click();
    const rewarded = view.getByRole('table', { name: 'Most rewarded' }).locator('tbody tr');
    await rewarded.first().waitFor();
    const counts = (await rewarded.locator('td:nth-child(2)').allInnerTexts()).map(number);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(5);
    await view.getByRole('button', { name: 'by sum' }).click();
    await view.locator('button[aria-pressed=true]', { hasText: 'by sum' }).waitFor();
    await workbench.shoot('token-rewards-set');
    expect(await accessibilityProblems(view)).toEqual([]);
    const token = rewarded.first().locator('.token-button');
    await token.focus();
    await workbench.press('Enter');
    const places = view.locator('.place-list .example');
    await places.first().waitFor();
    const count = number(await rewarded.first().locator('td:nth-child(2)').innerText());
    expect(await places.count()).toBe(Math.min(count, mostExamples));
    await workbench.shoot('token-rewards-places');
    expect(await token.getAttribute('aria-expanded')).toBe('true');
    await places.last().click();
    await view.locator('.heat .tok:focus').waitFor();
  });

  it('the selected pair of the editor is scored by a run of its dataset', async () => {
    const editor = await workbench.openPairs('prefs.jsonl');
    await editor.locator('.pair-row').nth(3).click();
    await editor.locator('.where', { hasText: /^Line 4\b/ }).waitFor({ state: 'attached' });
    await workbench.command('Margin: Show Token Rewards…');
    await workbench.shoot('token-rewards-choice');
    await workbench.pick('sample');
    // The editor had hidden the view, so VS Code makes its page again.
    view = await workbench.view('.heat .tok', patience, 'Token Rewards');
    await view.locator('.head', { hasText: 'line 4' }).waitFor({ timeout: patience });
    await view.getByRole('button', { name: 'Open pair' }).click();
    const again = await workbench.view('.pair-row', patience);
    await again.locator('.where', { hasText: /^Line 4\b/ }).waitFor({ state: 'attached' });
  });

  it('Score all pairs… scores the dataset of the run token by token, and shows its file', async () => {
    await workbench.tab('Token Rewards').click();
    view = await workbench.view('.heat .tok', patience, 'Token Rewards');
    await view.getByRole('button', { name: 'Score all pairs…' }).click();
    await view.locator('.head', { hasText: /prefs-sample-step-12-.*\.jsonl/ }).waitFor({ timeout: patience });
    await view.getByRole('button', { name: 'All tokens' }).click();
    await view.getByRole('table', { name: 'Most punished' }).locator('tbody tr').nth(10).waitFor();
    await workbench.shoot('token-rewards-all');
  });
});
