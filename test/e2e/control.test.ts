import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from './accessible';
import { Workbench } from './driver';
import { themes } from './themes';

const patience = 120_000;

describe('runs are queued and swept by mouse and keyboard', () => {
  let workbench: Workbench;
  let view: Frame;
  const config = {
    model_name_or_path: 'model',
    train_file: 'prefs.jsonl',
    eval_file: 'heldout.jsonl',
    use_peft: true,
    per_device_train_batch_size: 2,
    max_steps: 3,
  };
  const item = (name: RegExp) => workbench.page.getByRole('treeitem', { name });
  const queue = async (...args: readonly string[]): Promise<string> =>
    workbench.margin('train', 'small.train.json', '--queue', ...args);

  /** Types into the input box with this question; another box may follow at once. */
  async function answer(question: string, text: string): Promise<void> {
    await workbench.page.locator('.quick-input-widget').getByText(question).waitFor();
    await workbench.quickInput.fill(text);
    await workbench.press('Enter');
  }

  beforeAll(async () => {
    workbench = await Workbench.open();
    writeFileSync(join(workbench.folder, 'small.train.json'), JSON.stringify(config));
    await workbench.activity('Margin').click();
  });
  afterAll(() => workbench?.close());

  it('the Runs view shows the queue; a button and a command move runs in it and take them out', async () => {
    const first = await queue('--run_name', 'first', '--max_steps', '1000000');
    await item(/^first.*running/).waitFor({ timeout: patience });
    await queue('--run_name', 'second');
    await queue('--run_name', 'third');
    await item(/^second, queued, 1 of 2/).waitFor({ timeout: patience });
    await item(/^third, queued, 2 of 2/).waitFor();
    await workbench.shoot('queue');
    await item(/^third/).hover();
    const up = item(/^third/).getByRole('button', { name: 'Move Run Up in Queue', includeHidden: true });
    const isFirst = (): Promise<boolean> =>
      item(/^third, queued, 1 of 2/)
        .waitFor({ timeout: 5000 })
        .then(
          () => true,
          () => false,
        );
    // A run that trains draws the list again and again, and the button with it. At the top, the button does nothing.
    await expect.poll(async () => (await up.dispatchEvent('click'), isFirst()), { timeout: patience }).toBe(true);
    await workbench.command('Margin: Take Run Out of Queue');
    await workbench.pick('second');
    await item(/^second, stopped/).waitFor();
    await item(/^third, queued, 1 of 1/).waitFor();
    await workbench.margin('runs', 'stop', first);
    await item(/^third, done/).waitFor({ timeout: patience });
  });

  it('Restore Run… brings a run of the trash back', async () => {
    const runs = join(workbench.folder, '.margin/runs');
    const name = readdirSync(runs).find((one) => one.includes('second')) ?? '';
    await workbench.margin('trash', 'add', join(runs, name));
    await item(/^second/).waitFor({ state: 'detached', timeout: patience });
    await workbench.command('Margin: Restore Run…');
    await workbench.pick(name);
    await item(/^second, stopped/).waitFor({ timeout: patience });
    expect(existsSync(join(runs, name, 'trashed.json'))).toBe(false);
  });

  it('Sweep… asks for a config, values and minutes, and trains the trials one after another', async () => {
    await workbench.command('Margin: Sweep…');
    await workbench.pick('small.train.json');
    await workbench.pick('Grid');
    await answer('Keys with their values', 'beta=0.05,0.5 learning_rate=1e-4,1e-2');
    await answer('Minutes of training', '');
    const dialog = workbench.page.locator('.monaco-dialog-box', { hasText: 'Train 4 runs, one after another?' });
    await dialog.waitFor({ timeout: patience });
    await dialog.getByRole('button', { name: 'Start' }).click();
    view = await workbench.view('.plot .trial', patience);
    await view.getByText('4 of 4 trials over').waitFor({ timeout: patience });
    await view.getByText(/^Best: trial \d, beta .*95 % interval/).waitFor();
    await workbench.shoot('sweep');
    const [name = ''] = readdirSync(join(workbench.folder, '.margin/sweeps'));
    const saved = JSON.parse(readFileSync(join(workbench.folder, '.margin/sweeps', name, 'sweep.json'), 'utf8')) as {
      trials: { state: string }[];
    };
    expect(saved.trials.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
  });

  it('keys on an axis choose the trials of a range, and the mouse does too', async () => {
    const axis = view.getByRole('slider', { name: 'beta: range' });
    await axis.focus();
    await workbench.press('ArrowUp');
    await view.getByText('2 of 4 trials').waitFor();
    expect(await axis.getAttribute('aria-valuetext')).toMatch(/to 0.5$/);
    await workbench.shoot('sweep-brushed');
    await workbench.press('Escape');
    await view.getByText(/^4 trials/).waitFor();
    const box = await view.getByRole('slider', { name: 'learning_rate: range' }).locator('.catch').boundingBox();
    if (!box) throw new Error('the axis is not visible');
    const x = box.x + box.width / 2;
    await workbench.page.mouse.move(x, box.y + box.height - 4);
    await workbench.page.mouse.down();
    await workbench.page.mouse.move(x, box.y + box.height / 2 + 30, { steps: 4 });
    await workbench.page.mouse.up();
    await view.getByText('2 of 4 trials').waitFor();
    await view.getByRole('button', { name: 'Clear the brushes' }).click();
    await view.getByText(/^4 trials/).waitFor();
  });

  it('the table sorts, and Enter opens the run of a trial', async () => {
    await view.getByTitle('Sort by learning_rate').click();
    await view.locator('tbody tr').first().click();
    await workbench.press('ArrowDown');
    await view.locator('tbody tr').nth(1).and(view.locator('.selected')).waitFor();
    expect(await accessibilityProblems(view)).toEqual([]);
    for (const theme of themes) {
      await workbench.theme(theme);
      await workbench.shoot(`sweep-${theme.replaceAll(' ', '-')}`);
    }
    await workbench.page.setViewportSize({ width: 600, height: 800 });
    await workbench.shoot('sweep-600');
    await view.locator('tbody tr.selected').click();
    await workbench.press('Enter');
    await workbench.tab('small').waitFor({ timeout: patience });
  });
});
