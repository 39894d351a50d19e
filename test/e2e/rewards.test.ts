import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must } from '../../src/base/pure/must';
import { Workbench } from './driver';
import { stepsDone } from './page';

const patience = 120_000;

describe('every pair’s reward, from the run to the pair and back', () => {
  let workbench: Workbench;
  let run: Frame;
  let editor: Frame;
  const numbers = async (view: Frame, cells: string): Promise<number[]> =>
    (await view.locator(cells).allInnerTexts()).map((text) => Number(text.replace('−', '-')));
  const margins = (): Promise<number[]> => numbers(run, '.pairs-row > :nth-child(6)');
  const listed = (): Promise<number[]> => numbers(editor, '.pair-row > :nth-child(4)');
  const isRising = (values: readonly number[]): boolean =>
    values.every((value, index) => index === 0 || value >= Number(values[index - 1]));
  const rising = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

  /** The line number in the editor's foot. */
  const shownLine = async (): Promise<string> =>
    must(/\d+/.exec(await editor.locator('.where').innerText())?.[0], 'the line of the pair');

  beforeAll(async () => {
    workbench = await Workbench.open();
    await workbench.margin('train', 'sample.train.json', '--max_steps', '12', '--per_device_train_batch_size', '32');
  });
  afterAll(() => workbench?.close());

  it('a run started at the command line is in the side bar; a click shows its curves', async () => {
    await workbench.activity('Margin').click();
    await workbench.page.getByRole('treeitem', { name: /sample.*done.*12\/12/ }).click();
    run = await workbench.view('.chart canvas', patience);
    await run.getByRole('status').getByText('done').waitFor();
  });

  it('the Pairs tab lists every pair, lowest margin first, and says once that the run starts as its reference', async () => {
    await run.getByRole('tab', { name: 'Pairs' }).click();
    await run.locator('.pairs-row .bad').first().waitFor();
    const shown = await margins();
    expect(shown.length).toBeGreaterThan(3);
    expect(shown).toEqual(rising(shown));
    await run.locator('.summary', { hasText: 'before training: reference' }).waitFor();
    expect(await run.getByRole('button', { name: 'Sort by was' }).count()).toBe(0);
    await workbench.shoot('run-pairs');
  });

  it('a click on a column sorts by it, a second click reverses the order', async () => {
    const chosen = (): Promise<number[]> => numbers(run, '.pairs-row > :nth-child(3)');
    const sort = run.getByRole('button', { name: 'Sort by chosen' });
    await sort.click();
    await sort.filter({ hasText: '▲' }).waitFor();
    // The rows are drawn one frame after the header.
    await expect.poll(async () => isRising(await chosen())).toBe(true);
    const up = await chosen();
    await sort.click();
    await sort.filter({ hasText: '▼' }).waitFor();
    await expect.poll(async () => isRising((await chosen()).toReversed())).toBe(true);
    const down = await chosen();
    expect(Math.max(...down)).toBeGreaterThan(Math.min(...up));
    await run.getByRole('button', { name: 'Sort by margin' }).click();
    await run.locator('.pairs-row .bad').first().waitFor();
  });

  it('a double click opens the pair in the editor, whose list shows the margins', async () => {
    const row = run.locator('.pairs-row').first();
    const line = await row.locator('> :nth-child(1)').innerText();
    const margin = await row.locator('> :nth-child(6)').innerText();
    // A person holds the button down for longer than a frame, in which the row is redrawn.
    await row.dblclick({ delay: 80 });
    editor = await workbench.view('.margin-line', patience);
    await editor.locator('.where', { hasText: new RegExp(`^Line ${line}\\b`) }).waitFor({ state: 'attached' });
    await editor.locator('.margin-line b', { hasText: margin }).waitFor();
    await workbench.shoot('pair-of-run');
  });

  it('Show Pair in Run selects the pair in the run', async () => {
    const line = await shownLine();
    await workbench.command('Margin: Next Pair');
    await editor.locator('.where', { hasNotText: new RegExp(`^Line ${line}\\b`) }).waitFor({ state: 'attached' });
    const next = await shownLine();
    await run.getByRole('tab', { name: 'Curves' }).click();
    await workbench.tab('prefs.jsonl').click();
    await workbench.command('Margin: Show Pair in Run');
    await run.locator('.pairs-row.selected > :nth-child(1)', { hasText: new RegExp(`^${next}$`) }).waitFor();
    await workbench.shoot('pair-in-run');
  });

  it('the editor’s list is sorted and filtered by margin', async () => {
    await editor.getByRole('button', { name: 'Sort by margin' }).click();
    await expect
      .poll(async () => (await listed()).length > 3 && (await listed()).join() === rising(await listed()).join())
      .toBe(true);
    await editor.getByRole('combobox', { name: 'Filter' }).fill('margin:<0');
    await editor.locator('.counts', { hasText: /^\d+ of 602 rows/ }).waitFor();
    expect((await listed()).every((margin) => margin < 0)).toBe(true);
    await workbench.shoot('pairs-by-margin');
    await editor.getByRole('button', { name: 'Show all rows' }).click();
    await editor.getByRole('combobox', { name: 'Filter' }).focus();
  });

  it('a swap exchanges the rewards too, and a second swap restores them', async () => {
    const head = (side: string): Promise<string> => editor.locator(`.column.${side} h2 .num`).last().innerText();
    await editor.locator('.pair-row').first().click();
    await editor.locator('.column.chosen h2', { hasText: 'tokens' }).waitFor();
    const before = [await head('chosen'), await head('rejected')];
    const margin = await editor.locator('.margin-line b').innerText();
    await workbench.press('s');
    await expect.poll(async () => [await head('rejected'), await head('chosen')]).toEqual(before);
    expect(await editor.locator('.margin-line b').innerText()).toBe(
      margin.startsWith('−') ? margin.replace('−', '+') : margin.replace('+', '−'),
    );
    await workbench.press('s');
    await expect.poll(async () => [await head('chosen'), await head('rejected')]).toEqual(before);
  });

  it('Score with Model… adds its rewards to those of the run', async () => {
    // The focus is in the filter: the palette's key still opens the palette.
    await workbench.command('Margin: Score with Model…');
    await workbench.page.getByPlaceholder('Which model scores?').waitFor();
    await workbench.shoot('score-1-policy');
    await workbench.pick('sample');
    const rewards = editor.getByRole('combobox', { name: 'Rewards', exact: true });
    await rewards
      .locator('vscode-option', { hasText: 'scored' })
      .first()
      .waitFor({ state: 'attached', timeout: patience });
    await rewards.click();
    await workbench.shoot('score-2-choice');
    await rewards.locator('vscode-option', { hasText: 'scored' }).first().click();
    await editor.locator('.margin-line', { hasNotText: 'was' }).waitFor();
    await workbench.shoot('score-3-shown');
    // Compared with the run: a scoring of the same checkpoint flips nothing.
    const compared = editor.getByRole('combobox', { name: 'Rewards to compare with' });
    await compared.click();
    await compared.locator('vscode-option', { hasText: 'step 12' }).first().click();
    await editor.locator('.margin-line', { hasText: 'since' }).waitFor();
    await workbench.shoot('score-4-compared');
    await editor.getByRole('combobox', { name: 'Filter' }).fill('flipped:no');
    await workbench.press('Enter');
    await editor.locator('.pair-row').first().waitFor();
    await workbench.shoot('score-5-not-flipped');
    await editor.getByRole('combobox', { name: 'Filter' }).fill('');
    await workbench.press('Enter');
    await expect.poll(async () => (await listed()).length).toBeGreaterThan(3);
  });

  it('the walkthrough, opened last, has every step complete', async () => {
    await workbench.command('Margin: Get Started');
    await expect
      .poll(() => stepsDone(workbench.page), { timeout: patience })
      .toEqual(['open', 'fix', 'train', 'watch', 'inspect']);
    await workbench.shoot('walkthrough-done');
  });
});
